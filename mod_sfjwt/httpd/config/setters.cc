// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/setters.h"

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/login/password_check.h"

namespace sfjwt::httpd {
namespace {

bool is_none(const char* word) {
  return equals_ignoring_case(word, "none");
}

// A key can also be specified by a URI, `pkcs11:...`.
const char* file_or_uri(cmd_parms* cmd, const char* value) {
  const std::string_view text = value;
  if (text.find(':') < text.find('/')) return apr_pstrdup(cmd->pool, value);
  return *value ? ap_server_root_relative(cmd->pool, value) : nullptr;
}

// The file of a secret is relative to ServerRoot, as usual; a program has an absolute path.
const char* secret_source(cmd_parms* cmd, const char* value) {
  constexpr std::string_view kFile = "file:";
  if (!std::string_view(value).starts_with(kFile)) return apr_pstrdup(cmd->pool, value);
  const char* path = ap_server_root_relative(cmd->pool, value + kFile.size());
  return path ? apr_pstrcat(cmd->pool, "file:", path, nullptr) : value;
}

// Why a directive for the whole server cannot be used here.
ArgumentError elsewhere(cmd_parms* cmd) {
  if (!ap_check_cmd_context(cmd, GLOBAL_ONLY)) return {};
  return "is for the whole server: it cannot stand in a section or virtual host";
}

// `none` discards what is inherited from outer sections. It is refused after names of the same section, since
// it would be ambiguous.
template <class List>
ArgumentError clear_inherited(InheritedLists<List>& setting) {
  if (setting.own()) return "none clears what is inherited; it must come before the names of this section";
  setting.clear_inherited();
  return {};
}

}  // namespace

ArgumentError add_stripped_header(SectionConfig& config, cmd_parms* cmd, const char* name) {
  if (is_none(name)) return clear_inherited(config.settings.stripped_headers);
  return add_text<&Settings::stripped_headers, check_strippable_header>(config, cmd, name);
}

ArgumentError add_private_key(SectionConfig& config, cmd_parms* cmd, const char* key,
                              const char* passphrase) {
  constexpr std::size_t kMaxKeys = 2;
  auto& keys = config.settings.private_keys;
  if (keys && (*keys)->size() == kMaxKeys)
    return "is given a third time in this section; two are for a rotation";
  if (passphrase) {
    if (auto error = check_secret_source(cmd->temp_pool, passphrase)) return "the passphrase " + *error;
  }
  const char* source = file_or_uri(cmd, key);
  if (!source) return "is not a file name";
  append<KeySources>(cmd, keys, {source, passphrase ? secret_source(cmd, passphrase) : ""});
  return {};
}

ArgumentError set_client_secret(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (auto error = check_secret_source(cmd->temp_pool, value)) return error;
  config.settings.client_secret = secret_source(cmd, value);
  return {};
}

ArgumentError set_subject_claim(SectionConfig& config, cmd_parms*, const char* value) {
  for (const std::string_view claim : {"sub", "prn"}) {
    if (value != claim) continue;
    config.settings.subject_claim = claim;
    return {};
  }
  return "must be sub or prn";
}

ArgumentError set_enabled(SectionConfig& config, cmd_parms* cmd, int on) {
  config.settings.enabled = on != 0;
  config.enabled_at = cmd->directive;
  return {};
}

ArgumentError set_audience(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (equals_ignoring_case(value, "production")) {
    config.settings.audience = gateway::kSalesforce.provider.production_audience;
  } else if (equals_ignoring_case(value, "sandbox")) {
    config.settings.audience = gateway::kSalesforce.provider.sandbox_audience;
  } else if (check_https_url(cmd->temp_pool, value)) {
    return "must be production, sandbox or an https URL";
  } else {
    config.settings.audience = std::string_view(apr_pstrdup(cmd->pool, value));
  }
  return {};
}

ArgumentError set_token_timeout(SectionConfig& config, cmd_parms*, const char* total, const char* connect) {
  const auto whole = number_between(total, 1, 300, "seconds");
  if (!whole) return whole.error();
  const auto part = number_between(connect ? connect : total, 1, *whole, "seconds for the connection");
  if (!part) return part.error();
  config.settings.token_timeout = Timeouts{std::chrono::seconds(*whole), std::chrono::seconds(*part)};
  return {};
}

ArgumentError add_silenced_check(SectionConfig& config, cmd_parms*, const char* word) {
  SilencedChecks silenced = config.settings.silenced_checks.value_or(SilencedChecks{});
  if (auto error = silenced.add(word)) return error;
  config.settings.silenced_checks = silenced;
  return {};
}

ArgumentError set_max_buffered(SectionConfig&, cmd_parms* cmd, const char* value) {
  if (auto error = elsewhere(cmd)) return error;
  const auto bytes = number_between(value, 65536, 1L << 46, "bytes");
  if (!bytes) return bytes.error();
  SectionRegistry::of(cmd->server).body_buffers().configure(static_cast<std::size_t>(*bytes));
  return {};
}

ArgumentError set_token_cache(SectionConfig&, cmd_parms* cmd, const char* value) {
  if (auto error = elsewhere(cmd)) return error;
  return SectionRegistry::of(cmd->server).token_cache().set(cmd, value);
}

ArgumentError add_token_cache_key(SectionConfig&, cmd_parms* cmd, const char* value) {
  if (auto error = elsewhere(cmd)) return error;
  if (auto error = check_secret_source(cmd->temp_pool, value)) return error;
  return SectionRegistry::of(cmd->server).token_cache().add_key(secret_source(cmd, value));
}

ArgumentError add_login_key(SectionConfig&, cmd_parms* cmd, const char* value) {
  if (auto error = elsewhere(cmd)) return error;
  if (auto error = check_secret_source(cmd->temp_pool, value)) return error;
  return SectionRegistry::of(cmd->server).login_store().add_key(secret_source(cmd, value));
}

ArgumentError set_login(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]) {
  const auto is = [words](const char* name) { return equals_ignoring_case(words[0], name); };
  if (count == 0) return "must be Off, caller, or names of authentication providers";
  if (count > 1 && (is("Off") || is("caller"))) return std::string(words[0]) + " stands alone";
  Texts texts;
  if (count == 1 && is("caller")) {
    texts.emplace_back("caller");
  } else if (count > 1 || !is("Off")) {
    for (int i = 0; i < count; ++i) {
      if (!password_provider(words[i]))
        return "no loaded module provides authentication provider " + printable(words[i], 60) +
               "; load it before (for file: mod_authn_file)";
      texts.emplace_back(words[i]);
    }
  }
  config.settings.login = &make_in_pool<const Texts>(cmd->pool, std::move(texts));
  return {};
}

