// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/oauth/token_error.h"

namespace sfjwt::tokens {

/// How long a failure is answered without another try. What trying again does not mend (subject,
/// configuration) pauses for 30 s; trouble of the server for 2 s at first, and twice as long each time a
/// pause did not help, up to 60 s. A server may ask for more. Up to a quarter is added by chance, so that not
/// all who were told at the same moment come back at the same moment. Safe to call from several threads, and
/// after fork.
class BackOff {
 public:
  /// The clock outlives it.
  explicit BackOff(const Clock& clock) : clock_(clock) {}

  /// The pause after this failure, from now on.
  std::chrono::seconds pause_after(const oauth::TokenError& error);

  /// The server answers again: the next trouble is the first one.
  void server_answered();

  /// The last failure was trouble of the server.
  bool in_trouble() const;

 private:
  std::chrono::seconds trouble();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::chrono::seconds pause_{0};
  std::chrono::steady_clock::time_point until_;  // trouble before this moment is the same trouble
};

}  // namespace sfjwt::tokens
