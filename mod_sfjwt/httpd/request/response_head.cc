// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/response_head.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

constexpr const char* kStatusNote = "proxy-status";  // set by mod_proxy_http and mod_proxy_http2

// The header filter of httpd checks the same and responds with an HTML page; that of HTTP/2 does not check.
int is_sendable(void*, const char* name, const char* value) noexcept {
  return *name && !*ap_scan_http_token(name) && !*ap_scan_http_field_content(value) ? 1 : 0;
}

}  // namespace

const char* response_head_defect(const request_rec* r) {
  // An interim response (1xx) sets it too, and anything may follow that.
  const std::string_view status = as_view(apr_table_get(r->notes, kStatusNote));
  if (status.empty() || status.front() == '1') return "no HTTP response";
  if (r->status < HTTP_OK || r->status > 599) return "an HTTP response with a status that is none";
  if (!apr_table_do(is_sendable, nullptr, r->headers_out, nullptr))
    return "an HTTP response with a header that HTTP does not allow";
  return nullptr;
}

void expect_response_head(request_rec* r) {
  apr_table_unset(r->notes, kStatusNote);
}

}  // namespace sfjwt::httpd
