// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

namespace sfjwt {

/// Wall-clock time in whole seconds since the epoch, the unit of a JWT NumericDate (RFC 7519 section 2).
using UnixTime = std::chrono::sys_seconds;

/// The source of time, a parameter of everything that depends on time, so that tests can control it. `steady`
/// never jumps and is for measuring intervals; `now` is for times that other machines see; `sleep` blocks the
/// calling thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixTime now() const = 0;
  virtual std::chrono::steady_clock::time_point steady() const = 0;
  virtual void sleep(std::chrono::milliseconds time) const = 0;
};

class SystemClock final : public Clock {
 public:
  UnixTime now() const override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
  std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }
  void sleep(std::chrono::milliseconds time) const override { std::this_thread::sleep_for(time); }
};

}  // namespace sfjwt
