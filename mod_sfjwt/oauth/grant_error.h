// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/token_error.h"

namespace sfjwt::oauth {

/// An error response of a token endpoint (RFC 6749 section 5.2). Untrusted text.
struct GrantRefusal {
  long status = 0;
  std::string_view error;
  std::string_view description;
  std::optional<std::chrono::seconds> clock_ahead;  // the local clock minus the server's, if known
};

/// Converts a refusal into an error for the administrator: its class, what happened, and the remedy, with
/// configured values and the clock difference if they can be the cause. The server's text is quoted only if
/// it is plain wording (is_plain_wording).
TokenError grant_error(const GrantRefusal& refusal, const Client& client);

/// "75 s ahead of the server's", "3 s behind the server's": the end of a sentence about the local clock.
std::string clock_position(std::chrono::seconds ahead);

}  // namespace sfjwt::oauth
