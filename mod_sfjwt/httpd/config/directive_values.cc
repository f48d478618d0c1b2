// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/directive_values.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/keys/secret_source.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/oauth/audience.h"

namespace sfjwt::httpd {
namespace {

constexpr const char* kOwnName = "the gateway sets it itself, or it is not a plain name";

template <std::size_t Size>
bool is_one_of(std::string_view value, const std::array<std::string_view, Size>& names) {
  return std::any_of(names.begin(), names.end(),
                     [value](std::string_view name) { return equals_ignoring_case(value, name); });
}

// A boolean expression.
Result<const ap_expr_info_t*, std::string> condition(cmd_parms* cmd, const char* text) {
  const char* error = nullptr;
  const ap_expr_info_t* expression = ap_expr_parse_cmd(cmd, text, AP_EXPR_FLAG_DONT_VARY, &error, nullptr);
  if (error) return Unexpected{"the expression is not understood: " + std::string(error)};
  return expression;
}

// The position of a directive, for log lines about one of several similar ones.
std::string place_of(const cmd_parms* cmd) {
  if (!cmd->directive) return "?";
  return std::string(as_view(cmd->directive->filename)) + ":" + std::to_string(cmd->directive->line_num);
}

template <class List>
std::string names_of(const List& list) {
  std::string names;
  for (const auto& named : list) names.append(names.empty() ? "" : ", ").append(named.name);
  return names;
}

}  // namespace

ArgumentError check_word(apr_pool_t*, const char* value) {
  return is_printable_word(value) ? ArgumentError() : "must be one word of printable ASCII";
}

ArgumentError check_https_url(apr_pool_t*, const char* value) {
  return https_url_defect(value);
}

ArgumentError check_token_endpoint(apr_pool_t* pool, const char* value) {
  auto error = check_https_url(pool, value);
  return error ? error : oauth::missing_endpoint_path(value, gateway::kSalesforce.provider);
}

ArgumentError check_proxy_url(apr_pool_t*, const char* value) {
  const auto url = is_printable_word(value) ? parse_url(value) : std::nullopt;
  if (!url || !(url->has_scheme("http") || url->has_scheme("https")) || url->host.empty() ||
      !port_number(url->port.value_or("")) || !(url->path.empty() || url->path == "/") || url->query ||
      url->fragment || url->user_information) {
    return "must be http://host:port or https://host:port, without user information";
  }
  return {};
}

ArgumentError check_public_url(apr_pool_t*, const char* value) {
  const auto url = is_printable_word(value) ? parse_url(value) : std::nullopt;
  if (!url || !(url->has_scheme("http") || url->has_scheme("https")) || url->host.empty() ||
      (url->port && !port_number(*url->port)) || !(url->path.empty() || url->path == "/") || url->query ||
      url->fragment || url->user_information) {
    return "must be http://host[:port] or https://host[:port], without a path";
  }
  return {};
}

ArgumentError check_secret_source(apr_pool_t*, const char* value) {
  return keys::source_problem(value);
}

ArgumentError check_host_pattern(apr_pool_t*, const char* value) {
  const auto checked = sfjwt::check_host_pattern(value);
  if (!checked) return checked.error();
  return {};
}

ArgumentError check_strippable_header(apr_pool_t* pool, const char* value) {
  constexpr std::array<std::string_view, 8> kNeeded = {
      "Host",       "Connection", "Content-Type", "Content-Length", "Transfer-Encoding", "Content-Encoding",
      "SOAPAction", "TE"};
  const std::string_view name = value;
  if (check_word(pool, value) || name.find_first_of("()<>@,;:\\\"/[]?={}") != std::string_view::npos)
    return printable(name, 80) + " is not a header name";
  if (is_one_of(name, kNeeded)) return std::string(name) + " cannot be left out of a request";
  return {};
}

ArgumentError check_claim_name(apr_pool_t*, const char* value) {
  if (!oauth::claim_configurable(value))
    return "claim " + printable(value, 80) + " cannot be set: " + kOwnName;
  return {};
}

ArgumentError check_token_param_name(apr_pool_t*, const char* value) {
  if (!oauth::token_param_configurable(value))
    return "parameter " + printable(value, 80) + " cannot be set: " + kOwnName;
  return {};
}

Result<long, std::string> number_between(const char* value, long least, long most, std::string_view unit) {
  const std::string_view text = value;
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= least && number <= most)
    return number;
  return Unexpected{"must be a number of " + std::string(unit) + " from " + std::to_string(least) + " to " +
                    std::to_string(most)};
}

