// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/login/login_checks.h"

#include <algorithm>

#include "mod_sfjwt/httpd/config/access_checks.h"
#include "mod_sfjwt/httpd/config/config_tree.h"

namespace sfjwt::httpd {
namespace {

using Kind = gateway::AllowRule::Kind;

bool by_caller(const Settings& settings) {
  return has_login(settings) && (*settings.login)->front() == "caller";
}

bool only_by_login(const Settings& settings) {
  if (!settings.allow) return false;
  const auto& rules = **settings.allow;
  return !rules.empty() && std::all_of(rules.begin(), rules.end(), [](const gateway::AllowRule& rule) {
    return rule.kind == Kind::login;
  });
}

// Why the gateway can answer no login by these WSDLs.
std::optional<std::string> wsdl_error(const soap::Catalog& catalog) {
  std::string problem = "none of the section's has it";
  for (const soap::Wsdl& wsdl : catalog.wsdls()) {
    if (wsdl.login) return {};
    if (!wsdl.login_problem.empty())
      problem = "the one in " + wsdl.file + " cannot be answered: " + wsdl.login_problem;
  }
  return "SFJwtLogin needs a WSDL that has the operation login, such as the partner WSDL up to version "
         "64.0; " +
         problem;
}

}  // namespace

bool has_login(const Settings& settings) {
  return settings.login && !(*settings.login)->empty();
}

ConfigErrors login_errors(const RegisteredSection& section, const server_rec& server,
                          const Settings& settings, const soap::Catalog& catalog) {
  ConfigErrors errors;
  if (!has_login(settings)) {
    if (only_by_login(settings))
      errors.push_back("SFJwtAllowSubject login admits nobody without SFJwtLogin; add it, or another rule");
    return errors;
  }
  if (auto error = wsdl_error(catalog)) errors.push_back(*std::move(error));
  if (!by_caller(settings) && settings.subject_expression.value_or(nullptr))
    errors.push_back(
        "SFJwtLogin with providers takes the user from the login, and SFJwtSubject from an expression: "
        "remove SFJwtSubject, or use SFJwtLogin caller");
  if (by_caller(settings) && !authenticates_callers(section, server))
    errors.push_back(
        "SFJwtLogin caller ignores passwords and relies on authentication by httpd, which this section does "
        "not require; add AuthType with 'Require valid-user', or SSLVerifyClient with SSLUserName");
  if (by_caller(settings) && only_by_login(settings))
    errors.push_back(
        "SFJwtLogin caller proves who the caller is, and not the user in login: say which users a caller may "
        "act as, for example with 'SFJwtAllowSubject same'");
  return errors;
}

std::optional<std::string> login_in_clear(const RegisteredSection& section, const server_rec& server,
                                          const Settings& settings) {
  if (!has_login(settings) || settings.login_insecure.value_or(false) || !reachable_by_others(server))
    return {};
  const ap_directive_t* tls = in_force("SSLEngine", server);
  if (tls && !argument_is(tls, "off")) return {};
  return "SFJ0941: SFJwtLogin takes passwords, and SFJwt On at " + place_of(enabled_at(section, server)) +
         " applies to a server without SSLEngine On: logins from other machines are refused (SFJ0412); add "
         "TLS, or SFJwtLoginInsecure On if a proxy in front of this server has it";
}

}  // namespace sfjwt::httpd
