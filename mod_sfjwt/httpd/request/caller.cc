// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/caller.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {

gateway::Caller caller_of(request_rec* r) {
  gateway::Caller caller;
  if (r->user) caller.remote_user = r->user;
  caller.holds = [r](const void* expression) -> std::optional<bool> {
    const char* error = nullptr;
    const int holds = ap_expr_exec(r, static_cast<const ap_expr_info_t*>(expression), &error);
    if (!error && holds >= 0) return holds > 0;
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r, "SFJ0404: an expression cannot be evaluated: %s",
                  error ? error : "no reason given");
    return std::nullopt;
  };
  return caller;
}

tokens::CallerIdentity caller_identity(const request_rec* r) {
  const auto* core = static_cast<const core_dir_config*>(ap_get_core_module_config(r->per_dir_config));
  return {as_view(r->server->server_hostname), as_view(core->d), as_view(r->user), as_view(r->useragent_ip)};
}

std::optional<std::string> expressed_subject(request_rec* r, const ap_expr_info_t* expression) {
  const char* error = nullptr;
  const char* subject = ap_expr_str_exec(r, expression, &error);
  if (error)
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r, "SFJ0404: SFJwtSubject cannot be evaluated: %s", error);
  if (error || !subject) return {};
  return subject;
}

}  // namespace sfjwt::httpd
