// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/oauth/client.h"

namespace sfjwt::oauth {

/// The client most tests of tokens ask as.
inline Client client() {
  Client made;
  made.provider = &gateway::kSalesforce.provider;
  made.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
  made.client_id = "3MVG9.example";
  made.audience = "https://login.salesforce.com";
  made.allowed_instances = gateway::default_hosts();
  return made;
}

}  // namespace sfjwt::oauth
