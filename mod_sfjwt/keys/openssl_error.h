// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/err.h>

#include <string>

namespace sfjwt::keys {

/// Removes the errors that OpenSSL queues during its lifetime; those queued before belong to other code in
/// this process.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
  ~ErrorMark() { ERR_pop_to_mark(); }

  /// The reason of the last error, to be appended to a message; empty if there is none.
  static std::string last_reason() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason ? std::string(" (OpenSSL: ") + reason + ")" : std::string();
  }
};

}  // namespace sfjwt::keys
