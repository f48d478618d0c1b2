// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/keys/digest.h"
#include "mod_sfjwt/login/failure_counts.h"
#include "mod_sfjwt/login/known_addresses.h"

namespace sfjwt::login {

/// Limits failed logins: kMaxOfPair a minute for one user from one address, kMaxOfAddress for an address,
/// kMaxOfUser for a user. An address from which the user succeeded in the last 30 days is exempt from the
/// last one, so that others who guess at a password do not lock its owner out. All processes count together.
///
/// An attempt counts as failed before the password is checked, and success takes it back. So any number of
/// attempts at the same time cannot get more guesses than one after the other, and neither can a process that
/// is killed in between. The price: attempts that are still being checked can cause a refusal. Since refusals
/// are answered late anyway, begin() again until then, for example every 50 ms.
///
/// What an attacker can do to others:
/// - Nothing is ever evicted. Failures are counted in FailureCounts, which can count too much but never too
///   little, so inventing users or addresses never resets a count.
/// - A refused attempt counts nowhere. Whatever number of users one address invents, it adds at most
///   kMaxOfAddress failures a minute to everything, and kMaxOfPair to one user: it takes ten addresses to
///   reach a user's limit, and this only stops addresses that are new for the user. A refusal for the address
///   reads eight words and writes none.
/// - Somebody is refused by chance for the failures of others if all eight counts of the pair, address or
/// user
///   are full of them. A thousand addresses that all use up their limit in the worst way (6,000 pairs, 600
///   users) cause this for one pair in 10^8, and for fewer users and addresses. Ten thousand of them, which
///   send 600,000 passwords a minute, cause it for one or two pairs in a hundred.
/// - Only logins with the right password make an address known, and one user takes at most half of the
/// entries
///   of a set in KnownAddresses.
/// All hashes are salted: nobody can search for names that share counts with others.
///
/// Thread-safe.
class AttemptLimits {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr unsigned kMaxOfPair = 10;
  static constexpr unsigned kMaxOfAddress = 60;
  static constexpr unsigned kMaxOfUser = 100;

  static constexpr std::size_t kPairWidth = 65'536;  // counts in a row
  static constexpr std::size_t kWidth = 16'384;
  static constexpr std::size_t kBytes =
      FailureCounts::bytes(kPairWidth) + 2 * FailureCounts::bytes(kWidth) + KnownAddresses::kBytes;

  /// The limit that is reached.
  enum class Limit { pair, address, user };

  /// An attempt that may be made. End it with succeeded() or cancel(); otherwise it stays counted as failed.
  class Attempt {
    friend class AttemptLimits;
    keys::Digest pair{};
    keys::Digest address{};
    keys::Digest user{};
    std::uint64_t window = 0;
    bool counts_for_user = true;
  };

  /// kBytes of aligned memory, where all zeros is empty, and the hash of names; both must outlive the object.
  AttemptLimits(std::byte* memory, const keys::SaltedDigest& hash);

  /// Before the password is checked. Letters of `user` count the same in either case (ASCII); if names have
  /// other spellings, pass the one that they all lead to. `address` is the client's, as text; of an IPv6
  /// address only the first 64 bits count.
  Result<Attempt, Limit> begin(std::string_view user, std::string_view address, Steady now) const;

  /// The password was right: the attempt does not count, and the address is known for the user.
  void succeeded(const Attempt& attempt, Steady now) const;

  /// The password could not be checked: the attempt does not count.
  void cancel(const Attempt& attempt) const;

 private:
  FailureCounts pairs_;
  FailureCounts addresses_;
  FailureCounts users_;
  KnownAddresses known_;
  const keys::SaltedDigest* hash_;
};

}  // namespace sfjwt::login
