// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "mod_sfjwt/tokens/token.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// The lifetime of a token: since its last successful use, and since it was granted.
struct Lifetimes {
  std::chrono::seconds idle;
  std::chrono::seconds absolute;

  auto operator<=>(const Lifetimes&) const = default;

  /// Limits the lifetime of a token that was last used at `used_at`; never extends `not_after`.
  void limit(AccessToken& token, const TokenKey& key, UnixTime used_at) const {
    token.not_after = std::min(token.not_after, token.issued_at + absolute);
    token.expires_at = std::min(used_at + idle, token.not_after);
    // After this time the next token is requested: in the last 5 to 10 % of the lifetime, spread so that
    // tokens granted at the same moment are not all renewed at the same moment.
    const std::chrono::seconds tenth = (token.not_after - token.issued_at) / 10;
    token.renew_at = token.not_after - tenth + tenth * key[0] / (2 * 256);
  }
};

}  // namespace sfjwt::tokens
