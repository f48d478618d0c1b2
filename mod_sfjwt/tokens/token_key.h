// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// What the tokens of one client are stored under: SHA-256 over everything that makes one token another's,
/// each part with its length before it: token endpoint, client id, audience, subject claim, further claims,
/// token parameters, subject. A changed configuration never meets a token of the old one. Copies share the
/// digest; safe to call from several threads.
class TokenKeys {
 public:
  /// Throws std::runtime_error when OpenSSL has no SHA-256.
  explicit TokenKeys(const oauth::Client& client);

  TokenKey of(std::string_view subject) const;

 private:
  struct Prefix;
  std::shared_ptr<Prefix> prefix_;
};

}  // namespace sfjwt::tokens
