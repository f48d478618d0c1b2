// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/token_error.h"

namespace sfjwt::oauth {

/// What a server says when it grants no token (RFC 6749 section 5.2). Untrusted text.
struct GrantRefusal {
  long status = 0;
  std::string_view error;
  std::string_view description;
  std::optional<std::chrono::seconds> clock_ahead;  // how far our clock is ahead of the server's, where known
};

/// The refusal as an error an administrator can act on: whose matter it is, what happened, and the remedy in
/// words, with what is configured and what the clocks say where that can be the cause. The server's words are
/// quoted where they are plain wording (is_plain_wording).
TokenError grant_error(const GrantRefusal& refusal, const Client& client);

/// "75 s ahead of the server's", "3 s behind the server's": for a sentence about this machine's clock.
std::string clock_position(std::chrono::seconds ahead);

}  // namespace sfjwt::oauth
