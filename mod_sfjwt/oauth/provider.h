// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "mod_sfjwt/oauth/fetch_failure.h"

namespace sfjwt::oauth {

/// A known refusal of an authorization server. An empty `error` matches every error, an empty `words` every
/// description. Matching is case-insensitive; `words` (in lower case) can be anywhere in the description.
struct KnownRefusal {
  std::string_view error;
  std::string_view words;
  FetchFailure cause;
  std::string_view remedy;  // followed by configured or measured values
};

/// The audience that the host name of a token endpoint implies.
struct KnownHost {
  std::string_view host;      // a host name, or a suffix that begins with a dot
  std::string_view contains;  // a part of the name
  std::string_view fitting;   // "a sandbox, which takes https://..."
  bool own_url = false;       // the URL of the host is appended to it
};

/// The properties of a backend's authorization servers: facts and texts only, for the code of this folder.
/// The views refer to static storage.
struct Provider {
  std::string_view name = "the provider";  // name of the backend for messages
  std::string_view token_path = "/token";  // path of the token endpoint, appended to the audience
  std::string_view production_audience;    // SFJwtAudience production
  std::string_view sandbox_audience;       // SFJwtAudience sandbox
  std::string_view audiences;        // a sentence without its full stop: the audience for each kind of org
  std::span<const KnownHost> hosts;  // the first match counts
  std::span<const KnownRefusal> refusals;           // the first match counts
  std::string_view unknown_refusal;                 // the remedy if none matches
  std::string_view token_punctuation = "!._~+/=-";  // the characters of a token besides letters and digits
  std::string_view no_jwt_tokens;                   // the remedy if tokens have the JWT format
  std::string_view status_page;                     // where outages are reported
};

/// No particular backend.
inline constexpr Provider kPlainProvider{};

}  // namespace sfjwt::oauth
