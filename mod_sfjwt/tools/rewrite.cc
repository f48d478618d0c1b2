// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/tools/catalog_files.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/input.h"

namespace sfjwt::tools {
namespace {

constexpr Option kOptions[] = {
    {Option::required_repeated, "wsdl"}, {Option::optional, "token"}, {Option::optional, "token-file"}};

Result<Secret, std::string> token_of(const Arguments& arguments) {
  if (arguments.has("token-file")) return read_secret(arguments.value("token-file"));
  if (arguments.value("token") == "-") return read_secret("-");
  return Secret(arguments.value("token"));
}

// The same that the gateway does between accepting a request and handing it to mod_proxy.
int write_rewritten(const std::string& file, const soap::Catalog& catalog, const Secret& token) {
  const auto message = read_input(file);
  if (!message) return failure(message.error());
  const auto envelope = soap::read_envelope(*message, catalog, soap::Limits{});
  if (!envelope) return failure(file + ": " + gateway::refusal_of(envelope.error()).message);
  if (!envelope->operation->session_header) {
    return failure(file + ": operation " + envelope->operation->name + " takes no session");
  }
  const gateway::RewrittenBody rewritten(*message, *envelope, token);
  for (const std::string_view piece : rewritten.pieces()) std::cout << piece;
  return Exit::all_well;
}

int rewrite(const Arguments& arguments) {
  if (arguments.has("token") == arguments.has("token-file")) {
    return usage_error("one of --token and --token-file is needed");
  }
  const std::string& file = arguments.operands().front();
  if (file == "-" && (arguments.value("token") == "-" || arguments.value("token-file") == "-")) {
    return usage_error("token and request cannot both come from standard input");
  }
  const auto catalog = read_catalog(arguments.values("wsdl"), soap::Mode::structure);
  if (!catalog) return failure(catalog.error());
  const auto token = token_of(arguments);
  if (!token) return failure(token.error());
  if (token->empty()) return usage_error("the token is empty");
  return write_rewritten(file, **catalog, *token);
}

}  // namespace

const Command kRewrite = {
    "rewrite",
    "--wsdl WSDL... (--token TOKEN | --token-file FILE) FILE",
    "Writes a request as the gateway would send it to Salesforce, byte for byte: with the\n"
    "token in place of what its sessionId holds. A FILE of - is standard input.\n"
    "\n"
    "  --wsdl WSDL         a WSDL the gateway serves; may be given several times\n"
    "  --token TOKEN       the token; everybody on this machine can see a command line, so a\n"
    "                      real one is better read from standard input: --token -\n"
    "  --token-file FILE   reads the token from a file\n",
    kOptions,
    1,
    1,
    rewrite};

}  // namespace sfjwt::tools
