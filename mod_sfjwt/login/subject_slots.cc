// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/subject_slots.h"

#include <algorithm>
#include <atomic>

namespace sfjwt::login {
namespace {

constexpr std::size_t kUntil = 0;
constexpr std::size_t kWatermark = 1;

// The words of an id.
constexpr std::size_t kId = 0;
constexpr std::size_t kIssued = 1;
constexpr std::size_t kExpires = 2;

std::uint64_t load(std::uint64_t& word) {
  return std::atomic_ref(word).load(std::memory_order_acquire);
}
void store(std::uint64_t& word, std::uint64_t value) {
  std::atomic_ref(word).store(value, std::memory_order_release);
}

}  // namespace

// The ids first: when a writer has removed one, the watermark that covers it is already there. If the slot
// went to another subject meanwhile, nothing revoked was left in it.
bool SubjectSlots::Slot::refuses(std::uint64_t id, std::uint64_t issued) const {
  bool refused = false;
  for (std::size_t number = 0; number < ids_ && !refused; ++number)
    refused = load(id_words(number)[kId]) == id;
  return (refused || issued <= watermark()) && load(*name_) == expected_;
}

std::uint64_t SubjectSlots::Slot::watermark() const {
  return load(words_[kWatermark]);
}

bool SubjectSlots::Slot::is_outdated(std::uint64_t now) const {
  return load(words_[kUntil]) <= now;
}

bool SubjectSlots::Slot::is_needed(const std::uint64_t* words, std::uint64_t now) const {
  return words[kId] != 0 && words[kExpires] > now && words[kIssued] > words_[kWatermark];
}

bool SubjectSlots::Slot::has_space(std::uint64_t now) const {
  for (std::size_t number = 0; number < ids_; ++number)
    if (!is_needed(id_words(number), now)) return true;
  return false;
}

void SubjectSlots::Slot::raise(std::size_t word, std::uint64_t value) const {
  if (words_[word] < value) store(words_[word], value);
}

std::uint64_t* SubjectSlots::Slot::place_for(std::uint64_t now) const {
  std::uint64_t* oldest = id_words(0);
  for (std::size_t number = 0; number < ids_; ++number) {
    std::uint64_t* const words = id_words(number);
    if (!is_needed(words, now)) return words;
    if (words[kIssued] < oldest[kIssued]) oldest = words;
  }
  return oldest;
}

void SubjectSlots::Slot::add(const RevokedId& added, std::uint64_t now) const {
  raise(kUntil, added.expires);
  if (refuses(added.id, added.issued)) return;
  std::uint64_t* const words = place_for(now);
  if (is_needed(words, now)) {
    raise(kWatermark, std::min(words[kIssued], added.issued));
    if (added.issued <= words[kIssued]) return;
  }
  store(words[kId], 0);
  store(words[kIssued], added.issued);
  store(words[kExpires], added.expires);
  store(words[kId], added.id);
}

void SubjectSlots::Slot::copy_from(const Slot& other) const {
  store(words_[kUntil], other.words_[kUntil]);
  store(words_[kWatermark], other.words_[kWatermark]);
  for (std::size_t number = 0; number < std::min(ids_, other.ids_); ++number)
    for (std::size_t word = 0; word < kIdWords; ++word)
      store(id_words(number)[word], other.id_words(number)[word]);
}

void SubjectSlots::Slot::publish() const {
  store(*name_, expected_);
}

void SubjectSlots::Slot::release() const {
  store(*name_, 0);
}

SubjectSlots::Slot SubjectSlots::slot(const Subject& subject, std::size_t choice, std::size_t way) const {
  const std::size_t number = subject.sets[choice] % (shape_.slots / kWays) * kWays + way;
  return {names_[number], subject.name, names_ + shape_.slots + number * shape_.slot_words(), shape_.ids};
}

std::optional<SubjectSlots::Slot> SubjectSlots::find(const Subject& subject) const {
  for (std::size_t choice = 0; choice < subject.sets.size(); ++choice) {
    for (std::size_t way = 0; way < kWays; ++way) {
      const Slot candidate = slot(subject, choice, way);
      if (load(*candidate.name_) == subject.name) return candidate;
    }
  }
  return std::nullopt;
}

std::optional<SubjectSlots::Slot> SubjectSlots::take_free(const Subject& subject, std::uint64_t now) const {
  std::array<std::size_t, 2> free_count{};
  std::array<std::optional<Slot>, 2> free;
  for (std::size_t choice = 0; choice < subject.sets.size(); ++choice) {
    for (std::size_t way = 0; way < kWays; ++way) {
      const Slot candidate = slot(subject, choice, way);
      if (load(*candidate.name_) != 0 && !candidate.is_outdated(now)) continue;
      ++free_count[choice];
      free[choice] = candidate;
    }
  }
  const auto& taken = free[free_count[1] > free_count[0] ? 1 : 0];
  if (!taken) return std::nullopt;
  taken->release();
  for (std::size_t word = 0; word < shape_.slot_words(); ++word) store(taken->words_[word], 0);
  return taken;
}

}  // namespace sfjwt::login
