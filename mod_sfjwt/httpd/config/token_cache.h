// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/httpd/memory/shm_token_table.h"
#include "mod_sfjwt/httpd/memory/socache_token_store.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/sharing/gateway_shared_tokens.h"
#include "mod_sfjwt/sharing/punctual_store.h"
#include "mod_sfjwt/sharing/two_level_token_store.h"
#include "mod_sfjwt/tokens/lifetimes.h"

namespace sfjwt::httpd {

/// Where the tokens of this httpd are kept, as SFJwtTokenCache and SFJwtTokenCacheKey say: a table in shared
/// memory, and behind it what the gateways of a company share, if they do.
class TokenCache {
 public:
  /// The clock outlives it.
  explicit TokenCache(const Clock& clock) : clock_(clock) {}

  /// The value of SFJwtTokenCache: the size of the table, or the provider behind it. Answers what is wrong.
  std::optional<std::string> set(cmd_parms* cmd, const char* value);

  /// A source (keys/secret_source.h) as SFJwtTokenCacheKey names it. Answers what is wrong.
  std::optional<std::string> add_key(const char* source);

  /// Makes it all, when all directives are read.
  void open(server_rec& server, ConfigErrors& errors, ConfigErrors& warnings);

  /// In a new child, before it serves.
  void child_init(apr_pool_t* pool, server_rec& server);

  /// Where the tokens of this client are kept. Not for several threads at once.
  tokens::TokenStore& store_for(const oauth::Client& client);

  /// What limits the failing token requests of a client, in all processes together.
  tokens::FailureThrottle throttle_for(std::string_view client_id) const {
    return table_->throttle_for(client_id);
  }

 private:
  std::vector<keys::Seal> read_seals(ConfigErrors& errors, ConfigErrors& warnings) const;
  void report(sharing::GatewaySharedTokens::StoreEvent event) const;

  const Clock& clock_;
  tokens::TokenTable::Shape shape_{kDefaultTokens, tokens::TokenTable::kDefaultEntry};
  std::vector<std::string> keys_;
  std::unique_ptr<ShmTokenTable> table_;
  std::unique_ptr<SocacheTokenStore> provider_;
  std::optional<sharing::PunctualStore> punctual_;
  std::optional<sharing::GatewaySharedTokens> shared_;
  std::map<tokens::Lifetimes, std::unique_ptr<sharing::TwoLevelTokenStore>> two_level_stores_;
};

}  // namespace sfjwt::httpd
