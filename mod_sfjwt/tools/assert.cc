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
  if (!assertion) return failure("cannot create the assertion: " + assertion.error());
  std::cout << assertion->reveal() << '\n';
  return Exit::all_well;
}

}  // namespace

void add_assert(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<IdentityOptions>();
  CLI::App& command = *program.add_subcommand(
      "assert",
      "Print the signed assertion that the gateway would send to request a token (treat it like a password: "
      "until it expires, anyone who has it can act as the user)");
  add_identity(command, *options);
  command.callback([options, &chosen] { chosen = [options] { return print_assertion(*options); }; });
}

}  // namespace sfjwt::tools
