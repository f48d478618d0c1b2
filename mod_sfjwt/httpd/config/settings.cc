// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/settings.h"

#include <tuple>

#include "mod_sfjwt/httpd/pool.h"

namespace sfjwt::httpd {
namespace {

// Forgetting a setting here does not compile: the structured binding needs every member.
template <class SettingsType>
auto every_setting(SettingsType& settings) {
  auto& [enabled, wsdls, validation, xml_limits, max_body, client_id, client_secret, private_keys, key_ids,
         certificates, audience, token_endpoint, authorization_endpoint, assertion_lifetime, subject_claim,
         claims, token_params, token_timeout, token_proxy, token_ca_file, token_certificate,
         subject_expression, subject_map, allow, allow_operations, deny_operations, token_idle, token_max_age,
         session_guard, renew, follow, allowed_instances, stripped_headers, brief_faults, http_fault_status,
         log_subject, silenced_checks, login, login_lifetime, login_realm, login_insecure, public_url] =
      settings;
  return std::tie(enabled, wsdls, validation, xml_limits, max_body, client_id, client_secret, private_keys,
                  key_ids, certificates, audience, token_endpoint, authorization_endpoint, assertion_lifetime,
                  subject_claim, claims, token_params, token_timeout, token_proxy, token_ca_file,
                  token_certificate, subject_expression, subject_map, allow, allow_operations,
                  deny_operations, token_idle, token_max_age, session_guard, renew, follow, allowed_instances,
                  stripped_headers, brief_faults, http_fault_status, log_subject, silenced_checks, login,
                  login_lifetime, login_realm, login_insecure, public_url);
}

template <class T>
void say(std::optional<T>& setting, const std::optional<T>& said) {
  if (said) setting = said;
}

template <class List>
void say(InheritedLists<List>& setting, const InheritedLists<List>& said) {
  setting.add(said);
}

template <class Target, class Source, std::size_t... Index>
void overlay(Target target, Source source, std::index_sequence<Index...>) {
  (say(std::get<Index>(target), std::get<Index>(source)), ...);
}

}  // namespace

Settings merged(const Settings& outer, const Settings& inner) {
  Settings settings = outer;
  const auto target = every_setting(settings);
  const auto source = every_setting(inner);
  overlay(target, source, std::make_index_sequence<std::tuple_size_v<decltype(target)>>());
  return settings;
}

const SectionConfig& config_in(const ap_conf_vector_t* vector) {
  return *static_cast<const SectionConfig*>(ap_get_module_config(vector, &sfjwt_module));
}

void* create_section_config(apr_pool_t* pool, char* directory) {
  SectionConfig& config = make_in_pool<SectionConfig>(pool);
  config.place = directory;
  return &config;
}

void* merge_section_configs(apr_pool_t* pool, void* outer, void* inner) {
  const auto& base = *static_cast<const SectionConfig*>(outer);
  const auto& added = *static_cast<const SectionConfig*>(inner);
  SectionConfig& both = make_in_pool<SectionConfig>(pool);
  both.settings = merged(base.settings, added.settings);
  both.home = added.home ? added.home : base.home;
  both.enabled_at = added.enabled_at ? added.enabled_at : base.enabled_at;
  both.place = base.place && added.place ? apr_pstrcat(pool, base.place, " ", added.place, nullptr)
               : added.place             ? added.place
                                         : base.place;
  return &both;
}

}  // namespace sfjwt::httpd
