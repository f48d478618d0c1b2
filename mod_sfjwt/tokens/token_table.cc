// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_table.h"

#include <openssl/rand.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "mod_sfjwt/core/futex.h"
#include "mod_sfjwt/tokens/token_table_layout.h"
#include "mod_sfjwt/tokens/wiped_buffer.h"

namespace sfjwt::tokens {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kEveryConfiguration = INT64_MAX;

constexpr milliseconds kLongestSleep{100};  // then a waiter checks that the owner of the claim is alive

std::byte* bytes_at(std::uint64_t* memory, std::size_t offset) {
  return reinterpret_cast<std::byte*>(memory) + offset;
}

SlotTable::Shape slots_of(TokenTable::Shape shape) {
  return {shape.entries, shape.entry_bytes};
}

bool is_gone(std::int64_t process) {
  return process > 0 && process <= INT_MAX && kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
}

bool is_usable(const AccessToken& token, const Secret* rejected, UnixTime now) {
  return now < token.expires_at && !(rejected && token.value == *rejected && token.renewable(now));
}

bool is_due_for_renewal(const AccessToken& token, UnixTime now) {
  return token.renew_at <= now;
}

std::uint32_t seconds_of(UnixTime time) {
  return static_cast<std::uint32_t>(time.time_since_epoch().count());
}

}  // namespace

struct TokenTable::FoundClaim {
  ClaimRecord claim;
  SlotTable::Found at;
};

// The entry of a key.
struct TokenTable::Entry {
  std::optional<AccessToken> token;
  std::optional<ClaimRecord> claim;
};

std::size_t TokenTable::bytes(Shape shape) {
  return layout::table_bytes(slots_of(shape));
}

bool TokenTable::is_in(const std::uint64_t* memory, Shape shape) {
  return memory[layout::magic] == layout::kMagic && memory[layout::version] == layout::kVersion &&
         memory[layout::entries] == shape.entries && memory[layout::entry_bytes] == shape.entry_bytes;
}

TokenTable::TokenTable(std::uint64_t* memory, Shape shape, StripeLocks& locks, const Clock& clock,
                       std::int64_t configuration)
    : memory_(memory),
      tokens_(bytes_at(memory, layout::kTokensOffset), slots_of(shape)),
      claims_(bytes_at(memory, layout::claims_offset(slots_of(shape))), layout::kClaims),
      token_record_(slots_of(shape).largest_record()),
      locks_(locks),
      clock_(clock),
      configuration_(configuration) {
  if (memory[layout::magic] == 0) {
    memory[layout::version] = layout::kVersion;
    memory[layout::entries] = shape.entries;
    memory[layout::entry_bytes] = shape.entry_bytes;
    RAND_bytes(reinterpret_cast<unsigned char*>(memory + layout::salt), static_cast<int>(layout::kSaltBytes));
    memory[layout::magic] = layout::kMagic;
  }
  if (!is_in(memory, shape)) throw std::invalid_argument("another token table is in this memory");
}

// Two of the few clients rarely share a word; if they do, they share their limit.
FailureThrottle TokenTable::throttle_for(std::string_view client_id) const {
  const SlotTable::Shape tokens{memory_[layout::entries], memory_[layout::entry_bytes]};
  std::byte* const callers = bytes_at(memory_, layout::callers_offset(tokens));
  return {memory_[layout::first_debt + std::hash<std::string_view>{}(client_id) % layout::kDebts],
          CallerTable(reinterpret_cast<std::uint64_t*>(callers)),
          std::string(reinterpret_cast<const char*>(memory_ + layout::salt), layout::kSaltBytes)};
}

std::int64_t TokenTable::steady() const {
  return std::chrono::floor<milliseconds>(clock_.steady().time_since_epoch()).count();
}

std::uint32_t TokenTable::now() const {
  return seconds_of(clock_.now());
}

std::optional<AccessToken> TokenTable::token_of(const TokenKey& key, UnixTime now) const {
  WipedBuffer record(token_record_);
  const auto found = tokens_.read(key, record.bytes(), seconds_of(now));
  return found ? read_token(record.bytes().first(found->size)) : std::nullopt;
}

