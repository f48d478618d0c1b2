// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/oauth/client.h"

namespace sfjwt::oauth {

/// Where the authorization server of an audience answers token requests, unless SFJwtTokenEndpoint says
/// otherwise.
std::string default_token_endpoint(std::string_view audience, const Provider& provider);

/// What is wrong with an https URL as a token endpoint, to be read after its name: it has no path, so it is
/// that of the server. Says what to write instead. Nothing: it has one.
std::optional<std::string> missing_endpoint_path(std::string_view url, const Provider& provider);

/// For an administrator whose audience was refused: what is configured, and what fits the host of the token
/// endpoint, as far as its name tells.
std::string audience_hint(const Client& client);

}  // namespace sfjwt::oauth
