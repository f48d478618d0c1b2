// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/inherited_lists.h"
#include "mod_sfjwt/gateway/policy.h"
#include "mod_sfjwt/gateway/session_guard.h"
#include "mod_sfjwt/gateway/subject_map.h"
#include "mod_sfjwt/httpd/config/silenced_checks.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/schema/validation.h"
#include "mod_sfjwt/xml/limits.h"

namespace sfjwt::httpd {

class SectionRegistry;

using Texts = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;
using AllowRules = std::vector<gateway::AllowRule>;
using MapRules = std::vector<gateway::MapRule>;
using OperationRules = std::vector<gateway::OperationRule>;

/// A configured private key: a file or URI, and the source of its passphrase; empty: none.
struct KeySource {
  std::string_view key;
  std::string_view passphrase;
  auto operator<=>(const KeySource&) const = default;
};
using KeySources = std::vector<KeySource>;

/// How logs show the subject of a request.
enum class LogSubject { clear, hash, off };

struct Timeouts {
  std::chrono::seconds total;
  std::chrono::seconds connect;
  auto operator<=>(const Timeouts&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

/// The directives of one section; nullopt: not set there. Views and pointers refer to the configuration pool,
/// so that merging, which httpd does for every request in a Location, copies only a few words. The list of an
/// inner section replaces that of the outer one, except for lists of what is denied or removed: these add up.
struct Settings {
  std::optional<bool> enabled;                              // SFJwt
  std::optional<const Texts*> wsdls;                        // SFJwtWsdl: absolute file names
  std::optional<schema::Validation> validation;             // SFJwtValidate
  std::optional<xml::Limits> xml_limits;                    // SFJwtXmlLimits
  std::optional<std::size_t> max_body;                      // SFJwtMaxBody: bytes
  std::optional<std::string_view> client_id;                // SFJwtClientId
  std::optional<std::string_view> client_secret;            // SFJwtClientSecret: file:... or exec:...
  std::optional<const KeySources*> private_keys;            // SFJwtPrivateKey: one or two
  std::optional<const Texts*> key_ids;                      // SFJwtKeyId: as many or fewer
  std::optional<const Texts*> certificates;                 // SFJwtCertificate: absolute file names
  std::optional<std::string_view> audience;                 // SFJwtAudience: URL
  std::optional<std::string_view> token_endpoint;           // SFJwtTokenEndpoint: URL
  std::optional<std::string_view> authorization_endpoint;   // SFJwtAuthorizationEndpoint: URL
  std::optional<std::chrono::seconds> assertion_lifetime;   // SFJwtAssertionLifetime
  std::optional<std::string_view> subject_claim;            // SFJwtSubjectClaim: sub or prn
  std::optional<const Pairs*> claims;                       // SFJwtClaim
  std::optional<const Pairs*> token_params;                 // SFJwtTokenParam
  std::optional<Timeouts> token_timeout;                    // SFJwtTokenTimeout
  std::optional<std::string_view> token_proxy;              // SFJwtTokenProxy: URL
  std::optional<std::string_view> token_ca_file;            // SFJwtTokenCAFile: absolute file name
  std::optional<std::string_view> token_certificate;        // SFJwtTokenClientCertificate: absolute file name
  std::optional<const ap_expr_info_t*> subject_expression;  // SFJwtSubject; null: body
  std::optional<const MapRules*> subject_map;               // SFJwtSubjectMap
  std::optional<const AllowRules*> allow;                   // SFJwtAllowSubject
  std::optional<const OperationRules*> allow_operations;    // SFJwtAllowOperation
  InheritedLists<OperationRules> deny_operations;           // SFJwtDenyOperation
  std::optional<std::chrono::seconds> token_idle;           // SFJwtTokenIdle
  std::optional<std::chrono::seconds> token_max_age;        // SFJwtTokenMaxAge
  std::optional<gateway::SessionGuard> session_guard;       // SFJwtSessionGuard
  std::optional<bool> renew;                                // SFJwtRenew
  std::optional<bool> follow;                               // SFJwtInstance: follow, not fixed
  std::optional<const Texts*> allowed_instances;            // SFJwtAllowInstance
  InheritedLists<Texts> stripped_headers;                   // SFJwtStripHeader
  std::optional<bool> brief_faults;                         // SFJwtFaultDetail
  std::optional<bool> http_fault_status;                    // SFJwtFaultStatus: http, not soap
  std::optional<LogSubject> log_subject;                    // SFJwtLogSubject
  std::optional<SilencedChecks> silenced_checks;            // SFJwtChecks
  std::optional<const Texts*> login;                        // SFJwtLogin: caller, or providers; empty is Off
  std::optional<std::chrono::seconds> login_lifetime;       // SFJwtLoginLifetime
  std::optional<std::string_view> login_realm;              // SFJwtLoginRealm
  std::optional<bool> login_insecure;                       // SFJwtLoginInsecure
  std::optional<std::string_view> public_url;               // SFJwtPublicUrl
  auto operator<=>(const Settings&) const = default;        // NOLINT(modernize-use-nullptr): clang-tidy 14
};
static_assert(std::is_trivially_destructible_v<Settings>);

/// The settings of the inner section; those it does not set come from the outer one.
Settings merged(const Settings& outer, const Settings& inner);

/// The per-directory configuration of this module.
struct SectionConfig {
  Settings settings;
  SectionRegistry* home = nullptr;  // where sections are registered and completed; null: no directive
  const ap_directive_t* enabled_at = nullptr;  // the SFJwt directive that set `enabled`
  const char* place = nullptr;  // the arguments of the sections with directives, from outer to inner ones
};

/// The configuration of this module in a vector of httpd; never null.
const SectionConfig& config_in(const ap_conf_vector_t* vector);

void* create_section_config(apr_pool_t* pool, char* directory);
void* merge_section_configs(apr_pool_t* pool, void* outer, void* inner);

}  // namespace sfjwt::httpd
