// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/token.h"

namespace sfjwt::tokens {

/// Somebody's claim on minting for a key, or how the last mint failed. Times are milliseconds of the steady
/// clock, which all processes of a host share.
struct Mint {
  std::uint64_t generation = 0;
  std::int64_t started = 0;
  std::int64_t lease_end = 0;  // 0: it is not running
  std::int64_t owner = 0;      // process id
  bool after_failure = false;  // the mint before this one failed
  std::int64_t failed_at = 0;
  std::int64_t failed_until = 0;
  std::int64_t configuration = 0;  // the last one the failure counts for
  std::optional<oauth::TokenError> error;
};

/// A token as gateways tell each other of it: each applies its own lifetimes to it, so what it says of its
/// life is `issued_at`, `not_after` and when it was used last. Neither `expires_at` nor `renew_at` nor the
/// history of renewals goes with it.
struct SharedToken {
  AccessToken token;
  UnixTime used_at{};
};

/// Tokens and mints as bytes, for memory or a store that is shared; the same on all machines.
/// Answers how many were written, or nothing when they do not fit; an error's message is cut instead.
std::optional<std::size_t> write_record(const AccessToken& token, std::span<std::byte> into);
std::optional<std::size_t> write_record(const Mint& mint, std::span<std::byte> into);
std::optional<std::size_t> write_record(const SharedToken& shared, std::span<std::byte> into);

/// Nothing unless the bytes are a whole record: whoever wrote them may have died over it.
std::optional<AccessToken> read_token(std::span<const std::byte> record);
std::optional<Mint> read_mint(std::span<const std::byte> record);
std::optional<SharedToken> read_shared_token(std::span<const std::byte> record);

}  // namespace sfjwt::tokens
