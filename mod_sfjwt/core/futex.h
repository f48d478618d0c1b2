// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <climits>
#include <cstdint>
#include <ctime>

namespace sfjwt {

/// Sleeps until somebody wakes the waiters on the word, at most `longest`; returns at once if the word is no
/// longer `seen` (futex(2)). Not a private futex, since the waker can be another process.
inline void sleep_at(const std::uint32_t* word, std::uint32_t seen, std::chrono::milliseconds longest) {
  const timespec limit{longest.count() / 1000, longest.count() % 1000 * 1'000'000};
  syscall(SYS_futex, word, FUTEX_WAIT, seen, &limit, nullptr, 0);
}

/// Does nothing if `word` is null.
inline void wake_all(const std::uint32_t* word) {
  if (word) syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace sfjwt
