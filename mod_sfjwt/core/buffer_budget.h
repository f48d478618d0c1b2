// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace sfjwt {

/// Limits the memory for the request bodies of one process, in total and per caller: a single caller gets at
/// most half. Lock-free, so that a small request costs only a few additions. A caller is identified by a
/// digest of its name or address. Each caller is counted in two rows of counters, at different places (a
/// count-min sketch): its usage is overestimated only if both of its counters are shared with callers that
/// hold nearly half of the budget.
class BufferBudget {
 public:
  BufferBudget() = default;
  BufferBudget(const BufferBudget&) = delete;
  BufferBudget& operator=(const BufferBudget&) = delete;

  /// In bytes. Call it before the first reservation; without it there is no limit.
  void set_limit(std::size_t bytes) { limit_ = bytes; }

  std::size_t limit() const { return limit_; }
  /// Bytes that are reserved now.
  std::size_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  friend class BufferReservation;
  static constexpr std::size_t kCounters = 1024;
  using Counter = std::atomic<std::size_t>;

  bool take(std::uint64_t caller, std::size_t bytes);
  void give_back(std::uint64_t caller, std::size_t bytes);
  Counter& first_counter(std::uint64_t caller) { return rows_[0][caller % kCounters]; }
  Counter& second_counter(std::uint64_t caller) { return rows_[1][caller / kCounters % kCounters]; }

  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
  Counter held_{0};
  std::array<std::array<Counter, kCounters>, 2> rows_{};
};

/// The share of one request in the budget, returned on destruction. Without a budget it grants everything.
class BufferReservation {
 public:
  BufferReservation() = default;
  /// `caller` is a digest with uniformly distributed bits.
  BufferReservation(BufferBudget& budget, std::uint64_t caller) : budget_(&budget), caller_(caller) {}
  BufferReservation(BufferReservation&& other) noexcept;
  BufferReservation& operator=(BufferReservation&& other) noexcept;
  ~BufferReservation() { release(); }

  /// Grows the share to at least `bytes`. Returns false, and leaves the share unchanged, if the budget is
  /// exhausted.
  [[nodiscard]] bool grow_to(std::size_t bytes);
  void release();
  std::size_t bytes() const { return bytes_; }

 private:
  BufferBudget* budget_ = nullptr;
  std::uint64_t caller_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sfjwt
