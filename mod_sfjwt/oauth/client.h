// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/oauth/provider.h"

namespace sfjwt::oauth {

/// The client of an authorization server, as configured for one section.
struct Client {
  const Provider* provider = &kPlainProvider;  // the authorization server; never null
  std::string token_endpoint;                  // https URL
  std::string authorization_endpoint;          // https URL; empty: derived from the token endpoint
  std::string client_id;                       // claim iss: the consumer key
  Secret client_secret;                        // empty: none
  std::string audience;                        // claim aud
  std::string subject_claim = "sub";           // sub, or prn (legacy)
  std::vector<std::pair<std::string, std::string>> claims;        // additional claims
  std::vector<std::pair<std::string, std::string>> token_params;  // additional form parameters
  std::vector<std::string> allowed_instances;                     // host patterns an instance_url must match
  std::chrono::seconds assertion_lifetime{180};
  std::chrono::seconds idle_lifetime{55 * 60};  // SFJwtTokenIdle
  std::chrono::seconds absolute_lifetime{12 * 60 * 60};
  std::chrono::milliseconds request_limit{8'000};  // no retry that could end later than this
  std::chrono::milliseconds wait_limit{13'000};    // how long a caller waits for another caller's fetch
  // How long a fetch is respected before another caller takes over. It must be longer than the transport's
  // total timeout plus twice FailureThrottle::kLongestWait (or one subject is fetched twice), and shorter
  // than wait_limit (or no waiting caller takes over).
  std::chrono::milliseconds claim_lease{12'000};
};

}  // namespace sfjwt::oauth
