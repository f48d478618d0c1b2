// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/instance_workers.h"

namespace sfjwt::httpd {
namespace {

// An org can move to other addresses during the lifetime of this process.
[[maybe_unused]] constexpr apr_int32_t kAddressLife = 60;  // seconds

// Copies the connection parameters of ProxyPass, except a `disablereuse` that is not configured: mod_proxy
// sets it itself for addresses with patterns.
void copy_connection_settings(const proxy_worker_shared& from, proxy_worker_shared& to) {
  to.min = from.min;
  to.smax = from.smax;
  to.hmax = from.hmax;
  to.ttl = from.ttl;
  to.timeout = from.timeout;
  to.timeout_set = from.timeout_set;
  to.conn_timeout = from.conn_timeout;
  to.conn_timeout_set = from.conn_timeout_set;
  to.acquire = from.acquire;
  to.acquire_set = from.acquire_set;
  to.ping_timeout = from.ping_timeout;
  to.ping_timeout_set = from.ping_timeout_set;
  to.keepalive = from.keepalive;
  to.keepalive_set = from.keepalive_set;
  to.flush_packets = from.flush_packets;
  to.flush_wait = from.flush_wait;
  to.recv_buffer_size = from.recv_buffer_size;
  to.recv_buffer_size_set = from.recv_buffer_size_set;
  to.io_buffer_size = from.io_buffer_size;
  to.io_buffer_size_set = from.io_buffer_size_set;
  to.response_field_size = from.response_field_size;
  to.response_field_size_set = from.response_field_size_set;
  to.disablereuse = from.disablereuse_set && from.disablereuse;
  to.disablereuse_set = from.disablereuse_set;
#if AP_MODULE_MAGIC_AT_LEAST(20120211, 130)
  to.address_ttl = from.address_ttl;
  to.address_ttl_set = from.address_ttl_set;
#endif
}

}  // namespace

// Several threads create connections in it, so its allocator needs a lock.
void InstanceWorkers::child_init(apr_pool_t* child) {
  apr_allocator_t* allocator = nullptr;
  apr_pool_t* pool = nullptr;
  apr_thread_mutex_t* lock = nullptr;
  if (apr_allocator_create(&allocator) != APR_SUCCESS) return;
  if (apr_pool_create_ex(&pool, child, nullptr, allocator) != APR_SUCCESS) return;
  apr_allocator_owner_set(allocator, pool);
  if (apr_thread_mutex_create(&lock, APR_THREAD_MUTEX_DEFAULT, pool) != APR_SUCCESS) return;
  apr_allocator_mutex_set(allocator, lock);
  pool_ = pool;
}

proxy_worker* InstanceWorkers::worker_for(const std::string& origin, const proxy_worker* configured,
                                          const proxy_server_conf& conf, server_rec* server) {
  const void* way = &conf;
  if (configured) way = configured;
  const std::lock_guard lock(mutex_);
  if (const auto found = workers_.find({way, origin}); found != workers_.end()) return found->second;
  if (!pool_ || workers_.size() >= kMost) {
    warn_once(server, origin, "this process already keeps connections to the maximum number of instances");
    return nullptr;
  }
  return workers_.emplace(Name{way, origin}, made(origin, configured, server)).first->second;
}

// Not added to mod_proxy's own list, which has no lock and is searched by all threads.
proxy_worker* InstanceWorkers::made(const std::string& origin, const proxy_worker* configured,
                                    server_rec* server) {
  proxy_worker* worker = nullptr;
  if (const char* why = ap_proxy_define_worker(pool_, &worker, nullptr, nullptr, origin.c_str(), 0)) {
    warn_once(server, origin, why);
    return nullptr;
  }
  worker->section_config =
      configured && configured->section_config ? configured->section_config : server->lookup_defaults;
  if (configured) copy_connection_settings(*configured->s, *worker->s);
#if AP_MODULE_MAGIC_AT_LEAST(20120211, 130)
  if (!worker->s->address_ttl_set) worker->s->address_ttl = kAddressLife;
  worker->s->address_ttl_set = 1;
#endif
  if (ap_proxy_initialize_worker(worker, server, pool_) == APR_SUCCESS) return worker;
  warn_once(server, origin, "mod_proxy could not prepare for it");
  return nullptr;
}

void InstanceWorkers::warn_once(const server_rec* server, const std::string& origin, const char* why) {
  if (told_) return;
  told_ = true;
  ap_log_error(APLOG_MARK, APLOG_WARNING, 0, server,
               "SFJ0906: each request to %s, and perhaps to others, opens a connection of its own: %s",
               origin.c_str(), why);
}

}  // namespace sfjwt::httpd
