// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/err.h>

#include <string>

namespace sfjwt::keys {

/// The errors OpenSSL queues while one of these lives are ours and are taken away with it; those queued
/// before belong to others in this process.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
  ~ErrorMark() { ERR_pop_to_mark(); }

  /// The last reason, to be put behind a sentence; empty when there is none.
  static std::string last_reason() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason ? std::string(" (OpenSSL: ") + reason + ")" : std::string();
  }
};

}  // namespace sfjwt::keys
