// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/slot_table.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

namespace sfjwt::tokens {
namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);
constexpr int kMaxLooks = 200;  // at a slot that is being written, before the reader takes the lock

// The words of a slot, see slot_table.h; sequence and last use share the first word.
constexpr std::size_t kKeepUntil = 1;
constexpr std::size_t kSize = 2;
constexpr std::size_t kKey = 3;
constexpr std::size_t kRecord = 7;
static_assert(kKeepUntil * kWord == 2 * sizeof(std::uint32_t));
static_assert(kRecord * kWord == kKey * kWord + sizeof(SlotTable::Key));
static_assert(kRecord * kWord == SlotTable::kSlotOverhead);
static_assert(SlotTable::kStripes == 16 && SlotTable::kWays == 32);

std::uint64_t word_of(const std::byte* bytes, std::size_t size = kWord) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, size);
  return word;
}

std::uint64_t key_word(const SlotTable::Key& key, std::size_t number) {
  std::uint64_t word = 0;
  std::memcpy(&word, key.data() + number * kWord, kWord);
  return word;
}

constexpr std::size_t words_for(std::size_t bytes) {
  return (bytes + kWord - 1) / kWord;
}

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

// Loads acquire and stores release: a reader that sees a word of a later write also sees its odd sequence
// number.
class SlotTable::Slot {
 public:
  Slot(std::byte* bytes, std::byte* tag, std::size_t largest_record)
      : numbers_(reinterpret_cast<std::uint32_t*>(bytes)),
        words_(reinterpret_cast<std::uint64_t*>(bytes)),
        tag_(reinterpret_cast<std::uint32_t*>(tag)),
        largest_record_(largest_record) {}

  std::uint32_t tag() const { return std::atomic_ref(*tag_).load(std::memory_order_relaxed); }
  std::uint32_t sequence() const { return std::atomic_ref(numbers_[0]).load(std::memory_order_acquire); }
  std::uint32_t used() const { return std::atomic_ref(numbers_[1]).load(std::memory_order_relaxed); }
  std::uint64_t keep_until() const { return load(kKeepUntil); }
  bool is_free() const { return tag() == 0 || half_written(sequence()); }
  bool holds(const Key& key) const {
    for (std::size_t i = 0; i < 4; ++i)
      if (load(kKey + i) != key_word(key, i)) return false;
    return true;
  }

  // Usually the last use was within the same second, and nothing is written.
  void use(std::uint32_t now) const {
    if (used() != now) std::atomic_ref(numbers_[1]).store(now, std::memory_order_relaxed);
  }

  std::optional<Found> copy(const Key& key, std::span<std::byte> into) const {
    for (int look = 0; look < kMaxLooks; ++look) {
      const std::uint32_t before = sequence();
      if (half_written(before)) {
        pause();
        continue;
      }
      const std::size_t size = load(kSize);
      const bool right = holds(key) && size <= largest_record_ && words_for(size) * kWord <= into.size();
      if (right) copy_words(into.data(), words_for(size));
      if (sequence() == before) return right ? std::optional(Found{size, numbers_, before}) : std::nullopt;
    }
    return std::nullopt;
  }

  std::uint32_t* write(const Key& key, std::uint32_t its_tag, std::span<const std::byte> record,
                       std::uint64_t keep_until, std::uint32_t now) const {
    const std::uint32_t odd = begin();
    std::atomic_ref(*tag_).store(its_tag, std::memory_order_release);
    for (std::size_t i = 0; i < 4; ++i) store(kKey + i, key_word(key, i));
    const std::size_t old_size = std::min<std::size_t>(load(kSize), largest_record_);
    store(kSize, record.size());
    store(kKeepUntil, keep_until);
    std::size_t word = kRecord;
    for (std::size_t done = 0; done < record.size(); done += kWord)
      store(word++, word_of(record.data() + done, std::min(kWord, record.size() - done)));
    while (word < kRecord + words_for(old_size)) store(word++, 0);  // overwrite the rest of a longer secret
    use(now);
    end(odd);
    return numbers_;
  }

  std::uint32_t* clear() const {
    const std::uint32_t odd = begin();
    std::atomic_ref(*tag_).store(0, std::memory_order_release);
    for (std::size_t word = kKeepUntil; word < kRecord + words_for(largest_record_); ++word) store(word, 0);
    end(odd);
    return numbers_;
  }

 private:
  static bool half_written(std::uint32_t sequence) { return sequence & 1U; }

