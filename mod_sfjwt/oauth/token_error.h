// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace sfjwt::oauth {

/// Why no token could be had. `message` is one or two sentences for a log line and a fault: what happened and
/// what to do about it; never a token, an assertion, a key, nor raw bytes of the server beyond its OAuth
/// error code and its escaped description.
struct TokenError {
  enum class Class {
    subject,        // permanent for this subject: not approved, unknown, inactive, locked
    configuration,  // client id, key, audience or clock are wrong: an administrator must act
    transient,      // unreachable, timed out, rate limited, 5xx: trying later helps
  };
  Class error_class = Class::transient;
  std::string code;  // the OAuth `error` (RFC 6749 section 5.2), or our own word such as "unreachable"
  std::string message;
  std::optional<long> retry_after_seconds;
};

}  // namespace sfjwt::oauth
