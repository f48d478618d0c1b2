// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The connections to the instances that tokens name: mod_proxy's workers, one per instance, made when it is
/// first gone to. mod_proxy has workers for the addresses of its configuration alone and opens a connection
/// for each request to any other. Each process has its own, until it ends: a worker cannot be given back
/// while its process serves, hence the bound. Safe to call from several threads.
class InstanceWorkers {
 public:
  static constexpr std::size_t kMost = 64;

  /// In a new child, before it serves.
  void child_init(apr_pool_t* child);

  /// The worker for an origin ("https://host:port") on behalf of a request that mod_proxy would have given to
  /// `configured` (null: to none of its own). Requests of different workers share no connection, since these
  /// can differ in how the backend is verified; what ProxyPass says of its connections holds for the instance
  /// too. Null when there are kMost already or mod_proxy cannot make it, which is logged once.
  proxy_worker* worker_for(const std::string& origin, const proxy_worker* configured,
                           const proxy_server_conf& conf, server_rec* server);

 private:
  using Name = std::pair<const void*, std::string>;

  proxy_worker* made(const std::string& origin, const proxy_worker* configured, server_rec* server);
  void warn_once(const server_rec* server, const std::string& origin, const char* why);

  std::mutex mutex_;
  apr_pool_t* pool_ = nullptr;
  std::map<Name, proxy_worker*> workers_;
  bool told_ = false;
};

}  // namespace sfjwt::httpd