  std::uint64_t load(std::size_t word) const {
    return std::atomic_ref(words_[word]).load(std::memory_order_acquire);
  }
  void store(std::size_t word, std::uint64_t value) const {
    std::atomic_ref(words_[word]).store(value, std::memory_order_release);
  }
  void copy_words(std::byte* into, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i, into += kWord) {
      const std::uint64_t value = load(kRecord + i);
      std::memcpy(into, &value, kWord);
    }
  }

  // An odd number is left behind by a writer that died.
  std::uint32_t begin() const {
    const std::uint32_t odd = sequence() | 1U;
    std::atomic_ref(numbers_[0]).store(odd, std::memory_order_release);
    return odd;
  }
  void end(std::uint32_t odd) const {
    std::atomic_ref(numbers_[0]).store(odd + 1, std::memory_order_release);
  }

  std::uint32_t* numbers_;
  std::uint64_t* words_;
  std::uint32_t* tag_;
  std::size_t largest_record_;
};

SlotTable::Sets SlotTable::sets_of(const Key& key) const {
  const std::size_t sets = shape_.sets_per_stripe();
  const std::size_t first = stripe_of(key) * sets;
  const auto tag = static_cast<std::uint32_t>(key_word(key, 2));
  return {{first + key_word(key, 0) % sets, first + key_word(key, 1) % sets}, tag ? tag : 1U};
}

// The tags of all sets precede the slots: the tags of one set are in adjacent cache lines.
SlotTable::Slot SlotTable::slot(std::size_t set, std::size_t way) const {
  const std::size_t number = set * kWays + way;
  std::byte* const slots = memory_ + shape_.rounded_slots() * sizeof(std::uint32_t);
  return {slots + number * shape_.slot_bytes, memory_ + number * sizeof(std::uint32_t),
          shape_.largest_record()};
}

std::optional<SlotTable::Found> SlotTable::read(const Key& key, std::span<std::byte> into,
                                                std::uint32_t now) const {
  const Sets sets = sets_of(key);
  for (const std::size_t set : sets.number) {
    auto* const tags = reinterpret_cast<std::uint32_t*>(memory_) + set * kWays;
    for (std::size_t way = 0; way < kWays; ++way) {
      if (std::atomic_ref(tags[way]).load(std::memory_order_relaxed) != sets.tag) continue;
      const Slot candidate = slot(set, way);
      if (const auto found = candidate.copy(key, into)) {
        candidate.use(now);
        return found;
      }
    }
  }
  return std::nullopt;
}

std::optional<SlotTable::Slot> SlotTable::held_slot(const Key& key) const {
  const Sets sets = sets_of(key);
  for (const std::size_t set : sets.number) {
    for (std::size_t way = 0; way < kWays; ++way) {
      const Slot candidate = slot(set, way);
      if (candidate.tag() == sets.tag && !candidate.is_free() && candidate.holds(key)) return candidate;
    }
  }
  return std::nullopt;
}

std::optional<SlotTable::Slot> SlotTable::free_slot(const Key& key, std::uint32_t now,
                                                    Eviction eviction) const {
  std::array<std::size_t, 2> free_count{};
  std::array<std::optional<Slot>, 2> free;
  std::optional<Slot> outdated;
  std::optional<Slot> oldest;
  const Sets sets = sets_of(key);
  for (std::size_t choice = 0; choice < 2; ++choice) {
    for (std::size_t way = 0; way < kWays; ++way) {
      const Slot candidate = slot(sets.number[choice], way);
      if (candidate.is_free()) {
        ++free_count[choice];
        free[choice] = candidate;
      } else if (candidate.keep_until() <= now) {
        outdated = candidate;
      } else if (!oldest || candidate.used() < oldest->used()) {
        oldest = candidate;
      }
    }
  }
  const std::size_t emptier = free_count[1] > free_count[0] ? 1 : 0;
  if (free[emptier]) return free[emptier];
  if (outdated) return outdated;
  return eviction == Eviction::least_recently_used ? oldest : std::nullopt;
}

std::uint32_t* SlotTable::write(const Key& key, std::span<const std::byte> record, std::uint64_t keep_until,
                                std::uint32_t now, Eviction eviction) const {
  if (record.size() > shape_.largest_record()) return nullptr;
  auto place = held_slot(key);
  if (!place) place = free_slot(key, now, eviction);
  if (!place) return nullptr;
  return place->write(key, sets_of(key).tag, record, keep_until, now);
}

std::uint32_t* SlotTable::erase(const Key& key) const {
  const auto place = held_slot(key);
  return place ? place->clear() : nullptr;
}

}  // namespace sfjwt::tokens
