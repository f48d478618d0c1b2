// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/revocations.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace sfjwt::login {
namespace {

constexpr std::size_t kWatermarkOffset = 64;
static_assert(sizeof(pthread_mutex_t) <= kWatermarkOffset && alignof(pthread_mutex_t) <= 64);
static_assert(kWatermarkOffset + sizeof(std::uint64_t) <= Revocations::kHeadBytes);

pthread_mutex_t* mutex_in(std::byte* memory) {
  return reinterpret_cast<pthread_mutex_t*>(memory);
}

std::atomic_ref<std::uint64_t> watermark_in(std::byte* memory) {
  return std::atomic_ref(*reinterpret_cast<std::uint64_t*>(memory + kWatermarkOffset));
}

void raise(std::atomic_ref<std::uint64_t> watermark, std::uint64_t to) {
  for (std::uint64_t before = watermark; before < to && !watermark.compare_exchange_weak(before, to);) {
  }
}

void require(int error) {
  if (error != 0) throw std::system_error(error, std::generic_category(), "the lock of revocations");
}

std::uint64_t word_of(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Zero means that there is none.
std::uint64_t nonzero(std::uint64_t word) {
  return word != 0 ? word : 1;
}

std::uint64_t number(UnixTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
std::uint64_t number(UnixMilliseconds time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

RevokedId revoked_id(const Handle& handle) {
  return {nonzero(word_of(handle.id.data())), number(handle.issued_at), number(handle.expires_at)};
}

}  // namespace

// A robust mutex: if its holder dies, the next one gets it and finds the memory usable.
class Revocations::WriterLock {
 public:
  explicit WriterLock(std::byte* memory) : mutex_(mutex_in(memory)), error_(pthread_mutex_lock(mutex_)) {
    if (error_ == EOWNERDEAD) error_ = pthread_mutex_consistent(mutex_);
  }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock() {
    if (error_ == 0) pthread_mutex_unlock(mutex_);
  }
  explicit operator bool() const { return error_ == 0; }

 private:
  pthread_mutex_t* mutex_;
  int error_;
};

void Revocations::create(std::byte* memory) {
  pthread_mutexattr_t attributes;
  require(pthread_mutexattr_init(&attributes));
  int error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  if (error == 0) error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  if (error == 0) error = pthread_mutex_init(mutex_in(memory), &attributes);
  pthread_mutexattr_destroy(&attributes);
  require(error);
}

Revocations::Revocations(std::byte* memory, const keys::SaltedDigest& hash)
    : memory_(memory),
      small_(memory + kHeadBytes, kSmall),
      large_(memory + kHeadBytes + kSmall.bytes(), kLarge),
      hash_(&hash) {}

SubjectSlots::Subject Revocations::subject_of(std::string_view name) const {
  const keys::Digest digest = hash_->of({"revocations", name});
  return {nonzero(word_of(digest.data())), {word_of(digest.data() + 8), word_of(digest.data() + 16)}};
}

void Revocations::revoke(const Handle& handle, UnixTime now) const {
  if (handle.expires_at <= now) return;
  const RevokedId id = revoked_id(handle);
  const SubjectSlots::Subject subject = subject_of(handle.subject);
  const WriterLock lock(memory_);
  if (!lock || !add(subject, id, number(now))) raise(watermark_in(memory_), id.issued);
}

// The order matters to readers and to whoever comes after a writer that was killed: what moves to a large
// slot is there before it leaves the small one. If a small one was left behind, the large one is found first.
bool Revocations::add(const SubjectSlots::Subject& subject, const RevokedId& id, std::uint64_t now) const {
  if (const auto large = large_.find(subject)) {
    large->add(id, now);
    return true;
  }
  const auto small = small_.find(subject);
  if (small && small->has_space(now)) {
    small->add(id, now);
    return true;
  }
  auto fresh = small ? std::nullopt : small_.take_free(subject, now);
  if (!fresh) fresh = large_.take_free(subject, now);
  if (!fresh) {
    if (small) small->add(id, now);
    return small.has_value();
  }
  if (small) fresh->copy_from(*small);
  fresh->add(id, now);
  fresh->publish();
  if (small) small->release();
  return true;
}

// In the order in which a writer moves things on: from a small slot to a large one, or to the watermark.
bool Revocations::revoked(const Handle& handle) const {
  const RevokedId id = revoked_id(handle);
  const SubjectSlots::Subject subject = subject_of(handle.subject);
  for (const SubjectSlots* slots : {&small_, &large_}) {
    const auto slot = slots->find(subject);
    if (slot && slot->refuses(id.id, id.issued)) return true;
  }
  return id.issued <= watermark_in(memory_);
}

UnixMilliseconds Revocations::issue_time(std::string_view subject, UnixMilliseconds now) const {
  const SubjectSlots::Subject its = subject_of(subject);
  std::uint64_t refused = watermark_in(memory_);
  for (const SubjectSlots* slots : {&small_, &large_})
    if (const auto slot = slots->find(its)) refused = std::max(refused, slot->watermark());
  return UnixMilliseconds{
      std::chrono::milliseconds{static_cast<std::int64_t>(std::max(number(now), refused + 1))}};
}

}  // namespace sfjwt::login
