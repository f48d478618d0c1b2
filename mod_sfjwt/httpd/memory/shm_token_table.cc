// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/memory/shm_token_table.h"

#include "mod_sfjwt/httpd/memory/shared_segment.h"

namespace sfjwt::httpd {

struct RetainedTable {
  SharedSegment segment;
  std::array<apr_global_mutex_t*, tokens::SlotTable::kStripes> mutexes;
};

namespace {

using tokens::TokenTable;

constexpr const char* kMutexType = "sfjwt-tokens";
constexpr const char* kRetained = "mod_sfjwt token table 2";  // another layout needs another name

std::string reason_of(apr_status_t status) {
  std::array<char, 120> text;
  return apr_strerror(status, text.data(), text.size());
}

// Data of httpd that survives a restart; null if there is none yet.
RetainedTable* retained_table() {
  return static_cast<RetainedTable*>(ap_retained_data_get(kRetained));
}

using Trouble = std::optional<std::string>;

// A POSIX semaphore stays locked if its holder is killed, and then blocks every request for a token.
Trouble refused_mechanism(server_rec& server) {
  apr_pool_t* pool = nullptr;
  apr_pool_create(&pool, server.process->pconf);
  apr_global_mutex_t* mutex = nullptr;
  const apr_status_t status = ap_global_mutex_create(&mutex, nullptr, kMutexType, "trial", &server, pool, 0);
  Trouble trouble;
  if (status != APR_SUCCESS) {
    trouble = "the lock of the tokens cannot be created: " + reason_of(status);
  } else if (apr_global_mutex_mech(mutex) == APR_LOCK_POSIXSEM) {
    trouble =
        "Mutex posixsem cannot be used for sfjwt-tokens: if a child that holds it is killed, all others wait "
        "forever. Choose another type for it alone: Mutex pthread sfjwt-tokens";
  }
  apr_pool_destroy(pool);
  return trouble;
}

Trouble create_mutexes(server_rec& server, RetainedTable& retained) {
  for (std::size_t stripe = 0; stripe < retained.mutexes.size(); ++stripe) {
    const apr_status_t status =
        ap_global_mutex_create(&retained.mutexes[stripe], nullptr, kMutexType, std::to_string(stripe).c_str(),
                               &server, server.process->pool, 0);
    if (status != APR_SUCCESS) return "the locks of the tokens cannot be created: " + reason_of(status);
  }
  return {};
}

Trouble create_memory(server_rec& server, RetainedTable& retained, TokenTable::Shape shape) {
  const std::size_t size = TokenTable::bytes(shape);
  const apr_status_t status = renew(retained.segment, server, size);
  if (status == APR_SUCCESS) return {};
  return "shared memory of " + std::to_string(size >> 20) + " MB for " + std::to_string(shape.entries) +
         " tokens cannot be allocated: " + reason_of(status);
}

}  // namespace

bool GlobalLocks::lock(std::size_t stripe) noexcept {
  const apr_status_t status = apr_global_mutex_lock(retained_.mutexes[stripe]);
  if (status == APR_SUCCESS) return true;
  ap_log_error(APLOG_MARK, APLOG_CRIT, status, ap_server_conf, "SFJ0904: the tokens cannot be locked");
  return false;
}

void GlobalLocks::unlock(std::size_t stripe) noexcept {
  apr_global_mutex_unlock(retained_.mutexes[stripe]);
}

void ShmTokenTable::register_mutex(apr_pool_t* configuration) {
  ap_mutex_register(configuration, kMutexType, nullptr, APR_LOCK_DEFAULT, 0);
}

Result<std::unique_ptr<ShmTokenTable>, std::string> ShmTokenTable::of(server_rec& server, Shape shape,
                                                                      const Clock& clock) {
  if (auto trouble = refused_mechanism(server)) return Unexpected{std::move(*trouble)};
  RetainedTable* retained = retained_table();
  if (!retained) {
    RetainedTable made{};
    if (auto trouble = create_mutexes(server, made)) return Unexpected{std::move(*trouble)};
    retained = static_cast<RetainedTable*>(ap_retained_data_create(kRetained, sizeof(RetainedTable)));
    *retained = made;
  }
  if (!retained->segment.memory || !is_in(retained->segment.words, shape)) {
    if (auto trouble = create_memory(server, *retained, shape)) return Unexpected{std::move(*trouble)};
  }
  return std::unique_ptr<ShmTokenTable>(new ShmTokenTable(*retained, shape, clock));
}

ShmTokenTable::ShmTokenTable(RetainedTable& retained, Shape shape, const Clock& clock)
    : GlobalLocks(retained),
      tokens::TokenTable(retained.segment.words, shape, *this, clock, ap_state_query(AP_SQ_CONFIG_GEN)) {}

void ShmTokenTable::child_init(apr_pool_t* pool, server_rec& server) {
  RetainedTable* const retained = retained_table();
  if (!retained) return;
  for (apr_global_mutex_t*& mutex : retained->mutexes) {
    const apr_status_t status = apr_global_mutex_child_init(&mutex, apr_global_mutex_lockfile(mutex), pool);
    if (status != APR_SUCCESS)
      ap_log_error(APLOG_MARK, APLOG_CRIT, status, &server, "SFJ0904: a lock of the tokens cannot be used");
  }
}

tokens::TokenStore::Put ShmTokenTable::put(const tokens::TokenKey& key, Claim claim,
                                           const tokens::AccessToken& token) {
  const Put result = tokens::TokenTable::put(key, claim, token);
  if (result == Put::too_large && !warned_.exchange(true))
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, ap_server_conf,
                 "SFJ0905: tokens of %" APR_SIZE_T_FMT
                 " bytes do not fit into the entries of SFJwtTokenCache; each is used for one request only. "
                 "Make the entries larger: SFJwtTokenCache shm:%d:%d",
                 token.value.size(), static_cast<int>(kDefaultTokens),
                 static_cast<int>(token.value.size() + 512));
  return result;
}

}  // namespace sfjwt::httpd
