// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/identity.h"

namespace sfjwt::tools {
namespace {

int print_assertion(const IdentityOptions& options) {
  const auto identity = read_identity(options);
  if (!identity) return report(identity.error());
  const auto assertion =
      oauth::signed_assertion(identity->client, identity->subject, identity->key, SystemClock().now());
  if (!assertion) return failure("no assertion could be made: " + assertion.error());
  std::cout << assertion->reveal() << '\n';
  return Exit::all_well;
}

}  // namespace

void add_assert(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<IdentityOptions>();
  CLI::App& command = *program.add_subcommand("assert",
                                              "Prints the signed assertion with which the gateway asks for a "
                                              "token; until it expires, whoever has it can "
                                              "be that user.");
  add_identity(command, *options);
  command.callback([options, &chosen] { chosen = [options] { return print_assertion(*options); }; });
}

}  // namespace sfjwt::tools
