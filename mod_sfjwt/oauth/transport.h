// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::oauth {

/// What the authorization server answered, whatever the status.
struct HttpReply {
  long status = 0;
  Secret body;                              // holds a token when all went well; at most 64 KB
  std::optional<UnixTime> date;             // Date header, for the clock skew
  std::optional<long> retry_after_seconds;  // Retry-After header of delta-seconds, at least 0
  std::optional<UnixTime> retry_at;         // Retry-After header of a date, by the server's clock
};

/// Why there is no answer. `message` is one sentence for the log without any value that was sent.
struct TransportError {
  enum class Cause { unreachable, timed_out, tls, too_large, protocol };
  Cause cause;
  std::string message;
};

/// The way to the token endpoint.
class Transport {
 public:
  virtual ~Transport() = default;

  /// One POST of application/x-www-form-urlencoded bytes; follows no redirect. Times out after `limit`, or
  /// earlier if the transport has a limit of its own. Safe to call from several threads.
  virtual Result<HttpReply, TransportError> post_form(const std::string& url, const Secret& form,
                                                      std::chrono::milliseconds limit) = 0;
};

}  // namespace sfjwt::oauth
