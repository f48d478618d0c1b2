// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/tokens/failure_throttle.h"
#include "mod_sfjwt/tokens/slot_table.h"
#include "mod_sfjwt/tokens/stripe_locks.h"
#include "mod_sfjwt/tokens/token_record.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// Tokens in memory that threads and processes share (token_table_layout.h draws it); any of them may be
/// killed at any moment. A token that is fresh is given without a lock.
///
/// Claims and failures have slots of their own. A token is only ever evicted by another token, when its sets
/// are full, and the one used longest ago goes: however many subjects somebody invents, no good token goes
/// for them. Of an expired token that somebody asks for, its record stays without the secret: the subject is
/// known to have had one.
class TokenTable : public TokenStore {
 public:
  static constexpr std::size_t kDefaultEntry = 480;  // bytes; usual tokens and instance URLs fit
  static constexpr std::size_t kSmallestEntry = 256;
  static constexpr std::size_t kLargestEntry = SlotTable::kLargestSlot;

  /// How many tokens, and how many bytes each of them may take, a multiple of 8.
  struct Shape {
    std::size_t entries;
    std::size_t entry_bytes;
    bool operator==(const Shape&) const = default;
  };

  /// What a table of this shape needs, aligned to 8.
  static std::size_t bytes(Shape shape);

  /// A table in zeroed memory, or in memory that an object of the same shape and version used before or is
  /// using in another process. Throws std::invalid_argument when it is of another. Memory, locks and clock
  /// outlive the object. `configuration` is larger after each restart: what failed under an earlier one is
  /// forgotten unless it outlives_restart().
  TokenTable(std::uint64_t* memory, Shape shape, StripeLocks& locks, const Clock& clock,
             std::int64_t configuration = 0);

  /// What limits the failing token requests of a client, in all processes together.
  FailureThrottle throttle_for(std::string_view client_id) const;

  /// Whether a table of this shape and version is in the memory.
  static bool is_in(const std::uint64_t* memory, Shape shape);

  Answer get_or_claim(const TokenKey& key, std::chrono::milliseconds lease, const Secret* rejected) override;
  Put put(const TokenKey& key, Claim claim, const AccessToken& token) override;
  void fail(const TokenKey& key, Claim claim, const oauth::TokenError& error,
            std::chrono::seconds keep) override;
  bool update(const TokenKey& key, const AccessToken& token) override;
  void rejected_again(const TokenKey& key, const Secret& value) override;
  Wait wait(const TokenKey& key, std::chrono::milliseconds limit) override;

 private:
  struct Entry;
  struct FoundClaim;

  std::optional<AccessToken> token_of(const TokenKey& key, UnixTime now) const;
  std::optional<FoundClaim> claim_of(const TokenKey& key) const;
  Entry entry_of(const TokenKey& key) const;
  bool write(const TokenKey& key, const AccessToken& token);
  bool write(const TokenKey& key, const ClaimRecord& claim, std::uint64_t keep_until);
  void end_claim(const TokenKey& key);
  bool is_running(const ClaimRecord& claim) const;
  bool is_remembered(const ClaimRecord& claim) const;
  bool is_failing(const ClaimRecord& claim) const;
  bool holds(const TokenKey& key, Claim claim) const;
  std::optional<Answer> answer(Entry& entry, const Secret* rejected) const;
  Answer claim(const TokenKey& key, std::chrono::milliseconds lease, Entry entry, const Secret* rejected);
  void note_claim(const TokenKey& key, AccessToken& token);
  std::int64_t steady() const;
  std::uint32_t now() const;

  std::uint64_t* memory_;
  SlotTable tokens_;
  SlotTable claims_;
  std::size_t token_record_;  // bytes of the largest one
  StripeLocks& locks_;
  const Clock& clock_;
  std::int64_t configuration_;
};

}  // namespace sfjwt::tokens