Result<tokens::TokenTable::Shape, std::string> token_table_shape(const char* value) {
  using tokens::TokenTable;
  std::string rest = value;
  const auto next_word = [&rest] {
    const std::string word = rest.substr(0, rest.find(':'));
    rest.erase(0, word.size() + 1);
    return word;
  };
  if (next_word() != "shm") return Unexpected{std::string("must be shm, shm:entries or shm:entries:bytes")};
  TokenTable::Shape shape{kDefaultTokens, TokenTable::kDefaultEntry};
  if (!rest.empty()) {
    const auto entries = number_between(next_word().c_str(), 256, 1L << 26, "entries");
    if (!entries) return Unexpected{entries.error()};
    shape.entries = static_cast<std::size_t>(*entries);
  }
  if (!rest.empty()) {
    const auto bytes = number_between(rest.c_str(), TokenTable::kSmallestEntry, TokenTable::kLargestEntry,
                                      "bytes for an entry");
    if (!bytes) return Unexpected{bytes.error()};
    shape.entry_bytes = (static_cast<std::size_t>(*bytes) + 7) / 8 * 8;
  }
  return shape;
}

Result<schema::Validation, std::string> validation(int count, char* const words[]) {
  constexpr std::pair<std::string_view, schema::Mode> kModes[] = {{"strict", schema::Mode::strict},
                                                                  {"tolerant", schema::Mode::tolerant},
                                                                  {"report", schema::Mode::report},
                                                                  {"structure", schema::Mode::structure}};
  const auto* mode = std::find_if(std::begin(kModes), std::end(kModes), [&](const auto& candidate) {
    return count > 0 && equals_ignoring_case(candidate.first, words[0]);
  });
  if (mode == std::end(kModes))
    return Unexpected{std::string("must begin with strict, tolerant, report or structure")};
  schema::Validation result{mode->second, schema::Relaxations::all()};
  const bool relaxed = result.mode == schema::Mode::tolerant || result.mode == schema::Mode::report;
  if (count > 1 && !relaxed) return Unexpected{"mode " + std::string(mode->first) + " takes no relaxations"};
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto named =
        std::find_if(schema::kRelaxations.begin(), schema::kRelaxations.end(),
                     [word](const auto& relaxation) { return relaxation.name == word.substr(1); });
    const bool signed_word = word.starts_with('-') || word.starts_with('+');
    if (!signed_word || named == schema::kRelaxations.end()) {
      return Unexpected{"no relaxation " + printable(word, 60) +
                        "; they are written -name or +name: " + names_of(schema::kRelaxations)};
    }
    result.relaxations.*(named->member) = word.starts_with('+');
  }
  return result;
}

Result<xml::Limits, std::string> xml_limits(int count, char* const words[]) {
  xml::Limits limits;
  if (count == 0) return Unexpected{std::string("needs name=number")};
  for (int i = 0; i < count; ++i) {
    const std::string_view word = words[i];
    const auto equals = word.find('=');
    const auto named =
        std::find_if(xml::kLimits.begin(), xml::kLimits.end(), [&](const xml::NamedLimit& limit) {
          return equals != std::string_view::npos && limit.name == word.substr(0, equals);
        });
    if (named == xml::kLimits.end()) {
      return Unexpected{
          "no limit " + printable(word, 60) +
          "; they are written name=number: depth, attributes, namespaces, name-bytes, tag-bytes"};
    }
    const auto number = number_between(words[i] + equals + 1, 1, static_cast<long>(named->most), named->name);
    if (!number) return Unexpected{std::string(named->name) + " " + number.error()};
    limits.*(named->member) = static_cast<std::size_t>(*number);
  }
  return limits;
}

