// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::oauth {

/// An access token as the gateway holds it (RFC 6749 section 1.4).
struct AccessToken {
  Secret value;
  std::string instance_url;  // https://host, the origin Salesforce wants this token used at
  UnixTime issued_at{};
  UnixTime expires_at{};  // not given to anybody at or after this moment; moves while the token is used
  UnixTime not_after{};   // where expires_at stops moving: the absolute maximum, or the server's expires_in
};

}  // namespace sfjwt::oauth