ArgumentError set_subject(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (equals_ignoring_case(value, "body")) {
    config.settings.subject_expression = nullptr;
    return {};
  }
  const char* error = nullptr;
  const ap_expr_info_t* expression =
      ap_expr_parse_cmd(cmd, value, AP_EXPR_FLAG_STRING_RESULT | AP_EXPR_FLAG_DONT_VARY, &error, nullptr);
  if (error) return "the expression is not understood: " + std::string(error);
  config.settings.subject_expression = expression;
  return {};
}

ArgumentError add_map_rule(SectionConfig& config, cmd_parms* cmd, const char* expression,
                           const char* replacement) {
  auto rule = map_rule(cmd, expression, replacement);
  if (!rule) return rule.error();
  append<MapRules>(cmd, config.settings.subject_map, std::move(*rule));
  return {};
}

ArgumentError add_denied_operations(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]) {
  if (count == 1 && is_none(words[0])) return clear_inherited(config.settings.deny_operations);
  return add_operation_rule<&Settings::deny_operations>(config, cmd, count, words);
}

ArgumentError add_allow_rule(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]) {
  auto rule = allow_rule(cmd, count, words);
  if (!rule) return rule.error();
  append<AllowRules>(cmd, config.settings.allow, *rule);
  return {};
}

}  // namespace sfjwt::httpd
