// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/oauth/token_error.h"

namespace sfjwt::tokens {

/// How long a failure is returned without another request. A failure that a retry cannot fix (subject,
/// configuration) causes a pause of 30 s. Trouble of the server causes 2 s at first, doubled up to 60 s each
/// time that a pause did not help. The server may ask for more. Up to 25 % random jitter is added, so that
/// requests do not all return at the same moment. Thread-safe, also after a fork.
class BackOff {
 public:
  /// The clock must outlive it.
  explicit BackOff(const Clock& clock) : clock_(clock) {}

  /// The pause after this failure, starting now.
  std::chrono::seconds pause_after(const oauth::TokenError& error);

  /// The server answered: the next trouble starts again with the shortest pause.
  void server_answered();

  /// Whether the last failure was trouble of the server.
  bool in_trouble() const;

 private:
  std::chrono::seconds trouble();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::chrono::seconds pause_{0};
  std::chrono::steady_clock::time_point until_;  // trouble before this time belongs to the same outage
};

}  // namespace sfjwt::tokens
