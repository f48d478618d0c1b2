// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Saves what a run of mod_proxy changes in a request, so that a second run starts from the same state.
/// Request headers and request body are not included.
class RequestSnapshot {
 public:
  explicit RequestSnapshot(request_rec* r);

  void restore(request_rec* r) const;

 private:
  // Notes of mod_proxy that would affect the next run or httpd's error page.
  static constexpr std::array kNotes = {"proxy-status",    "proxy-source-port",  "proxy-error-override",
                                        "proxy_timedout",  "proxy-100-continue", "error-notes",
                                        "verbose-error-to"};

  request_rec before_;
  apr_table_t* headers_out_;
  apr_table_t* err_headers_out_;
  const char* no_keepalive_;
  std::array<const char*, kNotes.size()> notes_;
};

}  // namespace sfjwt::httpd
