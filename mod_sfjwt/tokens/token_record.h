// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/token.h"

namespace sfjwt::tokens {

/// A caller's claim to fetch for a key, or the failure of the last fetch. Times are milliseconds of the
/// steady clock, which all processes of a host share.
struct ClaimRecord {
  std::uint64_t generation = 0;
  std::int64_t started = 0;
  std::int64_t lease_end = 0;  // 0: no fetch in progress
  std::int64_t owner = 0;      // process id
  bool after_failure = false;  // the fetch before this one failed
  std::int64_t failed_at = 0;
  std::int64_t failed_until = 0;
  std::int64_t configuration = 0;  // the last generation of the configuration in which the failure counts
  std::optional<oauth::TokenError> error;
};

/// A token as exchanged between gateways. Each gateway applies its own lifetimes, so the only times in it are
/// `issued_at`, `not_after` and the last use; `expires_at`, `renew_at` and the history of renewals are not
/// included.
struct SharedToken {
  AccessToken token;
  UnixTime used_at{};
};

/// Converts tokens and claims to bytes, for shared memory or a shared store; the format is the same on all
/// machines. Returns the number of bytes, or nullopt if they do not fit; but the message of an error is
/// truncated to fit.
///
/// A record is a sequence of fields: n is a number of 8 bytes, little-endian (times in seconds, those of a
/// claim in milliseconds); t is a text, preceded by its length as n.
///
///     token   issued_at n | expires_at n | not_after n | renew_at n | unproven n |
///             paused_until n | pause n | paid_until n | instance_url t | value t           80 bytes + texts
///     claim   generation n | started n | lease_end n | owner n | after_failure n |
///             failed_at n | failed_until n | configuration n | failed n                    72 bytes
///             if it failed: class n | cause n | code t | retry_after n (-1: none) | message t
///                                                                                        + 40 bytes + texts
///     shared  issued_at n | not_after n | used_at n | unproven n | instance_url t | value t
///                                                                                          48 bytes + texts
std::optional<std::size_t> write_record(const AccessToken& token, std::span<std::byte> into);
std::optional<std::size_t> write_record(const ClaimRecord& claim, std::span<std::byte> into);
std::optional<std::size_t> write_record(const SharedToken& shared, std::span<std::byte> into);

/// nullopt unless the bytes are a complete record: the writer may have been killed mid-write.
std::optional<AccessToken> read_token(std::span<const std::byte> record);
std::optional<ClaimRecord> read_claim(std::span<const std::byte> record);
std::optional<SharedToken> read_shared_token(std::span<const std::byte> record);

}  // namespace sfjwt::tokens
