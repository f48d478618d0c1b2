// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/known_tags.h"

#include "mod_sfjwt/soap/runs.h"
#include "mod_sfjwt/soap/text_hash.h"

namespace sfjwt::soap {

KnownTags::KnownTags(const Scanner& scanner) : scanner_(scanner) {
  for (std::size_t i = 0; i < kSlots; ++i) slots_[i] = {0, kNone};
}

KnownTags::Place KnownTags::find(std::string_view text, NamespaceScope::Id scope, TypeId parent) const {
  const std::uint32_t hash = text_hash(text);
  for (std::size_t probe = 0; probe < kMostProbes; ++probe) {
    const Slot& slot = slots_[(hash + probe) % kSlots];
    if (slot.place == kNone) return kNone;
    if (slot.hash != hash) continue;
    const KnownTag& known = tags_[slot.place];
    if (known.tag.scope == scope && known.parent == parent && same_text(scanner_.text_of(known.tag), text))
      return slot.place;
  }
  return kNone;
}

KnownTags::Place KnownTags::add(const KnownTag& tag) {
  if (count_ == kCapacity) return kNone;
  const std::uint32_t hash = text_hash(scanner_.text_of(tag.tag));
  for (std::size_t probe = 0; probe < kMostProbes; ++probe) {
    Slot& slot = slots_[(hash + probe) % kSlots];
    if (slot.place != kNone) continue;
    const auto place = static_cast<Place>(count_++);
    slot = {hash, place};
    tags_[place] = tag;
    return place;
  }
  return kNone;
}

}  // namespace sfjwt::soap
