// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace sfjwt::oauth {

/// A map of bounded size that forgets what was used longest ago. Not safe to call from several threads.
template <class Key, class Value, class Hash>
class RecentMap {
 public:
  explicit RecentMap(std::size_t capacity) : capacity_(capacity > 0 ? capacity : 1) {}

  /// The value, which counts as used by this, or null. Valid until the next put or erase.
  Value* find(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  void put(const Key& key, Value value) {
    if (Value* const old = find(key)) {
      *old = std::move(value);
      return;
    }
    if (places_.size() >= capacity_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, std::move(value));
    try {
      places_.emplace(key, entries_.begin());
    } catch (...) {
      entries_.pop_front();
      throw;
    }
  }

  void erase(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    entries_.erase(found->second);
    places_.erase(found);
  }

 private:
  using Entries = std::list<std::pair<Key, Value>>;  // most recently used first

  std::size_t capacity_;
  Entries entries_;
  std::unordered_map<Key, typename Entries::iterator, Hash> places_;
};

}  // namespace sfjwt::oauth
