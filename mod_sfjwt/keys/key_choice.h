// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "mod_sfjwt/core/clock.h"

namespace sfjwt::keys {

/// Which of two keys the server takes: found out by asking, and remembered. While nobody knows, one caller
/// finds out and the others wait for it, so that a new certificate at the server costs one refused request
/// and those that were under way, not one per subject. Safe to call from several threads.
class KeyChoice {
 public:
  enum class Which { first, second };

  /// The clock outlives it. A caller waits for another's finding at most `patience`.
  explicit KeyChoice(const Clock& clock, std::chrono::milliseconds patience = std::chrono::milliseconds{800});

  /// One caller's use of a key. Ends the finding out, if this caller had it to do, when it goes.
  class Turn {
   public:
    explicit Turn(KeyChoice& choice);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

    /// The key to ask with.
    Which key() const { return key_; }

    /// The server took the key.
    void accepted();

    /// The server did not take the key: whether to ask once more, with what key() says then. No when a key
    /// was taken before and both were refused a moment ago: then it is not the key that is wrong.
    bool refused();

   private:
    void end_finding();  // under the choice's mutex

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
  bool proven_ = false;  // some key was taken once
  bool being_found_ = false;
  std::chrono::steady_clock::time_point leave_until_;  // both were refused
};

}  // namespace sfjwt::keys
