// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// The keys of one client's tokens in the store: SHA-256 over everything that distinguishes tokens, each part
/// preceded by its length: token endpoint, client id, audience, subject claim, additional claims, token
/// parameters, subject. Hence a changed configuration never uses a token of the previous one. Copies share
/// the digest; thread-safe.
class TokenKeys {
 public:
  /// Throws std::runtime_error if OpenSSL has no SHA-256.
  explicit TokenKeys(const oauth::Client& client);

  TokenKey of(std::string_view subject) const;

 private:
  struct Prefix;
  std::shared_ptr<Prefix> prefix_;
};

}  // namespace sfjwt::tokens
