// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/oauth/back_off.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/grant_source.h"
#include "mod_sfjwt/oauth/mint_counters.h"
#include "mod_sfjwt/oauth/signing_key.h"
#include "mod_sfjwt/oauth/token.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/oauth/token_key.h"
#include "mod_sfjwt/oauth/token_store.h"
#include "mod_sfjwt/oauth/transport.h"

namespace sfjwt::oauth {

/// The code of a TokenError: renewing is no use now.
inline constexpr std::string_view kRenewalPaused = "renewal_paused";

struct SuppliedToken {
  AccessToken token;
  enum class Origin {
    hit,      // it was there
    minted,   // it was asked for
    renewed,  // it was asked for in place of a rejected one
  } origin;
  bool report_wanted = false;  // call accepted() when the backend takes it; else that would change nothing
};

/// Access tokens by the JWT bearer flow (RFC 7523 section 2.1): from the store while fresh, otherwise one
/// request per subject however many callers ask. Safe to call from several threads; what it is built of
/// outlives it.
class TokenSource {
 public:
  /// `counters` may be null.
  TokenSource(Client client, SigningKeys keys, TokenStore& store, Transport& transport, const Clock& clock,
              MintCounters* counters = nullptr);

  /// A token for the subject, or why there is none. Blocks for a network exchange at most as long as the
  /// transport allows, and for another caller's exchange at most `wait_limit`.
  Result<SuppliedToken, TokenError> token_for(std::string_view subject);

  /// A token in place of one the backend has rejected (INVALID_SESSION_ID): the cached one if it is another
  /// by now (a hit), else a new one; one request however many callers hold the same dead token. Blocks as
  /// token_for does. When asking again does not help (the rejected token is itself renewed and was never
  /// accepted, or the server grants the same one) the answer is the error kRenewalPaused, at once for
  /// kRenewalPause; token_for goes on giving the token.
  Result<SuppliedToken, TokenError> renew(std::string_view subject, const Secret& rejected);

  /// The backend took the token: anything but INVALID_SESSION_ID was its answer. Starts the idle lifetime
  /// anew, and a renewed token counts as proven.
  void accepted(std::string_view subject, const AccessToken& token);

 private:
  Result<SuppliedToken, TokenError> supply(std::string_view subject, const Secret* rejected);
  Result<SuppliedToken, TokenError> mint(const TokenKey& key, TokenStore::Claim claim,
                                         std::string_view subject, const Secret* rejected);
  Result<AccessToken, TokenError> ask(std::string_view subject);
  TokenError pause_renewal(const TokenKey& key, AccessToken token, UnixTime now);
  bool half_idle(const AccessToken& token, UnixTime now) const;

  Client client_;
  TokenKeys keys_;
  TokenStore& store_;
  const Clock& clock_;
  GrantSource grants_;
  BackOff back_off_;
};

}  // namespace sfjwt::oauth
