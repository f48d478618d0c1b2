// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <span>

namespace sfjwt {

/// The combined lists of nested sections: pointers to the list of each section, outermost first. The size is
/// fixed: sections are merged for every request, and merging must not allocate. Two of them are equal if they
/// consist of the same lists.
template <class List>
class InheritedLists {
 public:
  static constexpr std::size_t kMaxLists = 16;

  /// Sets the list of this section; null only if the section has none.
  void set_own(const List* list) { lists_[0] = list; }

  /// The list of this section, or null if it has none. Call it only before merging.
  const List* own() const { return lists_[0]; }

  /// Ignores the lists of outer sections.
  void clear_inherited() { clears_ = true; }
  bool clears_inherited() const { return clears_; }

  /// Adds the lists of an inner section; a list that is already present is not added again.
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

  /// Whether there were more than kMaxLists lists, so that one is missing.
  bool too_many() const { return too_many_; }

  std::span<const List* const> lists() const {
    const auto end = std::find(lists_.begin(), lists_.end(), nullptr);
    return {lists_.data(), static_cast<std::size_t>(end - lists_.begin())};
  }

  /// All lists concatenated.
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
  std::array<const List*, kMaxLists> lists_{};  // null: unused
};

}  // namespace sfjwt
