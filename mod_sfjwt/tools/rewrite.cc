// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/input.h"
#include "mod_sfjwt/tools/option_checks.h"
#include "mod_sfjwt/tools/section_options.h"

namespace sfjwt::tools {
namespace {

struct RewriteOptions {
  std::vector<std::string> wsdls;
  DocumentLimits limits;
  std::string token;
  std::string token_file;
  std::string file;
};

Result<Secret, Problem> token_of(const RewriteOptions& options) {
  if (options.token.empty() && options.token_file.empty()) {
    return Unexpected{Problem{Exit::wrong_usage, "one of --token and --token-file is required"}};
  }
  if (options.token_file.empty() && options.token != "-") {
    if (const auto checked = check_secret(options.token); !checked) {
      return Unexpected{Problem{Exit::wrong_usage, "--token: the token " + checked.error()}};
    }
    return Secret(options.token);
  }
  auto token = read_secret(options.token_file.empty() ? options.token : options.token_file);
  if (!token) return Unexpected{Problem{Exit::failed, token.error()}};
  return *std::move(token);
}

// Does what the gateway does between accepting a request and passing it to mod_proxy.
int write_rewritten(const RewriteOptions& options, const soap::Catalog& catalog, const Secret& token) {
  const auto message = read_message(options.file, options.limits.bytes);
  if (!message) return failure(message.error());
  const auto envelope = soap::read_envelope(*message, catalog, options.limits.xml);
  if (!envelope)
    return failure(options.file + ": " +
                   gateway::refusal_of(envelope.error(), catalog, gateway::kSalesforce).message);
  if (!envelope->operation->session_header) {
    return failure(options.file + ": operation " + envelope->operation->name + " does not take a session");
  }
  const gateway::RewrittenBody rewritten(*message, *envelope, token);
  for (const std::string_view piece : rewritten.pieces()) std::cout << piece;
  return Exit::all_well;
}

int rewrite(const RewriteOptions& options) {
  const auto token = token_of(options);
  if (!token) return report(token.error());
  const auto catalog = read_catalog(options.wsdls, {schema::Mode::structure, schema::Relaxations::all()});
  if (!catalog) return report(catalog.error());
  return write_rewritten(options, **catalog, *token);
}

}  // namespace

void add_rewrite(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<RewriteOptions>();
  CLI::App& command = *program.add_subcommand(
      "rewrite", "Write a request to standard output as the gateway would send it to Salesforce");
  add_wsdls(command, options->wsdls);
  CLI::Option* token = command
                           .add_option("--token", options->token,
                                       "Token, or - to read it from standard input (all users of the machine "
                                       "can see the command line)")
                           ->type_name("TOKEN");
  command.add_option("--token-file", options->token_file, "Read the token from the only line of a file")
      ->check(checked(check_not_empty))
      ->excludes(token)
      ->type_name("FILE");
  add_limits(command, options->limits);
  add_file(command, options->file, "Request, optionally compressed with gzip");
  command.callback([options, &chosen] { chosen = [options] { return rewrite(*options); }; });
}

}  // namespace sfjwt::tools
