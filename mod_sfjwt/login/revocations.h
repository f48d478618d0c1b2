// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/keys/digest.h"
#include "mod_sfjwt/login/handle.h"
#include "mod_sfjwt/login/subject_slots.h"

namespace sfjwt::login {

/// The handles that logged out, in memory that processes share, any of which may be killed at any moment.
///
/// A subject's last kMaxIds revoked ids are kept until their handles expire. Where there is no space for one
/// more, a watermark takes the place of the oldest: all handles of the subject that were issued at its time
/// or earlier are refused. If there is no space for a subject, a watermark of all subjects takes its place.
/// So a revoked handle is never accepted; handles that were not revoked may be refused, and their owners log
/// in again.
///
/// Readers take no lock. Writers take one that becomes free when its holder dies, and change the memory in
/// such an order that all earlier revocations hold after every single write.
///
/// Handles of another gateway whose clock is ahead raise watermarks to its time: until then, handles of the
/// subject from gateways that have not seen the log-out may be refused here.
///
/// Thread-safe. All functions throw std::runtime_error if OpenSSL fails.
class Revocations {
 public:
  static constexpr std::size_t kMaxIds = 100;  // of a subject

  /// Most subjects have few revoked ids and fit into a small slot; the others move to a large one. If there
  /// is no large slot, the watermark comes earlier.
  static constexpr SubjectSlots::Shape kSmall{65'536, 4};
  static constexpr SubjectSlots::Shape kLarge{2'048, kMaxIds};

  static constexpr std::size_t kHeadBytes = 128;  // lock, watermark of all subjects
  static constexpr std::size_t kBytes = kHeadBytes + kSmall.bytes() + kLarge.bytes();

  /// Makes the lock in zeroed memory, once, before the memory is shared. Throws std::system_error.
  static void create(std::byte* memory);

  /// kBytes of memory after create(), aligned to 64, and the hash of subjects; both must outlive the object.
  Revocations(std::byte* memory, const keys::SaltedDigest& hash);

  /// From its return on, revoked() is true for the handle, in all processes. Does nothing for an expired one.
  void revoke(const Handle& handle, UnixTime now) const;

  bool revoked(const Handle& handle) const;

  /// `now`, or the next millisecond that no watermark refuses, for the handle of a new login. So a login
  /// after a log-out is accepted even within the same millisecond, or if the clock was set back.
  UnixMilliseconds issue_time(std::string_view subject, UnixMilliseconds now) const;

 private:
  class WriterLock;

  SubjectSlots::Subject subject_of(std::string_view name) const;
  bool add(const SubjectSlots::Subject& subject, const RevokedId& id, std::uint64_t now) const;

  std::byte* memory_;
  SubjectSlots small_;
  SubjectSlots large_;
  const keys::SaltedDigest* hash_;
};

}  // namespace sfjwt::login
