// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/directives.h"

#include <chrono>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/directive_values.h"
#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/pool.h"

namespace sfjwt::httpd {
namespace {

constexpr int kServerOrSection = RSRC_CONF | ACCESS_CONF;
constexpr unsigned kNowhereElse = NOT_IN_DIRECTORY | NOT_IN_FILES | NOT_IN_HTACCESS | NOT_IN_LIMIT;

// What httpd calls for a directive: refuses it where it has no meaning, sets it, and registers the section,
// so that every section can be checked as a whole when all is read.
template <auto Set, class... Words>
const char* directive(cmd_parms* cmd, void* place, Words... words) noexcept {
  if (const char* misplaced = ap_check_cmd_context(cmd, kNowhereElse)) return misplaced;
  try {
    auto& config = *static_cast<SectionConfig*>(place);
    if (const Complaint complaint = Set(config, cmd, words...))
      return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", complaint->c_str(), nullptr);
    if (!config.home) {
      config.home = &SectionRegistry::of(cmd->server);
      config.home->add({&config, cmd->server, cmd->path == nullptr, cmd->directive});
    }
    return nullptr;
  } catch (const std::exception& exception) {
    return apr_pstrdup(cmd->pool, exception.what());
  }
}

std::string_view kept(cmd_parms* cmd, const char* text) {
  return apr_pstrdup(cmd->pool, text);
}

// Lists are immutable once somebody can see them: a longer one is a new one.
template <class List>
void append(cmd_parms* cmd, std::optional<const List*>& setting, typename List::value_type item) {
  List longer = setting ? **setting : List();
  longer.push_back(std::move(item));
  setting = &make_in_pool<const List>(cmd->pool, std::move(longer));
}

// A longer list of this section, beside those it inherits.
template <class List>
void append(cmd_parms* cmd, InheritedLists<List>& setting, typename List::value_type item) {
  List longer = setting.own() ? *setting.own() : List();
  longer.push_back(std::move(item));
  setting.set_own(&make_in_pool<const List>(cmd->pool, std::move(longer)));
}

bool is_none(const char* word) {
  return equals_ignoring_case(word, "none");
}

// `none`: what outer sections say does not count. Behind names of this section nobody could tell what is
// meant.
template <class List>
Complaint clear_inherited(InheritedLists<List>& setting) {
  if (setting.own()) return "none clears what is inherited; it must come before the names of this section";
  setting.clear_inherited();
  return {};
}

using WordCheck = Complaint (*)(apr_pool_t*, const char*);

template <auto Member, WordCheck Check>
Complaint set_text(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (auto complaint = Check(cmd->temp_pool, value)) return complaint;
  config.settings.*Member = kept(cmd, value);
  return {};
}

template <auto Member>
Complaint set_file(SectionConfig& config, cmd_parms* cmd, const char* value) {
  const char* path = *value ? ap_server_root_relative(cmd->pool, value) : nullptr;
  if (!path) return "is no file name";
  config.settings.*Member = path;
  return {};
}

// A key may also be named by a URI, `pkcs11:...`.
const char* file_or_uri(cmd_parms* cmd, const char* value) {
  const std::string_view text = value;
  if (text.find(':') < text.find('/')) return apr_pstrdup(cmd->pool, value);
  return *value ? ap_server_root_relative(cmd->pool, value) : nullptr;
}

// A file of a source of secrets is below ServerRoot as all are; a program has a path of its own.
const char* secret_source(cmd_parms* cmd, const char* value) {
  constexpr std::string_view kFile = "file:";
  if (!std::string_view(value).starts_with(kFile)) return apr_pstrdup(cmd->pool, value);
  const char* path = ap_server_root_relative(cmd->pool, value + kFile.size());
  return path ? apr_pstrcat(cmd->pool, "file:", path, nullptr) : value;
}

template <auto Member>
Complaint add_file(SectionConfig& config, cmd_parms* cmd, const char* value) {
  const char* path = *value ? ap_server_root_relative(cmd->pool, value) : nullptr;
  if (!path) return "is no file name";
  append<Texts>(cmd, config.settings.*Member, path);
  return {};
}

template <auto Member, WordCheck Check>
Complaint add_text(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (auto complaint = Check(cmd->temp_pool, value)) return complaint;
  append<Texts>(cmd, config.settings.*Member, value);
  return {};
}

Complaint add_stripped_header(SectionConfig& config, cmd_parms* cmd, const char* name) {
  if (is_none(name)) return clear_inherited(config.settings.stripped_headers);
  return add_text<&Settings::stripped_headers, check_strippable_header>(config, cmd, name);
}

template <auto Member, WordCheck CheckName>
Complaint add_pair(SectionConfig& config, cmd_parms* cmd, const char* name, const char* value) {
  if (auto complaint = CheckName(cmd->temp_pool, name)) return complaint;
  auto& pairs = config.settings.*Member;
  for (const auto& [other, unused] : pairs ? **pairs : Pairs())
    if (other == name) return std::string(name) + " is given twice in this section";
  append<Pairs>(cmd, pairs, {name, value});
  return {};
}

Complaint add_private_key(SectionConfig& config, cmd_parms* cmd, const char* key, const char* passphrase) {
  constexpr std::size_t kMaxKeys = 2;
  auto& keys = config.settings.private_keys;
  if (keys && (*keys)->size() == kMaxKeys)
    return "is given a third time in this section; two are for a rotation";
  if (passphrase) {
    if (auto complaint = check_secret_source(cmd->temp_pool, passphrase))
      return "the passphrase " + *complaint;
  }
  const char* source = file_or_uri(cmd, key);
  if (!source) return "is no file name";
  append<KeySources>(cmd, keys, {source, passphrase ? secret_source(cmd, passphrase) : ""});
  return {};
}

Complaint set_client_secret(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (auto complaint = check_secret_source(cmd->temp_pool, value)) return complaint;
  config.settings.client_secret = secret_source(cmd, value);
  return {};
}

Complaint set_assertion_lifetime(SectionConfig& config, cmd_parms*, const char* value) {
  const auto seconds = number_between(value, 10, 3600, "seconds");
  if (!seconds) return seconds.error();
  config.settings.assertion_lifetime = std::chrono::seconds(*seconds);
  return {};
}

Complaint set_subject_claim(SectionConfig& config, cmd_parms*, const char* value) {
  for (const std::string_view claim : {"sub", "prn"}) {
    if (value != claim) continue;
    config.settings.subject_claim = claim;
    return {};
  }
  return "must be sub or prn";
}

Complaint set_enabled(SectionConfig& config, cmd_parms* cmd, int on) {
  config.settings.enabled = on != 0;
  config.enabled_at = cmd->directive;
  return {};
}

template <auto Member>
Complaint set_flag(SectionConfig& config, cmd_parms*, int on) {
  config.settings.*Member = on != 0;
  return {};
}

Complaint set_validation(SectionConfig& config, cmd_parms*, int count, char* const words[]) {
  const auto parsed = validation(count, words);
  if (!parsed) return parsed.error();
  config.settings.validation = *parsed;
  return {};
}

Complaint set_session_guard(SectionConfig& config, cmd_parms*, int count, char* const words[]) {
  const auto parsed = session_guard(count, words);
  if (!parsed) return parsed.error();
  config.settings.session_guard = *parsed;
  return {};
}

Complaint set_xml_limits(SectionConfig& config, cmd_parms*, int count, char* const words[]) {
  const auto limits = xml_limits(count, words);
  if (!limits) return limits.error();
  config.settings.xml_limits = *limits;
  return {};
}

Complaint set_max_body(SectionConfig& config, cmd_parms*, const char* value) {
  const auto bytes = number_between(value, 1024, 1L << 30, "bytes");
  if (!bytes) return bytes.error();
  config.settings.max_body = static_cast<std::size_t>(*bytes);
  return {};
}

Complaint set_audience(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (equals_ignoring_case(value, "production")) {
    config.settings.audience = "https://login.salesforce.com";
  } else if (equals_ignoring_case(value, "sandbox")) {
    config.settings.audience = "https://test.salesforce.com";
  } else if (check_https_url(cmd->temp_pool, value)) {
    return "must be production, sandbox or an https URL";
  } else {
    config.settings.audience = kept(cmd, value);
  }
  return {};
}

Complaint set_token_timeout(SectionConfig& config, cmd_parms*, const char* total, const char* connect) {
  const auto whole = number_between(total, 1, 300, "seconds");
  if (!whole) return whole.error();
  const auto part = number_between(connect ? connect : total, 1, *whole, "seconds for the connection");
  if (!part) return part.error();
  config.settings.token_timeout = Timeouts{std::chrono::seconds(*whole), std::chrono::seconds(*part)};
  return {};
}

Complaint set_instance(SectionConfig& config, cmd_parms*, const char* value) {
  const bool follow = equals_ignoring_case(value, "follow");
  if (!follow && !equals_ignoring_case(value, "fixed")) return "must be fixed or follow";
  config.settings.follow = follow;
  return {};
}

template <auto Member, long Most>
Complaint set_seconds(SectionConfig& config, cmd_parms*, const char* value) {
  const auto seconds = number_between(value, 1, Most, "seconds");
  if (!seconds) return seconds.error();
  config.settings.*Member = std::chrono::seconds(*seconds);
  return {};
}

Complaint set_fault_detail(SectionConfig& config, cmd_parms*, const char* value) {
  const bool brief = equals_ignoring_case(value, "brief");
  if (!brief && !equals_ignoring_case(value, "full")) return "must be full or brief";
  config.settings.brief_faults = brief;
  return {};
}

Complaint set_fault_status(SectionConfig& config, cmd_parms*, const char* value) {
  const bool http = equals_ignoring_case(value, "http");
  if (!http && !equals_ignoring_case(value, "soap")) return "must be soap or http";
  config.settings.http_fault_status = http;
  return {};
}

Complaint set_log_subject(SectionConfig& config, cmd_parms*, const char* value) {
  constexpr std::pair<std::string_view, LogSubject> kWays[] = {
      {"clear", LogSubject::clear}, {"hash", LogSubject::hash}, {"off", LogSubject::off}};
  for (const auto& [name, way] : kWays) {
    if (!equals_ignoring_case(value, name)) continue;
    config.settings.log_subject = way;
    return {};
  }
  return "must be clear, hash or off";
}

Complaint add_silenced_check(SectionConfig& config, cmd_parms*, const char* word) {
  SilencedChecks silenced = config.settings.silenced_checks.value_or(SilencedChecks{});
  if (auto complaint = silenced.add(word)) return complaint;
  config.settings.silenced_checks = silenced;
  return {};
}

// Why a directive for the whole server cannot stand here.
Complaint elsewhere(cmd_parms* cmd) {
  if (!ap_check_cmd_context(cmd, GLOBAL_ONLY)) return {};
  return "is for the whole server: it cannot stand in a section or virtual host";
}

Complaint set_max_buffered(SectionConfig&, cmd_parms* cmd, const char* value) {
  if (auto complaint = elsewhere(cmd)) return complaint;
  const auto bytes = number_between(value, 65536, 1L << 46, "bytes");
  if (!bytes) return bytes.error();
  SectionRegistry::of(cmd->server).body_buffers().configure(static_cast<std::size_t>(*bytes));
  return {};
}

Complaint set_token_cache(SectionConfig&, cmd_parms* cmd, const char* value) {
  if (auto complaint = elsewhere(cmd)) return complaint;
  return SectionRegistry::of(cmd->server).token_cache().set(cmd, value);
}

Complaint add_token_cache_key(SectionConfig&, cmd_parms* cmd, const char* value) {
  if (auto complaint = elsewhere(cmd)) return complaint;
  if (auto complaint = check_secret_source(cmd->temp_pool, value)) return complaint;
  return SectionRegistry::of(cmd->server).token_cache().add_key(secret_source(cmd, value));
}

Complaint set_subject(SectionConfig& config, cmd_parms* cmd, const char* value) {
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

Complaint add_allow_rule(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]) {
  auto rule = allow_rule(cmd, count, words);
  if (!rule) return rule.error();
  append<AllowRules>(cmd, config.settings.allow, *rule);
  return {};
}

Complaint add_map_rule(SectionConfig& config, cmd_parms* cmd, const char* expression,
                       const char* replacement) {
  auto rule = map_rule(cmd, expression, replacement);
  if (!rule) return rule.error();
  append<MapRules>(cmd, config.settings.subject_map, std::move(*rule));
  return {};
}

template <auto Member>
Complaint add_operation_rule(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]) {
  auto rule = operation_rule(cmd, count, words);
  if (!rule) return rule.error();
  append<OperationRules>(cmd, config.settings.*Member, std::move(*rule));
  return {};
}

Complaint add_denied_operations(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]) {
  if (count == 1 && is_none(words[0])) return clear_inherited(config.settings.deny_operations);
  return add_operation_rule<&Settings::deny_operations>(config, cmd, count, words);
}

