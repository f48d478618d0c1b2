// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/attempt_limits.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/tokens/caller_identity.h"

namespace sfjwt::login {
namespace {

constexpr std::size_t kAddressesOffset = FailureCounts::bytes(AttemptLimits::kPairWidth);
constexpr std::size_t kUsersOffset = kAddressesOffset + FailureCounts::bytes(AttemptLimits::kWidth);
constexpr std::size_t kKnownOffset = kUsersOffset + FailureCounts::bytes(AttemptLimits::kWidth);
static_assert(kKnownOffset + KnownAddresses::kBytes == AttemptLimits::kBytes);

}  // namespace

AttemptLimits::AttemptLimits(std::byte* memory, const keys::SaltedDigest& hash)
    : pairs_(memory, kPairWidth),
      addresses_(memory + kAddressesOffset, kWidth),
      users_(memory + kUsersOffset, kWidth),
      known_(memory + kKnownOffset),
      hash_(&hash) {}

// Each limit counts only what passes those before it, the address first: it stops floods of invented users
// before they count anywhere else.
Result<AttemptLimits::Attempt, AttemptLimits::Limit> AttemptLimits::begin(std::string_view user,
                                                                          std::string_view address,
                                                                          Steady now) const {
  const std::string network = tokens::CallerIdentity{{}, {}, {}, address}.caller();
  Attempt attempt;
  attempt.window = FailureCounts::window_of(now);
  attempt.address = hash_->of({"address", network});
  if (!addresses_.add(attempt.address, attempt.window, kMaxOfAddress)) return Unexpected{Limit::address};
  const std::string name = ascii_lower(user);
  attempt.pair = hash_->of({"pair", name, network});
  if (!pairs_.add(attempt.pair, attempt.window, kMaxOfPair)) {
    addresses_.remove(attempt.address, attempt.window);
    return Unexpected{Limit::pair};
  }
  attempt.user = hash_->of({"user", name});
  attempt.counts_for_user = !known_.contains(attempt.user, attempt.address, now);
  if (!attempt.counts_for_user || users_.add(attempt.user, attempt.window, kMaxOfUser)) return attempt;
  attempt.counts_for_user = false;
  cancel(attempt);
  return Unexpected{Limit::user};
}

void AttemptLimits::succeeded(const Attempt& attempt, Steady now) const {
  known_.add(attempt.user, attempt.address, now);
  cancel(attempt);
}

void AttemptLimits::cancel(const Attempt& attempt) const {
  if (attempt.counts_for_user) users_.remove(attempt.user, attempt.window);
  pairs_.remove(attempt.pair, attempt.window);
  addresses_.remove(attempt.address, attempt.window);
}

}  // namespace sfjwt::login
