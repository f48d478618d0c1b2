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

/// Tokens in memory that threads and processes share (see token_table_layout.h), any of which may be killed
/// at any moment. A fresh token is returned without a lock.
///
/// Claims and failures have their own slots. Only tokens evict tokens: if both sets of a key are full, the
/// least recently used one is replaced. Hence requests for invented subjects never evict a good token. When
/// an expired token is asked for, its record stays without the secret, to remember that the subject had a
/// token.
class TokenTable : public TokenStore {
 public:
  static constexpr std::size_t kDefaultEntry = 480;  // bytes; enough for usual tokens and instance URLs
  static constexpr std::size_t kSmallestEntry = 256;
  static constexpr std::size_t kLargestEntry = SlotTable::kLargestSlot;

  /// The number of tokens, and the maximum size of each in bytes, a multiple of 8.
  struct Shape {
    std::size_t entries;
    std::size_t entry_bytes;
    bool operator==(const Shape&) const = default;
  };

  /// The size of a table of this shape; it must be aligned to 8.
  static std::size_t bytes(Shape shape);

  /// A table in zeroed memory, or in memory that an object of the same shape and version has used or is
  /// using, possibly in another process. Throws std::invalid_argument if it contains another table. Memory,
  /// locks and clock must outlive the object. `configuration` increases with each restart: failures of an
  /// earlier one are forgotten unless they outlives_restart().
  TokenTable(std::uint64_t* memory, Shape shape, StripeLocks& locks, const Clock& clock,
             std::int64_t configuration = 0);

  /// The limit on failing token requests of a client, for all processes together.
  FailureThrottle throttle_for(std::string_view client_id) const;

  /// Whether the memory contains a table of this shape and version.
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
  std::size_t token_record_;  // bytes of the largest record
  StripeLocks& locks_;
  const Clock& clock_;
  std::int64_t configuration_;
};

}  // namespace sfjwt::tokens
