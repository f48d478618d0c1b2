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

/// The response of the authorization server, with any status.
struct HttpReply {
  long status = 0;
  Secret body;                              // contains the token on success; at most 64 KB
  std::optional<UnixTime> date;             // Date header, for the clock skew
  std::optional<long> retry_after_seconds;  // Retry-After header in seconds, at least 0
  std::optional<UnixTime> retry_at;         // Retry-After header as a date, by the server's clock
};

/// Why there is no response. `message` is one sentence for the log without any value that was sent.
struct TransportError {
  enum class Cause { unreachable, timed_out, tls, too_large, protocol };
  Cause cause;
  std::string message;
};

/// The connection to the token endpoint.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends one POST with a body of type application/x-www-form-urlencoded; does not follow redirects. Times
  /// out after `limit`, or earlier if the transport has its own limit. Thread-safe.
  virtual Result<HttpReply, TransportError> post_form(const std::string& url, const Secret& form,
                                                      std::chrono::milliseconds limit) = 0;
};

}  // namespace sfjwt::oauth
