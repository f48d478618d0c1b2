// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/failure_throttle.h"

#include <algorithm>
#include <atomic>

#include "mod_sfjwt/keys/random.h"

namespace sfjwt::tokens {
namespace {

using std::chrono::milliseconds;

// The first is the maximum debt of one caller, however many of its requests fail at the same time. The second
// limits a new caller until the outcome of a request is known.
constexpr milliseconds kMaxCallerDebt = 6 * FailureThrottle::kCallerInterval;
constexpr milliseconds kUnknownLimit = kMaxCallerDebt - FailureThrottle::kCallerInterval;

// Limits for the debt of a client id: callers on probation can raise it to the first one; above the second
// one, all other callers have to reserve. One caller alone can owe less than either, and so does not affect
// the others.
constexpr milliseconds kProbationLimit{2'500};
constexpr milliseconds kOpenLimit{3'250};
static_assert(kMaxCallerDebt < kProbationLimit && kProbationLimit < kOpenLimit);
constexpr milliseconds kMaxClientDebt = kOpenLimit + milliseconds{1'000};

constexpr std::uint64_t kMaxDebt = 10'000;  // a higher value is from before a reboot, or not a time

std::uint64_t number(FailureDebt::Steady time) {
  return static_cast<std::uint64_t>(std::chrono::floor<milliseconds>(time.time_since_epoch()).count());
}

std::uint64_t debt_of(std::uint64_t paid_at, std::uint64_t now) {
  return paid_at > now && paid_at - now <= kMaxDebt ? paid_at - now : 0;
}

milliseconds client_cost() {
  constexpr auto kEach = static_cast<std::uint32_t>(FailureThrottle::kClientInterval.count());
  return milliseconds{kEach * 4 / 7 + keys::random_below(kEach * 6 / 7 + 1)};
}

}  // namespace

milliseconds FailureDebt::debt(Steady now) const {
  return milliseconds{debt_of(std::atomic_ref(*paid_at_).load(), number(now))};
}

std::optional<FailureDebt::Reservation> FailureDebt::reserve(Steady now, milliseconds cost,
                                                             milliseconds limit) const {
  const std::atomic_ref paid_at(*paid_at_);
  const std::uint64_t time = number(now);
  const auto added = static_cast<std::uint64_t>(cost.count());
  for (std::uint64_t before = paid_at;;) {
    const std::uint64_t owed = debt_of(before, time);
    if (owed > static_cast<std::uint64_t>(limit.count())) return std::nullopt;
    const std::uint64_t after = time + owed + added;
    if (paid_at.compare_exchange_weak(before, after))
      return Reservation{before, after, added, milliseconds{owed}};
  }
}

// If nobody reserved in the meantime, this undoes the reservation completely.
void FailureDebt::cancel(const Reservation& reservation) const {
  const std::atomic_ref paid_at(*paid_at_);
  std::uint64_t now = reservation.after;
  if (paid_at.compare_exchange_strong(now, reservation.before)) return;
  while (now > reservation.cost && !paid_at.compare_exchange_weak(now, now - reservation.cost)) {
  }
}

// The last outcome: its time, and in the lowest bit whether it was a failure; 0 if there was none.
constexpr std::uint64_t kFailed = 1;

bool CallerRecord::failed_since(Steady since) const {
  const std::uint64_t outcome = std::atomic_ref(words_[2]).load();
  return (outcome & kFailed) != 0 && outcome >> 1 > number(since);
}

bool CallerRecord::succeeded_last() const {
  const std::uint64_t outcome = std::atomic_ref(words_[2]).load();
  return outcome != 0 && (outcome & kFailed) == 0;
}

void CallerRecord::note_failure(Steady now) const {
  std::atomic_ref(words_[2]).store(number(now) << 1 | kFailed);
}

void CallerRecord::note_success(Steady now, Steady since) const {
  const std::atomic_ref outcome(words_[2]);
  std::uint64_t before = outcome;
  if (!failed_since(since)) outcome.compare_exchange_strong(before, number(now) << 1);
}

std::optional<CallerRecord> CallerTable::find(std::uint64_t caller) const {
  for (std::size_t way = 0; way < kWays; ++way)
    if (std::atomic_ref(*words(caller, way)).load() == caller) return CallerRecord(words(caller, way));
  return std::nullopt;
}

CallerRecord CallerTable::find_or_add(std::uint64_t caller) const {
  std::uint64_t* chosen = words(caller, 0);
  for (std::size_t attempt = 0; attempt < kWays; ++attempt) {
    if (const auto found = find(caller)) return *found;
    const auto paid_at = [](std::uint64_t* record) { return std::atomic_ref(record[1]).load(); };
    for (std::size_t way = 0; way < kWays; ++way)
      if (paid_at(words(caller, way)) < paid_at(chosen)) chosen = words(caller, way);
    std::uint64_t other = std::atomic_ref(chosen[0]).load();
    if (!std::atomic_ref(chosen[0]).compare_exchange_strong(other, caller)) continue;
    for (std::size_t word = 1; word < CallerRecord::kWords; ++word) std::atomic_ref(chosen[word]).store(0);
    break;
  }
  return CallerRecord(chosen);
}

Result<FailureThrottle::Permit, FailureThrottle::Refused> FailureThrottle::permit(std::uint64_t caller,
                                                                                  Steady now) const {
  Permit permit{caller};
  if (!limits_) return permit;
  const auto known = limits_->callers.find(caller);
  if (known && known->failed_since(now - kProbation)) return permit_on_probation(permit, *known, now);
  const FailureDebt& client = limits_->client;
  if (client.debt(now) >= kOpenLimit) {
    permit.of_client = client.reserve(now, client_cost(), kMaxClientDebt);
    if (!permit.of_client) return Unexpected{Refused::client};
    permit.wait = std::max(permit.of_client->debt - kOpenLimit, milliseconds{0});
  }
  if (known && known->succeeded_last()) return permit;
  permit.of_caller = limits_->callers.find_or_add(caller).debt().reserve(now, kCallerInterval, kUnknownLimit);
  if (permit.of_caller) return permit;
  if (permit.of_client) client.cancel(*permit.of_client);
  return Unexpected{Refused::pending};
}

Result<FailureThrottle::Permit, FailureThrottle::Refused> FailureThrottle::permit_on_probation(
    Permit permit, const CallerRecord& caller, Steady now) const {
  permit.of_caller = caller.debt().reserve(now, kCallerInterval, kLongestWait);
  if (!permit.of_caller) return Unexpected{Refused::caller};
  permit.wait = permit.of_caller->debt;
  permit.of_client = limits_->client.reserve(now, client_cost(), kProbationLimit);
  if (permit.of_client) return permit;
  caller.debt().cancel(*permit.of_caller);
  return Unexpected{Refused::client};
}

void FailureThrottle::succeeded(const Permit& permit, Steady now) const {
  if (!limits_) return;
  if (permit.of_client) limits_->client.cancel(*permit.of_client);
  if (!permit.of_caller) return;
  const CallerRecord caller = limits_->callers.find_or_add(permit.caller);
  caller.debt().cancel(*permit.of_caller);
  caller.note_success(now, now - kProbation);
}

// The reserved cost is paid. However many requests of one caller fail at a time, only some of them count for
// all callers.
void FailureThrottle::failed(const Permit& permit, Steady now) const {
  if (!limits_) return;
  const CallerRecord caller = limits_->callers.find_or_add(permit.caller);
  caller.note_failure(now);
  const bool counted =
      permit.of_caller || caller.debt().reserve(now, kCallerInterval, kMaxCallerDebt - kCallerInterval);
  if (counted && !permit.of_client)
    static_cast<void>(limits_->client.reserve(now, client_cost(), kMaxClientDebt));
}

}  // namespace sfjwt::tokens
