// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/directives.h"

#include <exception>

#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/config/setters.h"

namespace sfjwt::httpd {
namespace {

constexpr int kServerOrSection = RSRC_CONF | ACCESS_CONF;
constexpr unsigned kNowhereElse = NOT_IN_DIRECTORY | NOT_IN_FILES | NOT_IN_HTACCESS | NOT_IN_LIMIT;

// The function that httpd calls for a directive: checks the context, sets the value, and registers the
// section, so that every section can be checked as a whole after all directives have been read.
template <auto Set, class... Words>
const char* directive(cmd_parms* cmd, void* place, Words... words) noexcept {
  if (const char* misplaced = ap_check_cmd_context(cmd, kNowhereElse)) return misplaced;
  try {
    auto& config = *static_cast<SectionConfig*>(place);
    if (const ArgumentError error = Set(config, cmd, words...))
      return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error->c_str(), nullptr);
    if (!config.home) {
      config.home = &SectionRegistry::of(cmd->server);
      config.home->add({&config, cmd->server, cmd->path == nullptr, cmd->directive});
    }
    return nullptr;
  } catch (const std::exception& exception) {
    return apr_pstrdup(cmd->pool, exception.what());
  }
}

// One table entry per way of taking arguments; `Set` is any setter with these arguments.
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
    flag<set_enabled>("SFJwt", "On: send proxied requests in this section through the gateway"),
    each<add_file<&S::wsdls>>("SFJwtWsdl", "WSDL files of the Salesforce APIs that clients may call"),
    words<set_words<&S::validation, validation>>(
        "SFJwtValidate", "strict | tolerant [-relaxation|+relaxation ...] | report [...] | structure"),
    words<set_words<&S::xml_limits, xml_limits>>(
        "SFJwtXmlLimits",
        "limits of a request document: depth=n attributes=n namespaces=n name-bytes=n tag-bytes=n"),
    one<set_bytes<&S::max_body, 1024, 1L << 30>>(
        "SFJwtMaxBody", "maximum size of a request body in bytes, after decompression"),
    one<set_max_buffered>("SFJwtMaxBuffered",
                          "maximum number of bytes that one process uses for request bodies"),
    one<set_text<&S::client_id, check_word>>("SFJwtClientId", "consumer key of the connected app: claim iss"),
    one<set_client_secret>(
        "SFJwtClientSecret",
        "consumer secret, if the authorization server requires it: file:name | exec:/program"),
    one_or_two<add_private_key>(
        "SFJwtPrivateKey",
        "file or URI of the private key that signs the assertions, and its passphrase "
        "(file:name | exec:/program); a second directive for a rotation"),
    one<add_text<&S::key_ids, check_word>>("SFJwtKeyId", "kid header of the assertion; one per private key"),
    one<add_file<&S::certificates>>("SFJwtCertificate",
                                    "certificate of a private key; compared with the key at startup"),
    one<set_audience>("SFJwtAudience", "production, sandbox or an https URL: claim aud"),
    one<set_text<&S::token_endpoint, check_token_endpoint>>(
        "SFJwtTokenEndpoint", "https URL of the token endpoint; the default is derived from the audience"),
    one<set_text<&S::authorization_endpoint, check_https_url>>(
        "SFJwtAuthorizationEndpoint",
        "https URL where users approve the app; the default is next to the token endpoint"),
    one<set_seconds<&S::assertion_lifetime, 10, 3600>>("SFJwtAssertionLifetime",
                                                       "seconds until an assertion expires"),
    one<set_subject_claim>("SFJwtSubjectClaim", "claim that names the user: sub or prn"),
    two<add_pair<&S::claims, check_claim_name>>("SFJwtClaim",
                                                "name and value of an additional claim in the assertion"),
    two<add_pair<&S::token_params, check_token_param_name>>(
        "SFJwtTokenParam", "name and value of an additional form parameter in the token request"),
    one_or_two<set_token_timeout>("SFJwtTokenTimeout",
                                  "timeout of a token request in seconds, and of its connection"),
    one<set_text<&S::token_proxy, check_proxy_url>>("SFJwtTokenProxy",
                                                    "URL of the HTTP proxy for token requests"),
    one<set_file<&S::token_ca_file>>("SFJwtTokenCAFile",
                                     "PEM file of the CA certificates that verify the token endpoint"),
    one<set_file<&S::token_certificate>>("SFJwtTokenClientCertificate",
                                         "PEM file of the client certificate and key for the token endpoint"),
    one<set_subject>("SFJwtSubject",
                     "Salesforce user of a request: body (SessionHeader/sessionId) or an expression"),
    one_or_two<add_map_rule>(
        "SFJwtSubjectMap",
        "regular expression and replacement, or a file with one subject and its user per line"),
    words<add_allow_rule>(
        "SFJwtAllowSubject",
        "who may act as whom: any | same | login | match regex | user regex regex | expr \"expression\""),
    words<add_operation_rule<&S::allow_operations>>(
        "SFJwtAllowOperation", "the only operations that are allowed: name ... [\"expr=condition\"]"),
    words<add_denied_operations>(
        "SFJwtDenyOperation",
        "operations that are denied, in addition to those of outer sections: name ... "
        "[\"expr=condition\"]; none clears those of outer sections"),
    one<set_token_cache>("SFJwtTokenCache",
                         "size of the token table: shm[:entries[:bytes]]; store shared with other gateways: "
                         "provider[:arguments]"),
    one<add_token_cache_key>(
        "SFJwtTokenCacheKey",
        "key that encrypts the shared tokens: file:name | exec:/program; a second directive for a rotation"),
    one<set_seconds<&S::token_idle, 1, 12 * 60 * 60>>("SFJwtTokenIdle",
                                                      "seconds after which an unused token expires"),
    one<set_seconds<&S::token_max_age, 1, 30 * 24 * 60 * 60>>(
        "SFJwtTokenMaxAge", "seconds after which a token expires, used or not"),
    words<set_words<&S::session_guard, session_guard>>(
        "SFJwtSessionGuard",
        "On | Off [-operation|+operation ...]: refuse operations that end shared sessions"),
    flag<set_flag<&S::renew>>("SFJwtRenew",
                              "On: renew a session that Salesforce has ended and repeat the request"),
    one<set_choice<&S::follow, kInstance>>(
        "SFJwtInstance", "fixed: forward requests as ProxyPass says; follow: to the instance of the token"),
    each<add_text<&S::allowed_instances, check_host_pattern>>("SFJwtAllowInstance",
                                                              "hosts that may receive a token"),
    each<add_stripped_header>("SFJwtStripHeader",
                              "additional request headers to remove, besides those of outer sections; none "
                              "clears those of outer sections"),
    one<set_choice<&S::log_subject, kLogSubject>>("SFJwtLogSubject",
                                                  "how users appear in logs: clear, hash or off"),
    one<set_choice<&S::brief_faults, kFaultDetail>>("SFJwtFaultDetail",
                                                    "detail of faults for clients: full or brief"),
    one<set_choice<&S::http_fault_status, kFaultStatus>>(
        "SFJwtFaultStatus", "HTTP status of faults when Salesforce cannot be reached: soap (500) or http"),
    words<set_login>("SFJwtLogin",
                     "who may sign in by login(): Off | caller | names of authentication providers"),
    one<add_login_key>(
        "SFJwtLoginKey",
        "key that seals the handles of logins: file:name | exec:/program; a second directive for "
        "a rotation"),
    one<set_seconds<&S::login_lifetime, 60, 30 * 24 * 60 * 60>>(
        "SFJwtLoginLifetime", "seconds until the handle of a login expires"),
    one<set_text<&S::login_realm, check_word>>("SFJwtLoginRealm",
                                               "sections with the same realm accept each other's handles"),
    flag<set_flag<&S::login_insecure>>("SFJwtLoginInsecure",
                                       "On: accept passwords over connections without TLS"),
    one<set_text<&S::public_url, check_public_url>>(
        "SFJwtPublicUrl", "scheme, host and port at which clients reach this gateway: https://host[:port]"),
    each<add_silenced_check>("SFJwtChecks", "configuration warnings to suppress: -code ..."),
    {},
};

}  // namespace

const command_rec* directives() {
  return kDirectives;
}

}  // namespace sfjwt::httpd
