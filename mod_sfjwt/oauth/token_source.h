// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/signing_key.h"
#include "mod_sfjwt/oauth/token.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/oauth/token_key.h"
#include "mod_sfjwt/oauth/token_store.h"
#include "mod_sfjwt/oauth/transport.h"

namespace sfjwt::oauth {

struct SuppliedToken {
  AccessToken token;
  enum class Origin { hit, minted } origin;
};

/// Access tokens by the JWT bearer flow (RFC 7523 section 2.1): from the store while fresh, otherwise one
/// request per subject however many callers ask. Safe to call from several threads; what it is built of
/// outlives it.
class TokenSource {
 public:
  TokenSource(Client client, SigningKey key, TokenStore& store, Transport& transport, const Clock& clock);

  /// A token for the subject, or why there is none. Blocks for a network exchange at most as long as the
  /// transport allows, and for another caller's exchange at most `wait_limit`.
  Result<SuppliedToken, TokenError> token_for(std::string_view subject);

 private:
  Result<SuppliedToken, TokenError> mint(const TokenKey& key, TokenStore::Claim claim,
                                         std::string_view subject);
  Result<AccessToken, TokenError> ask(std::string_view subject);
  void keep_alive(const TokenKey& key, const AccessToken& token, UnixTime now);

  Client client_;
  SigningKey key_;
  TokenKeys keys_;
  TokenStore& store_;
  Transport& transport_;
  const Clock& clock_;
};

}  // namespace sfjwt::oauth
