// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The connections to the instances of tokens: one worker of mod_proxy per instance, created on first use.
/// mod_proxy itself has workers only for configured addresses, and opens a new connection per request to any
/// other address. Each process keeps its workers until it ends, since they cannot be freed while the process
/// serves requests; hence their number is limited. Thread-safe.
class InstanceWorkers {
 public:
  static constexpr std::size_t kMost = 64;

  /// In a new child, before it serves requests.
  void child_init(apr_pool_t* child);

  /// The worker for an origin ("https://host:port"), for a request that mod_proxy would have given to
  /// `configured` (null: to none of its own). Requests of different configured workers share no connection,
  /// since these can differ in how the backend is verified; the connection parameters of ProxyPass also apply
  /// to the instance. Null if there are kMost already, or if mod_proxy cannot create it; this is logged once.
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
