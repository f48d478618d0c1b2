// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/memory/socache_token_store.h"

#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

using Outcome = sharing::SealedStore::Outcome;

constexpr const char* kMutexType = "sfjwt-cache";
constexpr const char* kNamespace = "sfjwt";  // precedes the ids, since a provider can serve several modules

std::string reason_of(apr_status_t status) {
  std::array<char, 120> text;
  return apr_strerror(status, text.data(), text.size());
}

// mod_socache_dbm returns a general error for a missing value, and redis for a missing password. The next
// attempt to store a value shows whether the store works.
Outcome outcome_of(apr_status_t status) {
  if (status == APR_SUCCESS) return Outcome::done;
  return APR_STATUS_IS_NOTFOUND(status) || status == APR_EGENERAL ? Outcome::nothing : Outcome::failed;
}

std::string unknown_provider(const std::string& name) {
  return "must be shm[:entries[:bytes]], or a provider whose module is loaded, with its arguments: for " +
         printable(name, 40) + " there is none (LoadModule socache_" + printable(name, 40) +
         "_module; httpd has modules for redis, memcache, dbm and shmcb)";
}

}  // namespace

// The memory for one call, and the lock if the provider needs one.
class SocacheTokenStore::Call {
 public:
  explicit Call(apr_global_mutex_t* mutex) : mutex_(mutex) {
    apr_pool_create(&pool_, nullptr);
    status_ = mutex_ ? apr_global_mutex_lock(mutex_) : APR_SUCCESS;
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() {
    if (mutex_ && status_ == APR_SUCCESS) apr_global_mutex_unlock(mutex_);
    apr_pool_destroy(pool_);
  }
  explicit operator bool() const { return status_ == APR_SUCCESS; }
  apr_pool_t* pool() const { return pool_; }

 private:
  apr_pool_t* pool_ = nullptr;
  apr_global_mutex_t* mutex_;
  apr_status_t status_;
};

void SocacheTokenStore::register_mutex(apr_pool_t* configuration) {
  ap_mutex_register(configuration, kMutexType, nullptr, APR_LOCK_DEFAULT, 0);
}

Result<std::unique_ptr<SocacheTokenStore>, std::string> SocacheTokenStore::of(cmd_parms* cmd,
                                                                              const char* value) {
  const std::string_view text = value;
  const auto colon = text.find(':');
  const std::string name(text.substr(0, colon));
  const char* arguments = colon == std::string_view::npos ? nullptr : value + colon + 1;
  const auto* provider = static_cast<const ap_socache_provider_t*>(
      ap_lookup_provider(AP_SOCACHE_PROVIDER_GROUP, name.c_str(), AP_SOCACHE_PROVIDER_VERSION));
  if (!provider) return Unexpected{unknown_provider(name)};
  ap_socache_instance_t* instance = nullptr;
  if (const char* error = provider->create(&instance, arguments, cmd->temp_pool, cmd->pool))
    return Unexpected{name + ": " + error};
  return std::unique_ptr<SocacheTokenStore>(new SocacheTokenStore(value, *provider, instance));
}

SocacheTokenStore::SocacheTokenStore(std::string name, const ap_socache_provider_t& provider,
                                     ap_socache_instance_t* instance)
    : name_(std::move(name)), provider_(provider), instance_(instance) {}

// Runs with the cleanup of the configuration, before the provider's own cleanups. A child only ends its own
// use of what the parent has opened.
apr_status_t SocacheTokenStore::close(void* object) noexcept {
  const auto& store = *static_cast<SocacheTokenStore*>(object);
  if (store.opener_ == getpid()) store.provider_.destroy(store.instance_, store.server_);
  return APR_SUCCESS;
}

std::optional<std::string> SocacheTokenStore::open(server_rec& server) {
  apr_pool_t* const pool = server.process->pconf;
  if (provider_.flags & AP_SOCACHE_FLAG_NOTMPSAFE) {
    const apr_status_t status =
        ap_global_mutex_create(&mutex_, nullptr, kMutexType, nullptr, &server, pool, 0);
    if (status != APR_SUCCESS) return "its lock cannot be created: " + reason_of(status);
    if (apr_global_mutex_mech(mutex_) == APR_LOCK_POSIXSEM)
      return "Mutex posixsem cannot be used for sfjwt-cache: if a child that holds it is killed, the cache "
             "is lost to all others. Choose another type for it alone: Mutex pthread sfjwt-cache";
  }
  const ap_socache_hints hints{sizeof(keys::SealedId), 400, apr_time_from_sec(60)};
  const apr_status_t status = provider_.init(instance_, kNamespace, &hints, &server, pool);
  if (status != APR_SUCCESS) return reason_of(status);
  server_ = &server;
  opener_ = getpid();
  apr_pool_cleanup_register(pool, this, close, apr_pool_cleanup_null);
  return {};
}

void SocacheTokenStore::child_init(apr_pool_t* pool) {
  if (!mutex_) return;
  const apr_status_t status = apr_global_mutex_child_init(&mutex_, apr_global_mutex_lockfile(mutex_), pool);
  if (status != APR_SUCCESS)
    ap_log_error(APLOG_MARK, APLOG_CRIT, status, server_,
                 "SFJ0904: the lock of the shared cache cannot be used");
}

sharing::SealedStore::Fetched SocacheTokenStore::fetch(const keys::SealedId& id) {
  const Call call(mutex_);
  if (!call) return {};
  Fetched fetched;
  fetched.value.resize(keys::kLargestSealed);
  auto size = static_cast<unsigned>(fetched.value.size());
  const apr_status_t status =
      provider_.retrieve(instance_, server_, id.data(), static_cast<unsigned>(id.size()),
                         reinterpret_cast<unsigned char*>(fetched.value.data()), &size, call.pool());
  const bool too_large = status == APR_ENOMEM || status == APR_ENOSPC;
  fetched.outcome = too_large ? Outcome::done : outcome_of(status);
  fetched.value.resize(status == APR_SUCCESS ? size : 0);
  return fetched;
}

Outcome SocacheTokenStore::store(const keys::SealedId& id, UnixTime expires_at, std::string_view value) {
  const Call call(mutex_);
  if (!call) return Outcome::failed;
  std::string copy(value);  // providers may modify the value
  return outcome_of(provider_.store(instance_, server_, id.data(), static_cast<unsigned>(id.size()),
                                    apr_time_from_sec(expires_at.time_since_epoch().count()),
                                    reinterpret_cast<unsigned char*>(copy.data()),
                                    static_cast<unsigned>(copy.size()), call.pool()));
}

Outcome SocacheTokenStore::remove(const keys::SealedId& id) {
  const Call call(mutex_);
  if (!call) return Outcome::failed;
  return outcome_of(
      provider_.remove(instance_, server_, id.data(), static_cast<unsigned>(id.size()), call.pool()));
}

}  // namespace sfjwt::httpd
