// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Why mod_proxy does not get through to a backend, as far as it, mod_ssl or the TLS handshake has said so
/// while the attempt ran.
class BackendError {
 public:
  /// The backend has this name; what is known about another one is dropped.
  void begin(std::string_view host);

  /// mod_proxy or mod_ssl has logged this, with the status of a system call or 0. The last message with a
  /// status counts, else the first one.
  void add_message(apr_status_t status, std::string_view text);

  /// The handshake failed. What follows from that is no reason any more.
  void add_handshake(std::string reason);

  const std::string& host() const { return host_; }

  bool is_of_handshake() const { return of_handshake_; }

  /// A clause that any client may read, since it names neither host nor address: "Connection refused". Empty:
  /// the reason is not known in such words.
  const std::string& reason() const { return reason_; }

  /// For the log: the backend, what mod_proxy said about it, and what to do where that is known.
  std::string details() const;

 private:
  std::string host_;
  std::string reason_;
  std::string message_;
  std::string remedy_;
  bool of_handshake_ = false;
};

}  // namespace sfjwt::httpd
