// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/back_off.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace sfjwt::tokens {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPermanentPause{30};
constexpr seconds kFirstPause{2};
constexpr seconds kLongestPause{60};

// Child processes must not draw the same numbers: OpenSSL's generator detects a fork.
seconds with_jitter(seconds pause) {
  std::array<unsigned char, 2> drawn{};
  RAND_bytes(drawn.data(), static_cast<int>(drawn.size()));  // if it fails, there is no jitter
  const long chance = drawn[0] * 256L + drawn[1];
  return std::chrono::round<seconds>(pause + milliseconds(pause) * chance / (4 * 65'536L));
}

}  // namespace

seconds BackOff::pause_after(const oauth::TokenError& error) {
  switch (error.error_class) {
    case oauth::TokenError::Class::subject:
    case oauth::TokenError::Class::configuration:
      return with_jitter(kPermanentPause);
    case oauth::TokenError::Class::transient:
      break;
  }
  return with_jitter(std::max(seconds(error.retry_after_seconds.value_or(0)), trouble()));
}

// One outage makes many subjects fail: only a failure after the end of the last pause doubles the pause.
seconds BackOff::trouble() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady();
  if (now >= until_) {
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    until_ = now + pause_;
  }
  return pause_;
}

bool BackOff::in_trouble() const {
  const std::lock_guard lock(mutex_);
  return pause_ > seconds{0};
}

void BackOff::server_answered() {
  const std::lock_guard lock(mutex_);
  pause_ = seconds{0};
  until_ = {};
}

}  // namespace sfjwt::tokens