// One entry of the table per way of taking arguments; `Set` is any setter above with these arguments.
template <auto Set>
constexpr command_rec flag(const char* name, const char* help) {
  return AP_INIT_FLAG(name, (directive<Set, int>), nullptr, kServerOrSection, help);
}
template <auto Set>
constexpr command_rec one(const char* name, const char* help) {
  return AP_INIT_TAKE1(name, (directive<Set, const char*>), nullptr, kServerOrSection, help);
}
template <auto Set>
constexpr command_rec each(const char* name, const char* help) {
  return AP_INIT_ITERATE(name, (directive<Set, const char*>), nullptr, kServerOrSection, help);
}
template <auto Set>
constexpr command_rec two(const char* name, const char* help) {
  return AP_INIT_TAKE2(name, (directive<Set, const char*, const char*>), nullptr, kServerOrSection, help);
}
template <auto Set>
constexpr command_rec one_or_two(const char* name, const char* help) {
  return AP_INIT_TAKE12(name, (directive<Set, const char*, const char*>), nullptr, kServerOrSection, help);
}
template <auto Set>
constexpr command_rec words(const char* name, const char* help) {
  return AP_INIT_TAKE_ARGV(name, (directive<Set, int, char* const*>), nullptr, kServerOrSection, help);
}

using S = Settings;

