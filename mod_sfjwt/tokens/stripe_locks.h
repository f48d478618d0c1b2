// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <mutex>

#include "mod_sfjwt/tokens/slot_table.h"

namespace sfjwt::tokens {

/// The locks for writers of a SlotTable, one per stripe. A lock must become free if its holder dies.
class StripeLocks {
 public:
  virtual ~StripeLocks() = default;

  /// Returns false if the lock cannot be acquired.
  virtual bool lock(std::size_t stripe) noexcept = 0;
  virtual void unlock(std::size_t stripe) noexcept = 0;
};

/// For a table in one process.
class ThreadLocks final : public StripeLocks {
 public:
  bool lock(std::size_t stripe) noexcept override {
    mutexes_[stripe].lock();
    return true;
  }
  void unlock(std::size_t stripe) noexcept override { mutexes_[stripe].unlock(); }

 private:
  std::array<std::mutex, SlotTable::kStripes> mutexes_;
};

/// Holds the lock of a key's stripe, if it could be acquired.
class StripeLock {
 public:
  StripeLock(StripeLocks& locks, const SlotTable::Key& key)
      : locks_(locks), stripe_(SlotTable::stripe_of(key)), held_(locks.lock(stripe_)) {}
  StripeLock(const StripeLock&) = delete;
  StripeLock& operator=(const StripeLock&) = delete;
  ~StripeLock() {
    if (held_) locks_.unlock(stripe_);
  }
  explicit operator bool() const { return held_; }

 private:
  StripeLocks& locks_;
  std::size_t stripe_;
  bool held_;
};

}  // namespace sfjwt::tokens
