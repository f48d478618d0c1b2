// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "mod_sfjwt/tokens/token.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// How long a token is used: after its last success, and after it was granted.
struct Lifetimes {
  std::chrono::seconds idle;
  std::chrono::seconds absolute;

  auto operator<=>(const Lifetimes&) const = default;

  /// Bounds the life of a token that was used last at `used_at`; it never ends later than it did before.
  void limit(AccessToken& token, const TokenKey& key, UnixTime used_at) const {
    token.not_after = std::min(token.not_after, token.issued_at + absolute);
    token.expires_at = std::min(used_at + idle, token.not_after);
    // From then on the next token is asked for: in the last twentieth to tenth of its life, and tokens that
    // were granted at the same moment not at the same moment again.
    const std::chrono::seconds tenth = (token.not_after - token.issued_at) / 10;
    token.renew_at = token.not_after - tenth + tenth * key[0] / (2 * 256);
  }
};

}  // namespace sfjwt::tokens
