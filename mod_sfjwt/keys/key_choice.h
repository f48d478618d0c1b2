// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "mod_sfjwt/core/clock.h"

namespace sfjwt::keys {

/// Remembers which of two keys the server accepts. While this is unknown, one caller tries and the others
/// wait, so that after a change of the certificate at the server only one request is refused, besides those
/// already sent, instead of one per subject. Thread-safe.
class KeyChoice {
 public:
  enum class Which { first, second };

  /// The clock must outlive it. A caller waits at most `patience` for the result of another.
  explicit KeyChoice(const Clock& clock, std::chrono::milliseconds patience = std::chrono::milliseconds{800});

  /// One caller's use of a key. If this caller is the one that tries, its destruction ends the attempt.
  class Turn {
   public:
    explicit Turn(KeyChoice& choice);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

    /// The key to use.
    Which key() const { return key_; }

    /// Reports that the server accepted the key.
    void accepted();

    /// Reports that the server refused the key; returns whether to try again with the key that key() then
    /// returns. False if a key worked before and both were refused a moment ago: then the key is not the
    /// cause.
    bool refused();

   private:
    void end_finding();  // requires the mutex of the KeyChoice

    KeyChoice& choice_;
    Which key_ = Which::first;
    bool finds_out_ = false;
    bool repeated_ = false;
  };

 private:
  using Lock = std::unique_lock<std::mutex>;

  void wait_for_finding(Lock& lock);

  const Clock& clock_;
  std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable found_;
  Which taken_ = Which::first;
  bool known_ = false;
  bool proven_ = false;  // some key has worked before
  bool being_found_ = false;
  std::chrono::steady_clock::time_point leave_until_;  // both were refused: no attempt before
};

}  // namespace sfjwt::keys
