// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/tokens/renewal_history.h"

namespace sfjwt::tokens {

/// An access token as the gateway holds it (RFC 6749 section 1.4).
struct AccessToken {
  Secret value;
  std::string instance_url;  // https://host, the origin the server wants this token used at
  UnixTime issued_at{};
  UnixTime expires_at{};  // not given to anybody at or after this moment; moves while the token is used
  UnixTime not_after{};   // where expires_at stops moving: the absolute maximum, or the server's expires_in
  UnixTime renew_at = UnixTime::max();  // from then on one of its users asks for the next one, in time
  bool unproven = false;      // given in place of a rejected one, and not accepted by the backend yet
  RenewalHistory renewals{};  // of its subject

  /// Whether a rejection is answered by renewing it: not while it is unproven, since the backend then rejects
  /// whatever it is given, nor during the pause that follows, nor when there were too many renewals.
  bool renewable(UnixTime now) const {
    return !unproven && !renewals.paused(now) && !renewals.exhausted(now);
  }
};

}  // namespace sfjwt::tokens
