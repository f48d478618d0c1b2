// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/oauth/client.h"

namespace sfjwt::oauth {

/// The default token endpoint for an audience, used unless SFJwtTokenEndpoint is set.
std::string default_token_endpoint(std::string_view audience, const Provider& provider);

/// Why an https URL is not a token endpoint, to be printed after its name: it has no path, so it is the URL
/// of the server. Says what to write instead. nullopt if it has a path.
std::optional<std::string> missing_endpoint_path(std::string_view url, const Provider& provider);

/// A hint for an administrator whose audience was refused: the configured audience, and the one that matches
/// the host of the token endpoint, as far as its name shows.
std::string audience_hint(const Client& client);

}  // namespace sfjwt::oauth
