// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mod_sfjwt/core/version.h"
#include "mod_sfjwt/httpd/config/directives.h"
#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/config/settings.h"
#include "mod_sfjwt/httpd/guard.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/httpd/memory/shm_token_table.h"
#include "mod_sfjwt/httpd/memory/socache_token_store.h"
#include "mod_sfjwt/httpd/request/attempt.h"
#include "mod_sfjwt/httpd/request/backend_messages.h"
#include "mod_sfjwt/httpd/request/fault_watch.h"
#include "mod_sfjwt/httpd/request/peer_filter.h"
#include "mod_sfjwt/httpd/request/proxy_handoff.h"
#include "mod_sfjwt/httpd/request/request_handler.h"

namespace sfjwt::httpd {
namespace {

// httpd reads its configuration twice at start; the first time only checks that it can be read.
bool is_rehearsal() {
  return ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG &&
         ap_state_query(AP_SQ_RUN_MODE) != AP_SQ_RM_CONFIG_TEST;
}

int register_mutexes(apr_pool_t* configuration, apr_pool_t*, apr_pool_t*) {
  ShmTokenTable::register_mutex(configuration);
  SocacheTokenStore::register_mutex(configuration);
  return OK;
}

void child_init(apr_pool_t* pool, server_rec* server) {
  int threads = 0;
  ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads);
  SectionRegistry::of(server).child_init(pool, *server, static_cast<std::size_t>(std::max(threads, 1)));
}

// `httpd -t` calls this hook and no later one, so everything that can be wrong is checked here.
int check_config(apr_pool_t*, apr_pool_t*, apr_pool_t*, server_rec* server) {
  if (is_rehearsal()) return OK;
  SectionRegistry& sections = SectionRegistry::of(server);
  const ConfigErrors errors = sections.complete(*server);
  for (const std::string& warning : sections.warnings())
    ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_WARNING, 0, server, "%s", warning.c_str());
  for (const std::string& error : sections.errors())
    ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_ERR, 0, server, "%s", error.c_str());
  for (const std::string& error : errors)
    ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_EMERG, 0, server, "%s", error.c_str());
  return errors.empty() ? OK : HTTP_INTERNAL_SERVER_ERROR;
}

// For ServerTokens Full, which is httpd's default; ServerTokens OS of distributions does not show it.
int show_version(apr_pool_t* configuration, apr_pool_t*, apr_pool_t*, server_rec*) {
  ap_add_version_component(configuration, kProduct);
  return OK;
}

// The logs of virtual hosts are open now.
int log_notices(apr_pool_t*, apr_pool_t*, apr_pool_t*, server_rec* server) {
  for (const SectionRegistry::Notice& notice : SectionRegistry::of(server).notices())
    ap_log_error(APLOG_MARK, APLOG_INFO, 0, notice.server, "%s", notice.text.c_str());
  return OK;
}

// httpd calls this in the parent every few seconds.
int remind_of_expiry(apr_pool_t*, server_rec* server) {
  for (const auto& reminder : SectionRegistry::of(server).expiry_reminder().due(SystemClock().now()))
    ap_log_error(APLOG_MARK, reminder.expired ? APLOG_ERR : APLOG_WARNING, 0, server, "SFJ0937: %s",
                 reminder.text.c_str());
  return OK;
}

// The order relative to other modules does not matter for these hooks.
void register_server_hooks() {
  ap_hook_pre_config(guard<register_mutexes, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_child_init(guard<child_init>, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_check_config(guard<check_config, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_post_config(guard<show_version, OK>, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_post_config(guard<log_notices, OK>, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_monitor(guard<remind_of_expiry, OK>, nullptr, nullptr, APR_HOOK_MIDDLE);
}

void register_request_hooks() {
  // Before the handler of mod_proxy, which the gateway calls itself.
  static const char* const kBeforeProxy[] = {"mod_proxy.c", nullptr};
  ap_hook_handler(guard<forward_with_token, HTTP_INTERNAL_SERVER_ERROR>, nullptr, kBeforeProxy,
                  APR_HOOK_REALLY_FIRST);
  // First: the first hook that finds a worker ends the search.
  proxy_hook_pre_request(guard<choose_worker, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr,
                         APR_HOOK_REALLY_FIRST);
  // Before every scheme handler, since those connect.
  proxy_hook_scheme_handler(guard<judge_target, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr,
                            APR_HOOK_REALLY_FIRST);
  // Before mod_proxy_balancer reads the status.
  proxy_hook_post_request(guard<judge_member, DECLINED>, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  // First, so that no other module can end the hook earlier.
  ap_hook_pre_connection(guard<watch_outgoing, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr,
                         APR_HOOK_REALLY_FIRST);
  // Anywhere: all hooks of error_log run.
  ap_hook_error_log(guard<take_message>, nullptr, nullptr, APR_HOOK_MIDDLE);
  // Anywhere: all hooks run. It is a hook of mod_ssl for access to its connections (mod_ssl_openssl.h);
  // optional, so that the module can be loaded without mod_ssl.
  apr_optional_hook_add("pre_handshake", reinterpret_cast<void (*)(void)>(guard<observe_backend, DECLINED>),
                        nullptr, nullptr, APR_HOOK_MIDDLE);
}

void register_filters() {
  // Among the content filters; forwarding makes it the first one, so that the filters for the client's body
  // are not called.
  body_filter =
      ap_register_input_filter("SFJWT_BODY", guard<hand_out_body, APR_EGENERAL>, nullptr, AP_FTYPE_RESOURCE);
  // Before all other content filters, so that none of them sees a head with the cookies. Not at RESOURCE -
  // 10: there httpd inserts the buffer of ap_rwrite, which it assumes to be the first filter.
  constexpr auto kBeforeContent = static_cast<ap_filter_type>(AP_FTYPE_RESOURCE - 5);
  // At the same position, but inserted first: a held response has not passed any other filter.
  response_filter = ap_register_output_filter(
      "SFJWT_RESPONSE", guard<drop_cookies_and_trailers, APR_EGENERAL>, nullptr, kBeforeContent);
  FaultWatch::registered = ap_register_output_filter(
      "SFJWT_FAULT_WATCH", guard<FaultWatch::filter, APR_EGENERAL>, nullptr, kBeforeContent);
  // Above the filter of mod_ssl, which is at CONNECTION + 5: it sees the data before encryption.
  peer_filter = ap_register_output_filter("SFJWT_PEER", guard<pass_to_receiver, APR_EGENERAL>, nullptr,
                                          static_cast<ap_filter_type>(AP_FTYPE_CONNECTION + 4));
}

void register_hooks(apr_pool_t*) {
  register_server_hooks();
  register_request_hooks();
  register_filters();
}

}  // namespace
}  // namespace sfjwt::httpd

// httpd calls the type `module`, which begins a module declaration in C++20.
module_struct AP_MODULE_DECLARE_DATA sfjwt_module = {
    STANDARD20_MODULE_STUFF,
    sfjwt::httpd::guard<sfjwt::httpd::create_section_config, nullptr>,
    sfjwt::httpd::guard<sfjwt::httpd::merge_section_configs, nullptr>,
    nullptr,
    nullptr,
    sfjwt::httpd::directives(),
    sfjwt::httpd::register_hooks,
    0,
};
