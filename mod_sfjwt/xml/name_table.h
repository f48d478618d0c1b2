// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/name.h"

namespace sfjwt::xml {

/// A hash of the length, the beginning and the end of a local name, which distinguishes the names of a schema
/// well enough. Only names of a WSDL are stored, so a sender cannot make the chains long.
inline std::uint32_t name_hash(std::string_view local) {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  const std::size_t n = local.size();
  if (n >= 8) {
    std::memcpy(&head, local.data(), 8);
    std::memcpy(&tail, local.data() + n - 8, 8);
  } else if (n >= 4) {
    std::memcpy(&head, local.data(), 4);
    std::memcpy(&tail, local.data() + n - 4, 4);
  } else {
    for (const char c : local) head = head << 8 | static_cast<unsigned char>(c);
  }
  const std::uint64_t mixed = (head ^ (tail << 7 | tail >> 57) ^ n) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::uint32_t>(mixed >> 32);
}

/// A map from expanded names to values; open addressing, at most half full. Filled at configuration time,
/// read-only afterwards.
template <class Value>
class NameTable {
 public:
  /// Returns whether the name was new; an existing one keeps its value.
  bool insert(const Name& name, Value value) {
    if (find(name)) return false;
    if (++used_ * 2 > slots_.size()) grow();
    place(Slot{std::string(name.local), name.namespace_id, true, std::move(value)});
    return true;
  }

  /// nullptr if there is none.
  const Value* find(const Name& name) const {
    for (std::size_t at = first(name.namespace_id, name.local); slots_[at].used;
         at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].id == name.namespace_id && same_text(slots_[at].local, name.local))
        return &slots_[at].value;
    }
    return nullptr;
  }

 private:
  struct Slot {
    std::string local;
    NamespaceId id = 0;
    bool used = false;
    Value value{};
  };

  std::size_t first(NamespaceId id, std::string_view local) const {
    return (name_hash(local) + id * 0x9E37U) & (slots_.size() - 1);
  }
  void place(Slot slot) {
    std::size_t at = first(slot.id, slot.local);
    while (slots_[at].used) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = std::move(slot);
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old) {
      if (slot.used) place(std::move(slot));
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(16);
  std::size_t used_ = 0;
};

}  // namespace sfjwt::xml