std::optional<TokenTable::FoundClaim> TokenTable::claim_of(const TokenKey& key) const {
  WipedBuffer record(layout::kClaims.largest_record());
  const auto found = claims_.read(key, record.bytes(), now());
  auto claim = found ? read_claim(record.bytes().first(found->size)) : std::nullopt;
  if (!claim) return std::nullopt;
  return FoundClaim{std::move(*claim), *found};
}

TokenTable::Entry TokenTable::entry_of(const TokenKey& key) const {
  Entry entry{token_of(key, clock_.now()), std::nullopt};
  if (auto found = claim_of(key)) entry.claim = std::move(found->claim);
  return entry;
}

bool TokenTable::write(const TokenKey& key, const AccessToken& token) {
  WipedBuffer record(token_record_);
  const auto size = write_record(token, record.bytes());
  if (!size) return false;
  const auto keep_until = static_cast<std::uint64_t>(token.expires_at.time_since_epoch().count());
  return tokens_.write(key, record.bytes().first(*size), keep_until, now(),
                       SlotTable::Eviction::least_recently_used) != nullptr;
}

// Also wakes the waiters of the previous claim.
bool TokenTable::write(const TokenKey& key, const ClaimRecord& claim, std::uint64_t keep_until) {
  WipedBuffer record(layout::kClaims.largest_record());
  const auto size = write_record(claim, record.bytes());
  if (!size) return false;
  std::uint32_t* const sequence =
      claims_.write(key, record.bytes().first(*size), keep_until, now(), SlotTable::Eviction::never);
  wake_all(sequence);
  return sequence != nullptr;
}

void TokenTable::end_claim(const TokenKey& key) {
  wake_all(claims_.erase(key));
}

bool TokenTable::is_running(const ClaimRecord& claim) const {
  return steady() < claim.lease_end && !is_gone(claim.owner);
}

// Child processes of the previous configuration may still report failures whose cause has been removed.
bool TokenTable::is_remembered(const ClaimRecord& claim) const {
  return claim.error && claim.configuration >= configuration_;
}

bool TokenTable::is_failing(const ClaimRecord& claim) const {
  return is_remembered(claim) && steady() < claim.failed_until;
}

// nullopt if a claim has to be written first.
std::optional<TokenStore::Answer> TokenTable::answer(Entry& entry, const Secret* rejected) const {
  const UnixTime time = clock_.now();
  const bool running = entry.claim && is_running(*entry.claim);
  const bool failing = entry.claim && is_failing(*entry.claim);
  if (entry.token && is_usable(*entry.token, rejected, time)) {
    if (!running && !failing && is_due_for_renewal(*entry.token, time)) return std::nullopt;
    return Fresh{std::move(*entry.token)};
  }
  const auto since = [this](std::int64_t moment) {
    return milliseconds{std::max<std::int64_t>(steady() - moment, 0)};
  };
  if (running) return Fetching{since(entry.claim->started), entry.claim->after_failure};
  if (!failing) return std::nullopt;
  const milliseconds left{std::max<std::int64_t>(entry.claim->failed_until - steady(), 1)};
  return Failed{std::move(*entry.claim->error), since(entry.claim->failed_at), left};
}

TokenStore::Answer TokenTable::get_or_claim(const TokenKey& key, milliseconds lease, const Secret* rejected) {
  const UnixTime time = clock_.now();
  if (auto token = token_of(key, time);
      token && is_usable(*token, rejected, time) && !is_due_for_renewal(*token, time))
    return Fresh{std::move(*token)};
  Entry seen = entry_of(key);
  if (auto answered = answer(seen, rejected)) return std::move(*answered);
  const StripeLock lock(locks_, key);
  if (!lock) return Claimed{};
  Entry entry = entry_of(key);
  if (auto answered = answer(entry, rejected)) return std::move(*answered);
  return claim(key, lease, std::move(entry), rejected);
}

