// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_table.h"

#include <linux/futex.h>
#include <openssl/rand.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <ctime>
#include <functional>
#include <stdexcept>
#include <utility>

#include "mod_sfjwt/core/raw_array.h"

namespace sfjwt::tokens {
namespace {

using std::chrono::milliseconds;
using State = TokenStore::Answer::State;

// The memory: a header, the tokens, the mints, the callers of token requests.
constexpr std::uint64_t kMagic = 0x656c626174776a66;  // of these bytes, in this order
constexpr std::uint64_t kVersion = 3;
enum HeaderWord : std::size_t { magic, version, entries, entry_bytes, last_generation, salt };
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHeaderBytes = 4096;
constexpr std::size_t kFirstFailureWord = 64;
constexpr std::size_t kFailureWords = kHeaderBytes / sizeof(std::uint64_t) - kFirstFailureWord;
constexpr SlotTable::Shape kMints{8192, 1024};  // an error with its remedy fits

constexpr std::int64_t kEveryConfiguration = INT64_MAX;

constexpr milliseconds kLongestSleep{100};  // then a sleeper looks whether the one it waits for is alive

std::byte* bytes_at(std::uint64_t* memory, std::size_t offset) {
  return reinterpret_cast<std::byte*>(memory) + offset;
}

SlotTable::Shape slots_of(TokenTable::Shape shape) {
  return {shape.entries, shape.entry_bytes};
}

// Bytes of a record on their way; a token does not stay behind on the stack.
class Passage {
 public:
  explicit Passage(std::size_t size) : bytes_(buffer_.data(), size) {}
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;
  ~Passage() {
    std::fill(bytes_.begin(), bytes_.end(), std::byte{});
    asm volatile("" : : "r"(bytes_.data()) : "memory");
  }
  std::span<std::byte> bytes() { return bytes_; }

 private:
  RawArray<std::byte, SlotTable::kLargestSlot> buffer_;
  std::span<std::byte> bytes_;
};

class Locked {
 public:
  Locked(StripeLocks& locks, const TokenKey& key)
      : locks_(locks), stripe_(SlotTable::stripe_of(key)), held_(locks.lock(stripe_)) {}
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() {
    if (held_) locks_.unlock(stripe_);
  }
  explicit operator bool() const { return held_; }

