// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "mod_sfjwt/oauth/fetch_failure.h"

namespace sfjwt::oauth {

/// One way an authorization server says no. `error` empty fits every error, `words` empty every description;
/// both compare without regard to case, `words` (in lower case) anywhere in the description.
struct KnownRefusal {
  std::string_view error;
  std::string_view words;
  FetchFailure cause;
  std::string_view remedy;  // what is configured, or measured, is added behind it
};

/// What the name of a token endpoint's host tells about the audience that fits.
struct KnownHost {
  std::string_view host;      // a whole host name, or from its first dot the end of one
  std::string_view contains;  // anywhere in the name
  std::string_view fitting;   // "a sandbox, which takes https://..."
  bool own_url = false;       // the URL of the host is added to it
};

/// What is particular about the authorization servers of a backend: all of it facts and words, for which the
/// rules are here. All views are of static storage.
struct Provider {
  std::string_view name = "the provider";           // of the backend, in messages
  std::string_view token_path = "/token";           // of the token endpoint at an audience
  std::string_view production_audience;             // SFJwtAudience production
  std::string_view sandbox_audience;                // SFJwtAudience sandbox
  std::string_view audiences;                       // a sentence without its end: which audience is whose
  std::span<const KnownHost> hosts;                 // the first that fits counts
  std::span<const KnownRefusal> refusals;           // the first that fits counts
  std::string_view unknown_refusal;                 // remedy where none fits
  std::string_view token_punctuation = "!._~+/=-";  // what a token consists of besides letters and digits
  std::string_view no_jwt_tokens;                   // remedy where tokens come in JWT format
  std::string_view status_page;                     // of its outages
};

/// Of no backend in particular.
inline constexpr Provider kPlainProvider{};

}  // namespace sfjwt::oauth
