// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/tokens/renewal_history.h"

namespace sfjwt::tokens {

/// An access token in the gateway (RFC 6749 section 1.4).
struct AccessToken {
  Secret value;
  std::string instance_url;  // https://host, the origin where the server wants this token to be used
  UnixTime issued_at{};
  UnixTime expires_at{};  // the token is not used at or after this time; use extends it
  UnixTime not_after{};   // the limit of expires_at: the absolute lifetime, or the server's expires_in
  UnixTime renew_at = UnixTime::max();  // when one of its users requests the next one
  bool unproven = false;                // it replaces a rejected one, and the backend has not accepted it yet
  RenewalHistory renewals{};            // of the subject

  /// Whether a rejected token is renewed: not while it is unproven, since the backend then rejects every
  /// token, nor during the pause that follows, nor after too many renewals.
  bool renewable(UnixTime now) const {
    return !unproven && !renewals.paused(now) && !renewals.exhausted(now);
  }
};

}  // namespace sfjwt::tokens
