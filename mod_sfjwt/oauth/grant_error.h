// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/token_error.h"

namespace sfjwt::oauth {

/// What a server says when it grants no token (RFC 6749 section 5.2). Untrusted text.
struct GrantRefusal {
  long status = 0;
  std::string_view error;
  std::string_view description;
  std::chrono::seconds clock_ahead{0};  // how far our clock is ahead of the server's, as far as it is known
};

/// The refusal as an error an administrator can act on: whose matter it is, what happened, and the remedy in
/// words. The server's words are shown escaped and cut, and runs in them long enough to be a token are left
/// out. A clock that is more than 60 s off is mentioned where it can be the cause.
TokenError grant_error(const GrantRefusal& refusal, const Client& client);

}  // namespace sfjwt::oauth
