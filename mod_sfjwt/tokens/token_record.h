// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/token.h"

namespace sfjwt::tokens {

/// A caller's claim on fetching for a key, or how the last fetch failed. Times are milliseconds of the steady
/// clock, which all processes of a host share.
struct ClaimRecord {
  std::uint64_t generation = 0;
  std::int64_t started = 0;
  std::int64_t lease_end = 0;  // 0: nobody fetches
  std::int64_t owner = 0;      // process id
  bool after_failure = false;  // the fetch before this one failed
  std::int64_t failed_at = 0;
  std::int64_t failed_until = 0;
  std::int64_t configuration = 0;  // the last one the failure counts for
  std::optional<oauth::TokenError> error;
};

/// A token as gateways pass it to each other: each applies its own lifetimes to it, so what it says of its
/// life is `issued_at`, `not_after` and when it was used last. Neither `expires_at` nor `renew_at` nor the
/// history of renewals goes with it.
struct SharedToken {
  AccessToken token;
  UnixTime used_at{};
};

/// Tokens and claims as bytes, for memory or a store that is shared; the same on all machines. Answers how
/// many were written, or nothing when they do not fit; an error's message is cut instead.
///
/// A record is its fields one after the other: n is a number of 8 bytes, little end first (times in seconds,
/// of a claim in milliseconds); t is a text, n bytes after a number that says how many.
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

/// Nothing unless the bytes are a whole record: whoever wrote them may have been killed over it.
std::optional<AccessToken> read_token(std::span<const std::byte> record);
std::optional<ClaimRecord> read_claim(std::span<const std::byte> record);
std::optional<SharedToken> read_shared_token(std::span<const std::byte> record);

}  // namespace sfjwt::tokens