 private:
  StripeLocks& locks_;
  std::size_t stripe_;
  bool held_;
};

// Not the private kind: those who sleep may be in other processes.
void sleep_at(std::uint32_t* word, std::uint32_t seen, milliseconds longest) {
  const timespec limit{longest.count() / 1000, longest.count() % 1000 * 1'000'000};
  syscall(SYS_futex, word, FUTEX_WAIT, seen, &limit, nullptr, 0);
}

void wake_all(std::uint32_t* word) {
  if (word) syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

bool is_gone(std::int64_t process) {
  return process > 0 && process <= INT_MAX && kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
}

}  // namespace

struct TokenTable::SeenMint {
  Mint mint;
  SlotTable::Found at;
};

// What the table holds for a key, judged.
struct TokenTable::Look {
  std::optional<AccessToken> token;
  bool usable = false;  // the token is fresh and not the rejected one
  std::optional<Mint> mint;
  std::optional<Answer> answer;  // nothing: something is to be written first
};

std::size_t TokenTable::bytes(Shape shape) {
  return kHeaderBytes + slots_of(shape).bytes() + kMints.bytes() + CallerTable::kBytes;
}

bool TokenTable::is_in(const std::uint64_t* memory, Shape shape) {
  return memory[magic] == kMagic && memory[version] == kVersion && memory[entries] == shape.entries &&
         memory[entry_bytes] == shape.entry_bytes;
}

TokenTable::TokenTable(std::uint64_t* memory, Shape shape, StripeLocks& locks, const Clock& clock,
                       std::int64_t configuration)
    : memory_(memory),
      tokens_(bytes_at(memory, kHeaderBytes), slots_of(shape)),
      mints_(bytes_at(memory, kHeaderBytes + slots_of(shape).bytes()), kMints),
      token_record_(slots_of(shape).largest_record()),
      locks_(locks),
      clock_(clock),
      configuration_(configuration) {
  if (memory[magic] == 0) {
    memory[version] = kVersion;
    memory[entries] = shape.entries;
    memory[entry_bytes] = shape.entry_bytes;
    RAND_bytes(reinterpret_cast<unsigned char*>(memory + salt), static_cast<int>(kSaltBytes));
    memory[magic] = kMagic;
  }
  if (!is_in(memory, shape)) throw std::invalid_argument("another token table is in this memory");
}

// Two of a few clients seldom meet in one word; then they share their limit.
FailureThrottle TokenTable::throttle_for(std::string_view client_id) const {
  const SlotTable::Shape tokens{memory_[entries], memory_[entry_bytes]};
  std::byte* const callers = bytes_at(memory_, kHeaderBytes + tokens.bytes() + kMints.bytes());
  return {memory_[kFirstFailureWord + std::hash<std::string_view>{}(client_id) % kFailureWords],
          CallerTable(reinterpret_cast<std::uint64_t*>(callers)),
          std::string(reinterpret_cast<const char*>(memory_ + salt), kSaltBytes)};
}

std::int64_t TokenTable::steady() const {
  return std::chrono::floor<milliseconds>(clock_.steady().time_since_epoch()).count();
}

std::uint32_t TokenTable::now() const {
  return static_cast<std::uint32_t>(clock_.now().time_since_epoch().count());
}

std::optional<AccessToken> TokenTable::token_of(const TokenKey& key) const {
  Passage passage(token_record_);
  const auto found = tokens_.read(key, passage.bytes(), now());
  return found ? read_token(passage.bytes().first(found->size)) : std::nullopt;
}

std::optional<TokenTable::SeenMint> TokenTable::mint_of(const TokenKey& key) const {
  Passage passage(kMints.largest_record());
  const auto found = mints_.read(key, passage.bytes(), now());
  auto mint = found ? read_mint(passage.bytes().first(found->size)) : std::nullopt;
  if (!mint) return std::nullopt;
  return SeenMint{std::move(*mint), *found};
}

bool TokenTable::write(const TokenKey& key, const AccessToken& token) {
  Passage passage(token_record_);
  const auto size = write_record(token, passage.bytes());
  if (!size) return false;
  const auto keep_until = static_cast<std::uint64_t>(token.expires_at.time_since_epoch().count());
  return tokens_.write(key, passage.bytes().first(*size), keep_until, now(),
                       SlotTable::Eviction::least_recently_used) != nullptr;
}

// Also wakes those who wait for the mint that was there.
bool TokenTable::write(const TokenKey& key, const Mint& mint, std::uint64_t keep_until) {
  Passage passage(kMints.largest_record());
  const auto size = write_record(mint, passage.bytes());
  if (!size) return false;
  std::uint32_t* const sequence =
      mints_.write(key, passage.bytes().first(*size), keep_until, now(), SlotTable::Eviction::never);
  wake_all(sequence);
  return sequence != nullptr;
}

void TokenTable::end_mint(const TokenKey& key) {
  wake_all(mints_.erase(key));
}

bool TokenTable::is_usable(const AccessToken& token, const Secret* rejected) const {
  const UnixTime time = clock_.now();
  return time < token.expires_at && !(rejected && token.value == *rejected && token.renewable(time));
}

bool TokenTable::is_aging(const AccessToken& token) const {
  return token.renew_at <= clock_.now();
}

bool TokenTable::is_running(const Mint& mint) const {
  return steady() < mint.lease_end && !is_gone(mint.owner);
}

// Children of the configuration before may still report failures of what has been changed since.
bool TokenTable::is_remembered(const Mint& mint) const {
  return mint.error && mint.configuration >= configuration_;
}

bool TokenTable::is_failing(const Mint& mint) const {
  return is_remembered(mint) && steady() < mint.failed_until;
}

TokenTable::Look TokenTable::look(const TokenKey& key, const Secret* rejected) const {
  Look seen;
  seen.token = token_of(key);
  seen.usable = seen.token && is_usable(*seen.token, rejected);
  const auto found = mint_of(key);
  if (found) seen.mint = found->mint;
  const bool running = seen.mint && is_running(*seen.mint);
  const bool failing = seen.mint && is_failing(*seen.mint);
  if (seen.usable) {
    if (running || failing || !is_aging(*seen.token))
      seen.answer = Answer{State::fresh, std::move(seen.token), {}, {}, {}, false};
  } else if (running) {
    const milliseconds age{std::max<std::int64_t>(steady() - seen.mint->started, 0)};
    seen.answer = Answer{State::minting, {}, {}, {}, age, seen.mint->after_failure};
  } else if (failing) {
    const std::int64_t time = steady();
    const milliseconds age{std::max<std::int64_t>(time - seen.mint->failed_at, 0)};
    const milliseconds left{std::max<std::int64_t>(seen.mint->failed_until - time, 1)};
    seen.answer = Answer{State::failed, {}, seen.mint->error, {}, age, true, {}, left};
  }
  return seen;
}

TokenStore::Answer TokenTable::get_or_claim(const TokenKey& key, milliseconds lease, const Secret* rejected) {
  if (auto token = token_of(key); token && is_usable(*token, rejected) && !is_aging(*token))
    return Answer{State::fresh, std::move(token), {}, {}, {}, false};
  if (auto seen = look(key, rejected); seen.answer) return std::move(*seen.answer);
  const Locked lock(locks_, key);
  if (!lock) return Answer{State::claimed, {}, {}, Claim{}, {}, false};
  Look seen = look(key, rejected);
  if (seen.answer) return std::move(*seen.answer);
  return claim(key, lease, seen);
}

// A rejected token goes on serving others. What an expired one leaves is first to go for another's token.
void TokenTable::note_claim(const TokenKey& key, AccessToken& token) {
  if (clock_.now() < token.expires_at) {
    token.renewals.count(clock_.now());
  } else {
    token = AccessToken{{}, {}, {}, {}, {}, UnixTime::max(), false, token.renewals};
  }
  write(key, token);
}

// Without a slot for the claim the caller mints all the same, and others may, too.
TokenStore::Answer TokenTable::claim(const TokenKey& key, milliseconds lease, Look& seen) {
  if (seen.token && !seen.usable) note_claim(key, *seen.token);
  Mint mint;
  mint.generation = std::atomic_ref(memory_[last_generation]).fetch_add(1) + 1;
  mint.started = steady();
  mint.lease_end = mint.started + lease.count();
  mint.owner = getpid();
  mint.after_failure = seen.mint && is_remembered(*seen.mint);
  const auto keep_until =
      now() + static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(lease).count());
  if (!write(key, mint, keep_until)) mint.generation = 0;
  const bool early = seen.usable;
  const auto history = seen.token ? std::optional(seen.token->renewals) : std::nullopt;
  return Answer{early ? State::fresh : State::claimed,
                early ? std::move(seen.token) : std::nullopt,
                {},
                Claim{mint.generation},
                {},
                mint.after_failure,
                history};
}

bool TokenTable::holds(const TokenKey& key, Claim claim) const {
  const auto found = mint_of(key);
  if (claim.generation == 0) return !found || !is_running(found->mint);
  return found && found->mint.generation == claim.generation && !found->mint.error;
}

// When there is no room a token of another subject goes, so only a token that is too large is not kept.
TokenStore::Put TokenTable::put(const TokenKey& key, Claim claim, const AccessToken& token) {
  const Locked lock(locks_, key);
  if (!lock) return Put::no_lock;
  if (!holds(key, claim)) return Put::superseded;
  const bool kept = write(key, token);
  end_mint(key);
  return kept ? Put::kept : Put::too_large;
}

void TokenTable::fail(const TokenKey& key, Claim claim, const oauth::TokenError& error,
                      std::chrono::seconds keep) {
  const Locked lock(locks_, key);
  if (!lock || !holds(key, claim)) return;
  if (keep <= std::chrono::seconds{0}) return end_mint(key);
  Mint failed;
  failed.generation = claim.generation;
  failed.failed_at = steady();
  failed.failed_until = failed.failed_at + milliseconds(keep).count();
  failed.configuration = oauth::outlives_restart(error) ? kEveryConfiguration : configuration_;
  failed.error = error;
  if (!write(key, failed, 0)) end_mint(key);
}

bool TokenTable::update(const TokenKey& key, const AccessToken& token) {
  const Locked lock(locks_, key);
  if (!lock) return false;
  auto held = token_of(key);
  if (!held || held->value != token.value) return false;
  held->expires_at = std::max(held->expires_at, token.expires_at);
  held->unproven = token.unproven;
  write(key, *held);
  return true;
}

// Whoever is told to wait need not be told again that the token is unproven.
void TokenTable::renewed_in_vain(const TokenKey& key, const Secret& value) {
  const Locked lock(locks_, key);
  if (!lock) return;
  auto held = token_of(key);
  if (!held || held->value != value) return;
  held->unproven = false;
  held->renewals.in_vain(clock_.now());
  write(key, *held);
}

TokenStore::Wait TokenTable::wait(const TokenKey& key, milliseconds limit) {
  for (milliseconds left = limit; left > milliseconds{0};) {
    const auto found = mint_of(key);
    if (!found || !is_running(found->mint)) return Wait::changed;
    const milliseconds lease_left{found->mint.lease_end - steady()};
    const milliseconds longest = std::max(milliseconds{1}, std::min({left, lease_left, kLongestSleep}));
    sleep_at(found->at.sequence, found->at.seen, longest);
    const bool changed = std::atomic_ref(*found->at.sequence).load() != found->at.seen;
    if (changed || longest >= lease_left) return Wait::changed;
    left -= longest;
  }
  return Wait::timed_out;
}

}  // namespace sfjwt::tokens
