// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/backend_error.h"

#include <array>
#include <utility>

#include "mod_sfjwt/core/selinux.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

// A text for a generic error status would tell nothing.
std::string text_of(apr_status_t status) {
  if (status == APR_SUCCESS || status == APR_EGENERAL) return {};
  std::array<char, 120> text{};
  return apr_strerror(status, text.data(), text.size());
}

// Removes the number of an httpd message, such as "AH00957: ".
std::string_view without_number(std::string_view text) {
  const auto colon = text.find(": ");
  return text.starts_with("AH") && colon == 7 ? text.substr(colon + 2) : text;
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

}  // namespace sfjwt::httpd