constexpr command_rec kDirectives[] = {
    flag<set_enabled>("SFJwt", "On: requests of this section that go to the proxy pass the gateway"),
    each<add_file<&S::wsdls>>("SFJwtWsdl", "WSDL files of the Salesforce APIs that may be called"),
    words<set_validation>("SFJwtValidate",
                          "strict | tolerant [-relaxation|+relaxation ...] | report [...] | structure"),
    words<set_xml_limits>("SFJwtXmlLimits",
                          "what XML may cost: depth=n attributes=n namespaces=n name-bytes=n tag-bytes=n"),
    one<set_max_body>("SFJwtMaxBody", "largest request body in bytes, after inflation"),
    one<set_max_buffered>("SFJwtMaxBuffered",
                          "bytes that the request bodies of one process may occupy at a time"),
    one<set_text<&S::client_id, check_word>>("SFJwtClientId", "consumer key of the connected app: claim iss"),
    one<set_client_secret>("SFJwtClientSecret",
                           "consumer secret, where the server asks for it: file: | exec:"),
    one_or_two<add_private_key>(
        "SFJwtPrivateKey",
        "file or URI of the private key that signs the assertions, and its passphrase: "
        "file: | exec:; twice for a rotation"),
    one<add_text<&S::key_ids, check_word>>("SFJwtKeyId", "header kid of the assertion; once per private key"),
    one<add_file<&S::certificates>>("SFJwtCertificate",
                                    "certificate of a private key, to be compared with it at start"),
    one<set_audience>("SFJwtAudience", "production, sandbox or an https URL: claim aud"),
    one<set_text<&S::token_endpoint, check_token_endpoint>>(
        "SFJwtTokenEndpoint", "https URL tokens are asked for at; derived from the audience when absent"),
    one<set_text<&S::authorization_endpoint, check_https_url>>(
        "SFJwtAuthorizationEndpoint",
        "https URL where users approve the app; beside the token endpoint when absent"),
    one<set_assertion_lifetime>("SFJwtAssertionLifetime", "seconds until an assertion expires"),
    one<set_subject_claim>("SFJwtSubjectClaim", "claim that names the user: sub or prn"),
    two<add_pair<&S::claims, check_claim_name>>("SFJwtClaim",
                                                "name and value of a further claim of the assertion"),
    two<add_pair<&S::token_params, check_token_param_name>>(
        "SFJwtTokenParam", "name and value of a further form parameter of the token request"),
    one_or_two<set_token_timeout>("SFJwtTokenTimeout",
                                  "seconds for a token request, and of these for its connection"),
    one<set_text<&S::token_proxy, check_proxy_url>>("SFJwtTokenProxy",
                                                    "URL of the HTTP proxy token requests go through"),
    one<set_file<&S::token_ca_file>>("SFJwtTokenCAFile",
                                     "PEM file of the CAs the token endpoint is verified with"),
    one<set_file<&S::token_certificate>>("SFJwtTokenClientCertificate",
                                         "PEM file of the certificate and key shown to the token endpoint"),
    one<set_subject>("SFJwtSubject",
                     "whom a request is for: body (SessionHeader/sessionId) or an expression"),
    one_or_two<add_map_rule>(
        "SFJwtSubjectMap",
        "regular expression and replacement, or a file with a subject and its user a line"),
    words<add_allow_rule>(
        "SFJwtAllowSubject",
        "who may act as whom: any | same | match regex | user regex regex | expr \"expression\""),
    words<add_operation_rule<&S::allow_operations>>(
        "SFJwtAllowOperation", "operations that are served, and no others: name ... [\"expr=condition\"]"),
    words<add_denied_operations>("SFJwtDenyOperation",
                                 "operations that are not served, besides those of outer sections: name ... "
                                 "[\"expr=condition\"]; none: those of outer sections are served"),
    one<set_token_cache>("SFJwtTokenCache",
                         "where tokens are kept: shm[:entries[:bytes]]; and shared with other gateways: "
                         "provider[:arguments]"),
    one<add_token_cache_key>(
        "SFJwtTokenCacheKey",
        "key that seals what other gateways are told: file: | exec:; twice for a rotation"),
    one<set_seconds<&S::token_idle, 12 * 60 * 60>>(
        "SFJwtTokenIdle", "seconds after which an unused token is not used any more"),
    one<set_seconds<&S::token_max_age, 30 * 24 * 60 * 60>>(
        "SFJwtTokenMaxAge", "seconds after which a token is not used any more, however much it is used"),
    words<set_session_guard>(
        "SFJwtSessionGuard",
        "On | Off [-operation|+operation ...]: operations that would end shared sessions"),
    flag<set_flag<&S::renew>>("SFJwtRenew",
                              "On: a session that Salesforce has ended is renewed and the request repeated"),
    one<set_instance>("SFJwtInstance",
                      "where requests go: fixed, as ProxyPass says, or follow, to the instance of the token"),
    each<add_text<&S::allowed_instances, check_host_pattern>>("SFJwtAllowInstance",
                                                              "hosts a token may go to"),
    each<add_stripped_header>("SFJwtStripHeader",
                              "further request headers that do not go to the backend, besides those of outer "
                              "sections; none: those of outer sections do"),
    one<set_log_subject>("SFJwtLogSubject", "how subjects stand in logs: clear, hash or off"),
    one<set_fault_detail>("SFJwtFaultDetail", "what a refused client is told: full or brief"),
    one<set_fault_status>("SFJwtFaultStatus",
                          "status of faults when Salesforce cannot be reached: soap (500) or http"),
    each<add_silenced_check>("SFJwtChecks", "warnings about the configuration that are not given: -code ..."),
    {},
};

}  // namespace

const command_rec* directives() {
  return kDirectives;
}

}  // namespace sfjwt::httpd
