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

/// The tokens of this httpd, as configured by SFJwtTokenCache and SFJwtTokenCacheKey: a table in shared
/// memory, optionally backed by a store that several gateways share.
class TokenCache {
 public:
  /// The clock must outlive it.
  explicit TokenCache(const Clock& clock) : clock_(clock) {}

  /// Sets the value of SFJwtTokenCache: the size of the table, or the provider behind it. Returns an error,
  /// or nullopt.
  std::optional<std::string> set(cmd_parms* cmd, const char* value);

  /// Adds a source (keys/secret_source.h) from SFJwtTokenCacheKey. Returns an error, or nullopt.
  std::optional<std::string> add_key(const char* source);

  /// Creates everything, after all directives have been read.
  void open(server_rec& server, ConfigErrors& errors, ConfigErrors& warnings);

  /// In a new child, before it serves requests.
  void child_init(apr_pool_t* pool, server_rec& server);

  /// The store for the tokens of this client. Not thread-safe.
  tokens::TokenStore& store_for(const oauth::Client& client);

  /// The limit on failing token requests of a client, for all processes together.
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
