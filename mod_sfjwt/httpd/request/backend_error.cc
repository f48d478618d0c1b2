// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/backend_error.h"

#include <array>
#include <utility>

#include "mod_sfjwt/core/selinux.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/guard.h"
#include "mod_sfjwt/httpd/request/attempt.h"
#include "mod_sfjwt/net/tls_handshake.h"

namespace sfjwt::httpd {
namespace {

// Of a status that says no more than that something failed nobody learns anything.
std::string text_of(apr_status_t status) {
  if (status == APR_SUCCESS || status == APR_EGENERAL) return {};
  std::array<char, 120> text{};
  return apr_strerror(status, text.data(), text.size());
}

// "AH00957: " is httpd's own number of a message.
std::string_view without_number(std::string_view text) {
  const auto colon = text.find(": ");
  return text.starts_with("AH") && colon == 7 ? text.substr(colon + 2) : text;
}

bool is_of_proxy(int module_index) {
  const std::string_view name = as_view(ap_find_module_short_name(module_index));
  return name.starts_with("proxy") || name == "ssl";
}

// Runs in the thread that logs, which for messages about an attempt is the attempt's.
void take_message(const ap_errorlog_info* info, const char* text) {
  Attempt* attempt = Attempt::running();
  if (attempt && info->level <= APLOG_WARNING && is_of_proxy(info->module_index))
    attempt->backend_error().add_message(info->status, as_view(text));
}

void take_event(const ssl_st* connection, int event, int value) {
  net::pass_event_on(connection, event, value);
  Attempt* attempt = Attempt::running();
  if (!attempt) return;
  BackendError& error = attempt->backend_error();
  if (std::string why = net::handshake_error(connection, event, value, error.host()); !why.empty())
    error.add_handshake(std::move(why));
}

int observe_backend(conn_rec*, ssl_st* connection, int is_proxy) {
  if (is_proxy && Attempt::running()) net::observe_handshake(connection, guard<take_event>);
  return DECLINED;
}

}  // namespace

void BackendError::begin(std::string_view host) {
  *this = BackendError();
  host_ = host;
}

void BackendError::add_message(apr_status_t status, std::string_view text) {
  std::string reason = text_of(status);
  if (!message_.empty() && (reason.empty() || of_handshake_)) return;
  message_ = printable(without_number(text), 200);
  if (text.find("failed to enable ssl support") != std::string_view::npos)
    remedy_ = "set SSLProxyEngine On for this backend";
  if (of_handshake_ || reason.empty()) return;
  reason_ = std::move(reason);
  remedy_ = selinux_remedy(status);
}

void BackendError::add_handshake(std::string reason) {
  if (of_handshake_) return;
  of_handshake_ = true;
  reason_ = std::move(reason);
}

std::string BackendError::details() const {
  std::string details;
  if (!host_.empty()) details += " [backend " + printable(host_) + "]";
  if (!message_.empty()) details += " [mod_proxy: " + message_ + "]";
  if (!remedy_.empty()) details += " [" + remedy_ + "]";
  return details;
}

void register_backend_errors() {
  ap_hook_error_log(guard<take_message>, nullptr, nullptr, APR_HOOK_MIDDLE);
  // mod_ssl's hook of this name, by which other modules get at its connections (mod_ssl_openssl.h). Optional,
  // so that the module can be loaded without mod_ssl.
  apr_optional_hook_add("pre_handshake", reinterpret_cast<void (*)(void)>(guard<observe_backend, DECLINED>),
                        nullptr, nullptr, APR_HOOK_MIDDLE);
}

}  // namespace sfjwt::httpd
