// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/tag_cache.h"

#include <cstring>

#include "mod_sfjwt/xml/byte_scan.h"

namespace sfjwt::schema {
namespace {

// Hashes the beginning, the middle and the end of a tag, and its length, which distinguishes the tags of a
// message well enough. Crafted collisions cost a bounded number of comparisons.
std::uint32_t hash_of(std::string_view tag) {
  const auto word_at = [&tag](std::size_t i) {
    std::uint64_t word;
    std::memcpy(&word, tag.data() + i, sizeof word);
    return word;
  };
  std::uint64_t hash = tag.size();
  if (tag.size() >= sizeof hash) {
    const std::size_t last = tag.size() - sizeof hash;
    hash += word_at(0) ^ word_at(last / 2) * 0xC2B2AE3D27D4EB4FULL ^ word_at(last) * 0x165667B19E3779F9ULL;
  } else {
    for (const char c : tag) hash = hash << 8 | static_cast<unsigned char>(c);
  }
  return static_cast<std::uint32_t>(hash * 0x9E3779B97F4A7C15ULL >> 32);
}

}  // namespace

TagCache::TagCache(const xml::Scanner& scanner) : scanner_(scanner) {
  for (std::size_t i = 0; i < kSlots; ++i) slots_[i] = {0, kNone};
}

TagCache::Place TagCache::find(std::string_view text, xml::NamespaceScope::Id scope, TypeId parent) const {
  const std::uint32_t hash = hash_of(text);
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe) {
    const Slot& slot = slots_[(hash + probe) % kSlots];
    if (slot.place == kNone) return kNone;
    if (slot.hash != hash) continue;
    const CachedTag& cached = tags_[slot.place];
    if (cached.tag.scope == scope && cached.parent == parent && scanner_.same(cached.tag, text))
      return slot.place;
  }
  return kNone;
}

TagCache::Place TagCache::add(const CachedTag& tag) {
  if (count_ == kCapacity) return kNone;
  const std::uint32_t hash = hash_of(scanner_.text_of(tag.tag));
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe) {
    Slot& slot = slots_[(hash + probe) % kSlots];
    if (slot.place != kNone) continue;
    const auto place = static_cast<Place>(count_++);
    slot = {hash, place};
    tags_[place] = tag;
    return place;
  }
  return kNone;
}

}  // namespace sfjwt::schema
