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
#include "mod_sfjwt/httpd/complaints.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/httpd/shared_token_table.h"
#include "mod_sfjwt/httpd/socache_token_store.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/lifetimes.h"
#include "mod_sfjwt/oauth/punctual_store.h"
#include "mod_sfjwt/oauth/shared_tokens.h"
#include "mod_sfjwt/oauth/tiered_token_store.h"

namespace sfjwt::httpd {

/// Where the tokens of this httpd are kept, as SFJwtTokenCache and SFJwtTokenCacheKey say: a table in shared
/// memory, and behind it what the gateways of a company share, if they do.
class TokenCache {
 public:
  /// The clock outlives it.
  explicit TokenCache(const Clock& clock) : clock_(clock) {}

  /// The value of SFJwtTokenCache: the size of the table, or the provider behind it. Answers what is wrong.
  std::optional<std::string> set(cmd_parms* cmd, const char* value);

  /// A source (oauth/secret_source.h) as SFJwtTokenCacheKey names it. Answers what is wrong.
  std::optional<std::string> add_key(const char* source);

  /// Makes it all, when all directives are read.
  void open(server_rec& server, Complaints& complaints, Complaints& warnings);

  /// In a new child, before it serves.
  void enter_child(apr_pool_t* pool, server_rec& server);

  /// Where the tokens of this client are kept. Not for several threads at once.
  oauth::TokenStore& store_for(const oauth::Client& client);

  /// What limits the failing token requests of a client, in all processes together.
  oauth::FailureThrottle throttle_for(std::string_view client_id) const {
    return table_->throttle_for(client_id);
  }

 private:
  std::vector<oauth::Seal> read_seals(Complaints& complaints, Complaints& warnings) const;
  void report(oauth::SharedTokens::News news) const;

  const Clock& clock_;
  oauth::TokenTable::Shape shape_{kUsualTokens, oauth::TokenTable::kUsualEntry};
  std::vector<std::string> keys_;
  std::unique_ptr<SharedTokenTable> table_;
  std::unique_ptr<SocacheTokenStore> provider_;
  std::optional<oauth::PunctualStore> punctual_;
  std::optional<oauth::SharedTokens> shared_;
  std::map<oauth::Lifetimes, std::unique_ptr<oauth::TieredTokenStore>> tiers_;
};

}  // namespace sfjwt::httpd