// If there is no slot for the claim, the caller fetches anyway, and others may do so at the same time.
TokenStore::Answer TokenTable::claim(const TokenKey& key, milliseconds lease, Entry entry,
                                     const Secret* rejected) {
  const bool usable = entry.token && is_usable(*entry.token, rejected, clock_.now());
  if (entry.token && !usable) note_claim(key, *entry.token);
  ClaimRecord record;
  record.generation = std::atomic_ref(memory_[layout::last_generation]).fetch_add(1) + 1;
  record.started = steady();
  record.lease_end = record.started + lease.count();
  record.owner = getpid();
  record.after_failure = entry.claim && is_remembered(*entry.claim);
  const auto keep_until =
      now() + static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(lease).count());
  if (!write(key, record, keep_until)) record.generation = 0;
  const Claim claim{record.generation};
  if (usable) return Fresh{std::move(*entry.token), claim};
  return Claimed{claim, record.after_failure,
                 entry.token ? std::optional(entry.token->renewals) : std::nullopt};
}

// A rejected token is still supplied to others. The record of an expired one, without the token, is evicted
// first.
void TokenTable::note_claim(const TokenKey& key, AccessToken& token) {
  if (clock_.now() < token.expires_at) {
    token.renewals.count(clock_.now());
  } else {
    token = AccessToken{{}, {}, {}, {}, {}, UnixTime::max(), false, token.renewals};
  }
  write(key, token);
}

bool TokenTable::holds(const TokenKey& key, Claim claim) const {
  const auto found = claim_of(key);
  if (claim.generation == 0) return !found || !is_running(found->claim);
  return found && found->claim.generation == claim.generation && !found->claim.error;
}

// If there is no free slot, a token of another subject is evicted; only a token that is too large is not
// stored.
TokenStore::Put TokenTable::put(const TokenKey& key, Claim claim, const AccessToken& token) {
  const StripeLock lock(locks_, key);
  if (!lock) return Put::no_lock;
  if (!holds(key, claim)) return Put::superseded;
  const bool kept = write(key, token);
  end_claim(key);
  return kept ? Put::kept : Put::too_large;
}

void TokenTable::fail(const TokenKey& key, Claim claim, const oauth::TokenError& error,
                      std::chrono::seconds keep) {
  const StripeLock lock(locks_, key);
  if (!lock || !holds(key, claim)) return;
  if (keep <= std::chrono::seconds{0}) return end_claim(key);
  ClaimRecord failed;
  failed.generation = claim.generation;
  failed.failed_at = steady();
  failed.failed_until = failed.failed_at + milliseconds(keep).count();
  failed.configuration = oauth::outlives_restart(error) ? kEveryConfiguration : configuration_;
  failed.error = error;
  if (!write(key, failed, 0)) end_claim(key);
}

bool TokenTable::update(const TokenKey& key, const AccessToken& token) {
  const StripeLock lock(locks_, key);
  if (!lock) return false;
  auto held = token_of(key, clock_.now());
  if (!held || held->value != token.value) return false;
  held->expires_at = std::max(held->expires_at, token.expires_at);
  held->unproven = token.unproven;
  write(key, *held);
  return true;
}

// The pause replaces the mark `unproven`.
void TokenTable::rejected_again(const TokenKey& key, const Secret& value) {
  const StripeLock lock(locks_, key);
  if (!lock) return;
  auto held = token_of(key, clock_.now());
  if (!held || held->value != value) return;
  held->unproven = false;
  held->renewals.rejected_again(clock_.now());
  write(key, *held);
}

TokenStore::Wait TokenTable::wait(const TokenKey& key, milliseconds limit) {
  for (milliseconds left = limit; left > milliseconds{0};) {
    const auto found = claim_of(key);
    if (!found || !is_running(found->claim)) return Wait::changed;
    const milliseconds lease_left{found->claim.lease_end - steady()};
    const milliseconds longest = std::max(milliseconds{1}, std::min({left, lease_left, kLongestSleep}));
    sleep_at(found->at.sequence, found->at.seen, longest);
    const bool changed = std::atomic_ref(*found->at.sequence).load() != found->at.seen;
    if (changed || longest >= lease_left) return Wait::changed;
    left -= longest;
  }
  return Wait::timed_out;
}

}  // namespace sfjwt::tokens
