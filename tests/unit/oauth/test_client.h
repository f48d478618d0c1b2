// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/oauth/client.h"

namespace sfjwt::oauth {

/// The client most tests of tokens ask as.
inline Client client() {
  Client made;
  made.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
  made.client_id = "3MVG9.example";
  made.audience = "https://login.salesforce.com";
  made.allowed_instances = salesforce_hosts();
  return made;
}

}  // namespace sfjwt::oauth
