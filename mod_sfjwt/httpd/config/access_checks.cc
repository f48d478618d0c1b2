// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/access_checks.h"

#include <algorithm>
#include <array>
#include <memory>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/config_tree.h"
#include "mod_sfjwt/httpd/config/path_scope.h"

namespace sfjwt::httpd {
namespace {

using Directives = std::vector<ScopedDirective>;
using Kind = gateway::AllowRule::Kind;

// The providers of Require that can grant access without a user.
constexpr std::array<std::string_view, 8> kRequireWithoutUser = {"all",         "ip",     "host", "local",
                                                                 "forward-dns", "method", "env",  "ssl"};

bool begins_with(std::string_view text, std::string_view beginning) {
  return equals_ignoring_case(text.substr(0, beginning.size()), beginning);
}

bool is_script(const ap_directive_t* node) {
  return begins_with(as_view(node->directive), "Lua") || begins_with(as_view(node->directive), "Perl");
}

template <class Condition>
bool any(const Directives& directives, Condition condition) {
  return std::any_of(directives.begin(), directives.end(),
                     [&](const ScopedDirective& scoped) { return condition(scoped.directive); });
}

bool has_word(const ap_directive_t* node, std::string_view wanted) {
  const auto words = words_of(node);
  return std::any_of(words.begin(), words.end(),
                     [wanted](const std::string& word) { return equals_ignoring_case(word, wanted); });
}

// ssl-verify-client does not require a user either, but is not listed here: the user may come from the
// certificate.
bool requires_user(const ap_directive_t* node) {
  if (!directive_is(node, "Require")) return false;
  const auto words = words_of(node);
  return words.empty() ||
         std::none_of(kRequireWithoutUser.begin(), kRequireWithoutUser.end(),
                      [&](std::string_view name) { return equals_ignoring_case(words[0], name); });
}

// mod_authn_core does not authenticate where no Require needs a user.
bool may_authenticate(const Directives& directives) {
  if (any(directives, [](const auto* node) {
        return directive_is(node, "SSLUserName") ||
               (directive_is(node, "SSLOptions") &&
                (has_word(node, "FakeBasicAuth") || has_word(node, "+FakeBasicAuth"))) ||
               is_script(node);
      }))
    return true;
  return any(directives,
             [](const auto* node) { return directive_is(node, "AuthType") && !argument_is(node, "none"); }) &&
         any(directives, requires_user);
}

bool is_access_control(const ap_directive_t* node) {
  if (directive_is(node, "Require")) {
    const auto words = words_of(node);
    return words.size() != 2 || !equals_ignoring_case(words[0], "all") ||
           !equals_ignoring_case(words[1], "granted");
  }
  if (directive_is(node, "Deny")) return true;
  if (directive_is(node, "Allow")) return !has_word(node, "all");
  if (directive_is(node, "SSLVerifyClient")) return argument_is(node, "require");
  if (directive_is(node, "RewriteRule")) {
    const std::string_view arguments = as_view(node->args);
    return arguments.find('F') != arguments.npos || arguments.find('f') != arguments.npos;
  }
  return directive_is(node, "SSLRequire") || is_script(node);
}

bool is_loopback_address(apr_sockaddr_t* address) {
  char text[64];
  return apr_sockaddr_ip_getbuf(text, sizeof text, address) == APR_SUCCESS && is_loopback(text);
}

// Finds the directive of an expression by the position that httpd has stored with it.
const ap_directive_t* directive_at(std::string_view name, const std::string& place) {
  for (const ap_directive_t* node : all_directives())
    if (directive_is(node, name) && place_of(*node) == place) return node;
  return nullptr;
}

bool asks_for_user(const ap_directive_t* node) {
  return node && ascii_lower(as_view(node->args)).find("%{remote_user}") != std::string::npos;
}

const ap_directive_t* subject_from_user(const Settings& settings) {
  const ap_expr_info_t* expression = settings.subject_expression.value_or(nullptr);
  if (!expression) return nullptr;
  const ap_directive_t* node = directive_at("SFJwtSubject", std::string(as_view(expression->filename)) + ":" +
                                                                std::to_string(expression->line_number));
  return asks_for_user(node) ? node : nullptr;
}

bool asks_for_user(const gateway::AllowRule& rule) {
  switch (rule.kind) {
    case Kind::any:
    case Kind::match:
    case Kind::login:
      return false;
    case Kind::same:
    case Kind::user:
      return true;
    case Kind::expr:
      return asks_for_user(directive_at("SFJwtAllowSubject", rule.place));
  }
  return false;
}

// Whether an unidentified caller may act as any user.
bool admits_anyone(const Settings& settings) {
  if (!settings.allow || subject_from_user(settings)) return false;
  return std::any_of((*settings.allow)->begin(), (*settings.allow)->end(),
                     [](const auto& rule) { return rule.kind == Kind::any || rule.kind == Kind::match; });
}

bool is_open(const RegisteredSection& section, const server_rec& server) {
  return admits_anyone(effective(section, server)) &&
         !any(directives_for(paths_of(section), server), is_access_control);
}

constexpr std::string_view kNoAuthentication =
    " needs the name of the caller (REMOTE_USER), and nothing authenticates callers here: ";
constexpr std::string_view kAuthenticate =
    "; add AuthType with 'Require valid-user', or SSLVerifyClient with SSLUserName";

}  // namespace

bool reachable_by_others(const server_rec& server) {
  bool listens = false;
  for (const ap_listen_rec* listener = ap_listeners; listener; listener = listener->next)
    listens = listens || !is_loopback_address(listener->bind_addr);
  if (!listens || !server.is_virtual) return listens;
  for (const server_addr_rec* name = server.addrs; name; name = name->next)
    if (!is_loopback_address(name->host_addr)) return true;
  return false;
}

bool authenticates_callers(const RegisteredSection& section, const server_rec& server) {
  return may_authenticate(directives_for(paths_of(section), server));
}

ConfigErrors unauthenticated_rules(const RegisteredSection& section, const server_rec& server) {
  const Settings settings = effective(section, server);
  ConfigErrors found;
  const auto add_error = [&found](const std::string& directive, std::string_view consequence) {
    found.push_back("SFJ0925: " + directive + std::string(kNoAuthentication) + std::string(consequence) +
                    std::string(kAuthenticate));
  };
  if (const ap_directive_t* subject = subject_from_user(settings))
    add_error("SFJwtSubject at " + place_of(*subject), "every request is refused (SFJ0401)");
  if (settings.allow)
    for (const gateway::AllowRule& rule : **settings.allow)
      if (asks_for_user(rule))
        add_error("SFJwtAllowSubject at " + rule.place, "the rule admits nobody (SFJ0403)");
  if (found.empty() || authenticates_callers(section, server)) return {};
  return found;
}

ConfigErrors open_access(const RegisteredSection& section, const std::vector<const server_rec*>& servers) {
  std::vector<const server_rec*> reached;
  std::copy_if(servers.begin(), servers.end(), std::back_inserter(reached),
               [](const server_rec* server) { return reachable_by_others(*server); });
  if (reached.empty() || !std::all_of(reached.begin(), reached.end(), [&section](const server_rec* server) {
        return is_open(section, *server);
      }))
    return {};
  return {
      "SFJ0926: SFJwt On at " + place_of(enabled_at(section, *reached.front())) +
      " has no access control: whoever reaches this address can act as every user that SFJwtAllowSubject "
      "admits; add Require, such as 'Require ip 192.0.2.0/24' or authentication with 'Require valid-user'"};
}

}  // namespace sfjwt::httpd
