// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/token_cache.h"

#include <chrono>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/directive_values.h"
#include "mod_sfjwt/keys/secret_source.h"

namespace sfjwt::httpd {
namespace {

constexpr std::chrono::milliseconds kProviderTimeout{50};

// Arguments of a program may be confidential.
std::string_view place_of(std::string_view source) {
  return source.starts_with("exec:") ? source.substr(0, source.find(' ')) : source;
}

bool is_configuration_test() {
  return ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
}

}  // namespace

std::optional<std::string> TokenCache::set(cmd_parms* cmd, const char* value) {
  const std::string_view text = value;
  if (text.substr(0, text.find(':')) == "shm") {
    const auto shape = token_table_shape(value);
    if (!shape) return shape.error();
    shape_ = *shape;
    return {};
  }
  if (provider_) return "names a second provider: only one can be configured";
  auto provider = SocacheTokenStore::of(cmd, value);
  if (!provider) return provider.error();
  provider_ = *std::move(provider);
  return {};
}

std::optional<std::string> TokenCache::add_key(const char* source) {
  if (keys_.size() == 2) return "is given a third time; two are for a rotation";
  keys_.emplace_back(source);
  return {};
}

void TokenCache::open(server_rec& server, ConfigErrors& errors, ConfigErrors& warnings) {
  auto table = ShmTokenTable::of(server, shape_, clock_);
  if (!table) return add_once(errors, "SFJ0903: " + table.error());
  table_ = std::move(*table);
  if (!provider_) return;
  auto seals = read_seals(errors, warnings);
  if (seals.empty() || !errors.empty() || is_configuration_test()) return;
  if (const auto trouble = provider_->open(server))
    return add_once(errors, "SFJ0917: SFJwtTokenCache " + printable(provider_->name()) + ": " + *trouble);
  punctual_.emplace(*provider_, kProviderTimeout);
  shared_.emplace(*punctual_, std::move(seals), clock_, [this](auto event) { report(event); });
}

std::vector<keys::Seal> TokenCache::read_seals(ConfigErrors& errors, ConfigErrors& warnings) const {
  std::vector<keys::Seal> seals;
  if (keys_.empty())
    add_once(errors, "SFJ0917: SFJwtTokenCache " + printable(provider_->name()) +
                         " needs SFJwtTokenCacheKey: tokens do not leave this machine unsealed. Make a "
                         "key (openssl rand -base64 32), give all gateways the same, and name its file: "
                         "SFJwtTokenCacheKey file:NAME");
  for (const std::string& source : keys_) {
    const auto text = keys::read_secret_source(source);
    const auto key = text ? keys::seal_key_in(text->secret) : Unexpected{std::string()};
    if (text && text->warning) add_once(warnings, "SFJwtTokenCacheKey: " + *text->warning);
    if (key) {
      seals.emplace_back(*key);
    } else {
      add_once(errors, "SFJ0917: SFJwtTokenCacheKey: " +
                           (text ? printable(place_of(source)) + " " + key.error() : text.error()));
    }
  }
  return seals;
}

void TokenCache::child_init(apr_pool_t* pool, server_rec& server) {
  ShmTokenTable::child_init(pool, server);
  if (shared_) provider_->child_init(pool);
}

tokens::TokenStore& TokenCache::store_for(const oauth::Client& client) {
  if (!shared_) return *table_;
  const tokens::Lifetimes lifetimes{client.idle_lifetime, client.absolute_lifetime};
  auto& store = two_level_stores_[lifetimes];
  if (!store) store = std::make_unique<sharing::TwoLevelTokenStore>(*table_, *shared_, lifetimes, clock_);
  return *store;
}

void TokenCache::report(sharing::GatewaySharedTokens::StoreEvent event) const {
  using StoreEvent = sharing::GatewaySharedTokens::StoreEvent;
  const char* const name = provider_->name().c_str();
  switch (event) {
    case StoreEvent::failing:
      ap_log_error(APLOG_MARK, APLOG_WARNING, 0, ap_server_conf,
                   "SFJ0907: %s fails, or takes longer than %d ms: this gateway retries it every 5 seconds "
                   "and requests tokens of its own until then",
                   name, static_cast<int>(kProviderTimeout.count()));
      return;
    case StoreEvent::working:
      ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, ap_server_conf, "SFJ0908: %s works again", name);
      return;
    case StoreEvent::foreign:
      ap_log_error(APLOG_MARK, APLOG_WARNING, 0, ap_server_conf,
                   "SFJ0909: %s contains a value that was not written with this SFJwtTokenCacheKey; such "
                   "values are ignored, and this message is logged once",
                   name);
      return;
  }
}

}  // namespace sfjwt::httpd
