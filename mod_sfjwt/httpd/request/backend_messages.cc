// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/backend_messages.h"

#include <string>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/guard.h"
#include "mod_sfjwt/httpd/request/attempt.h"

namespace sfjwt::httpd {
namespace {

bool is_of_proxy(int module_index) {
  const std::string_view name = as_view(ap_find_module_short_name(module_index));
  return name.starts_with("proxy") || name == "ssl";
}

void take_event(const ssl_st* connection, int event, int value) {
  net::pass_event_on(connection, event, value);
  Attempt* attempt = Attempt::running();
  if (!attempt) return;
  BackendError& error = attempt->backend_error();
  if (std::string why = net::handshake_error(connection, event, value, error.host()); !why.empty())
    error.add_handshake(std::move(why));
}

}  // namespace

// Called in the thread that logs, which for messages about an attempt is the thread of the attempt.
void take_message(const ap_errorlog_info* info, const char* text) {
  Attempt* attempt = Attempt::running();
  if (attempt && info->level <= APLOG_WARNING && is_of_proxy(info->module_index))
    attempt->backend_error().add_message(info->status, as_view(text));
}

int observe_backend(conn_rec*, ssl_st* tls, int is_proxy) {
  if (is_proxy && Attempt::running()) net::observe_handshake(tls, guard<take_event>);
  return DECLINED;
}

}  // namespace sfjwt::httpd
