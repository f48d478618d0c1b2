// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/oauth/client.h"

namespace sfjwt::oauth {

/// For an administrator whose audience was refused: what is configured, and what fits the host of the token
/// endpoint, as far as its name tells.
std::string audience_hint(const Client& client);

}  // namespace sfjwt::oauth
