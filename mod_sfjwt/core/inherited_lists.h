// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <span>

namespace sfjwt {

/// The lists of nested sections, which add up: pointers to the list of each section, outermost first. Of a
/// fixed size, since sections are merged anew for every request: nothing is allocated and nothing destroyed.
/// Two are equal when they are made of the same lists.
template <class List>
class InheritedLists {
 public:
  static constexpr std::size_t kMaxLists = 16;

  /// The list of this section takes this value; null only while a section has none.
  void set_own(const List* list) { lists_[0] = list; }

  /// The list of this section itself, null when it has none. Only before anything is merged.
  const List* own() const { return lists_[0]; }

  /// What outer sections say does not count.
  void clear_inherited() { clears_ = true; }
  bool clears_inherited() const { return clears_; }

  /// Adds what an inner section says; a list that is here already is not added twice.
  void add(const InheritedLists& inner) {
    if (inner.clears_) {
      *this = inner;
      return;
    }
    too_many_ = too_many_ || inner.too_many_;
    for (const List* list : inner.lists()) {
      const std::size_t count = lists().size();
      if (std::find(lists_.begin(), lists_.begin() + count, list) != lists_.begin() + count) continue;
      if (count == kMaxLists) too_many_ = true;
      if (count < kMaxLists) lists_[count] = list;
    }
  }

  /// Whether more than kMaxLists came together, so that one of them is missing here.
  bool too_many() const { return too_many_; }

  std::span<const List* const> lists() const {
    const auto end = std::find(lists_.begin(), lists_.end(), nullptr);
    return {lists_.data(), static_cast<std::size_t>(end - lists_.begin())};
  }

  /// All lists in one.
  List all() const {
    List joined;
    for (const List* list : lists()) joined.insert(joined.end(), list->begin(), list->end());
    return joined;
  }

  std::strong_ordering operator<=>(const InheritedLists& other) const {
    if (const auto order = clears_ <=> other.clears_; order != 0) return order;
    if (const auto order = too_many_ <=> other.too_many_; order != 0) return order;
    for (std::size_t i = 0; i < kMaxLists; ++i) {
      const auto order = std::compare_three_way()(lists_[i], other.lists_[i]);
      if (order != 0 || !lists_[i]) return order;
    }
    return std::strong_ordering::equal;
  }
  bool operator==(const InheritedLists& other) const { return (*this <=> other) == 0; }

 private:
  bool clears_ = false;
  bool too_many_ = false;
  std::array<const List*, kMaxLists> lists_{};  // null: no more
};

}  // namespace sfjwt
