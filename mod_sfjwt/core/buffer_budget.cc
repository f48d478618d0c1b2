// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/buffer_budget.h"

#include <algorithm>
#include <utility>

namespace sfjwt {
namespace {

constexpr auto kOrder = std::memory_order_relaxed;  // only the counters matter; they publish no other data

}  // namespace

// Adds first and checks afterwards: otherwise two threads could both see the same free space and take it.
bool BufferBudget::take(std::uint64_t caller, std::size_t bytes) {
  if (bytes > limit_) return false;  // keeps the sums below from overflowing
  const std::size_t all = held_.fetch_add(bytes, kOrder) + bytes;
  const std::size_t first = first_counter(caller).fetch_add(bytes, kOrder) + bytes;
  const std::size_t second = second_counter(caller).fetch_add(bytes, kOrder) + bytes;
  if (all <= limit_ && std::min(first, second) <= limit_ / 2) return true;
  give_back(caller, bytes);
  return false;
}

void BufferBudget::give_back(std::uint64_t caller, std::size_t bytes) {
  held_.fetch_sub(bytes, kOrder);
  first_counter(caller).fetch_sub(bytes, kOrder);
  second_counter(caller).fetch_sub(bytes, kOrder);
}

BufferReservation::BufferReservation(BufferReservation&& other) noexcept
    : budget_(other.budget_), caller_(other.caller_), bytes_(std::exchange(other.bytes_, 0)) {}

BufferReservation& BufferReservation::operator=(BufferReservation&& other) noexcept {
  if (this == &other) return *this;
  release();
  budget_ = other.budget_;
  caller_ = other.caller_;
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

bool BufferReservation::grow_to(std::size_t bytes) {
  if (bytes <= bytes_) return true;
  if (budget_ && !budget_->take(caller_, bytes - bytes_)) return false;
  bytes_ = bytes;
  return true;
}

void BufferReservation::release() {
  if (budget_ && bytes_ != 0) budget_->give_back(caller_, bytes_);
  bytes_ = 0;
}

}  // namespace sfjwt