Result<gateway::MapRule, std::string> map_rule(cmd_parms* cmd, const char* expression,
                                               const char* replacement) {
  gateway::MapRule rule;
  rule.place = place_of(cmd);
  if (!replacement) {
    const char* path = ap_server_root_relative(cmd->pool, expression);
    auto table = gateway::SubjectTable::read(path ? path : expression, gateway::kSalesforce);
    if (!table) return Unexpected{table.error()};
    rule.table = std::make_shared<const gateway::SubjectTable>(std::move(*table));
    return rule;
  }
  auto pattern = gateway::Pattern::compile(expression);
  if (!pattern) return Unexpected{"regular expression: " + pattern.error()};
  auto filled = gateway::Replacement::compile(replacement, pattern->groups());
  if (!filled) return Unexpected{"replacement: " + filled.error()};
  rule.pattern = std::move(*pattern);
  rule.replacement = std::move(*filled);
  return rule;
}

Result<gateway::SessionGuard, std::string> session_guard(int count, char* const words[]) {
  const std::string_view base = count > 0 ? words[0] : "";
  const bool on = equals_ignoring_case(base, "on");
  if (!on && !equals_ignoring_case(base, "off")) return Unexpected{std::string("must begin with On or Off")};
  const auto operations = gateway::kSalesforce.guarded_operations;
  auto guard = on ? gateway::SessionGuard::all() : gateway::SessionGuard::none();
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const bool signed_word = word.starts_with('-') || word.starts_with('+');
    const std::string_view name = signed_word ? word.substr(1) : "";
    const auto named = std::find_if(operations.begin(), operations.end(),
                                    [name](const auto& guarded) { return guarded.name == name; });
    if (name == "login")
      return Unexpected{
          std::string("login is always refused: the gateway signs users in, and login takes no e-mail "
                      "in the place of a session")};
    if (named == operations.end()) {
      return Unexpected{"no guarded operation " + printable(word, 60) +
                        "; they are written -name or +name: " + names_of(operations)};
    }
    guard.set(static_cast<std::size_t>(named - operations.begin()), word.starts_with('+'));
  }
  return guard;
}

Result<gateway::OperationRule, std::string> operation_rule(cmd_parms* cmd, int count, char* const words[]) {
  constexpr std::string_view kExpression = "expr=";
  gateway::OperationRule rule;
  rule.place = place_of(cmd);
  for (int i = 0; i < count; ++i) {
    const std::string_view word = words[i];
    if (word.starts_with(kExpression)) {
      if (i + 1 < count)
        return Unexpected{std::string("\"expr=...\" must be the last argument, in quotes as a whole")};
      const auto expression = condition(cmd, words[i] + kExpression.size());
      if (!expression) return Unexpected{expression.error()};
      rule.expression = *expression;
    } else {
      rule.operations.emplace_back(word);
    }
  }
  if (rule.operations.empty()) return Unexpected{std::string("needs the name of an operation")};
  return rule;
}

Result<gateway::AllowRule, std::string> allow_rule(cmd_parms* cmd, int count, char* const words[]) {
  using Kind = gateway::AllowRule::Kind;
  const std::string_view kind = count > 0 ? words[0] : "";
  const std::string place = place_of(cmd);
  if (count == 1 && kind == "any") return gateway::AllowRule{Kind::any, {}, {}, nullptr, place};
  if (count == 1 && kind == "same") return gateway::AllowRule{Kind::same, {}, {}, nullptr, place};
  if (count == 1 && kind == "login") return gateway::AllowRule{Kind::login, {}, {}, nullptr, place};
  if (count == 2 && kind == "expr") {
    const auto expression = condition(cmd, words[1]);
    if (!expression) return Unexpected{expression.error()};
    return gateway::AllowRule{Kind::expr, {}, {}, *expression, place};
  }
  const bool user = count == 3 && kind == "user";
  if (!user && !(count == 2 && kind == "match")) {
    return Unexpected{
        std::string("must be one of: any | same | match subject-regex | user name-regex subject-regex | expr "
                    "\"expression\" | login")};
  }
  gateway::AllowRule rule{user ? Kind::user : Kind::match, {}, {}, nullptr, place};
  for (int i = 1; i < count; ++i) {
    auto pattern = gateway::Pattern::compile(words[i]);
    if (!pattern) return Unexpected{"regular expression " + std::to_string(i) + ": " + pattern.error()};
    (user && i == 1 ? rule.user : rule.subject) = *pattern;
  }
  return rule;
}

}  // namespace sfjwt::httpd
