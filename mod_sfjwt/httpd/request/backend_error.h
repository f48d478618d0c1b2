// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Why mod_proxy cannot reach a backend, as reported by mod_proxy, mod_ssl or the TLS handshake during the
/// attempt.
class BackendError {
 public:
  /// Sets the name of the backend, and discards what is known about another one.
  void begin(std::string_view host);

  /// A message logged by mod_proxy or mod_ssl, with the status of a system call or 0. The last message with a
  /// status is used, else the first one.
  void add_message(apr_status_t status, std::string_view text);

  /// The handshake failed. Errors that result from this are ignored.
  void add_handshake(std::string reason);

  const std::string& host() const { return host_; }

  bool is_of_handshake() const { return of_handshake_; }

  /// The reason as a clause that any client may read, since it contains neither host nor address: "Connection
  /// refused". Empty if it is not known in this form.
  const std::string& reason() const { return reason_; }

  /// For the log: the backend, the message of mod_proxy, and the remedy if it is known.
  std::string details() const;

 private:
  std::string host_;
  std::string reason_;
  std::string message_;
  std::string remedy_;
  bool of_handshake_ = false;
};

}  // namespace sfjwt::httpd
