// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/sharing/sealed_store.h"

namespace sfjwt::httpd {

/// Uses a provider of httpd's small object cache (mod_socache_redis and others) as the store of encrypted
/// tokens.
class SocacheTokenStore final : public sharing::SealedStore {
 public:
  /// In pre_config: registers `Mutex sfjwt-cache`, the lock for providers that need one.
  static void register_mutex(apr_pool_t* configuration);

  /// Creates the store for `provider[:arguments]`, as in SFJwtTokenCache. The error gives the reason.
  /// Configuration time only.
  static Result<std::unique_ptr<SocacheTokenStore>, std::string> of(cmd_parms* cmd, const char* value);

  SocacheTokenStore(const SocacheTokenStore&) = delete;
  SocacheTokenStore& operator=(const SocacheTokenStore&) = delete;
  ~SocacheTokenStore() override = default;

  /// Call it once, before children are created; the store is closed with the configuration. Do not call it
  /// for `httpd -t`, which would interfere with the files of a running server. Returns an error, or nullopt.
  std::optional<std::string> open(server_rec& server);

  /// In a new child, before it serves requests.
  void child_init(apr_pool_t* pool);

  /// As written in the directive.
  const std::string& name() const { return name_; }

  Fetched fetch(const keys::SealedId& id) override;
  Outcome store(const keys::SealedId& id, UnixTime expires_at, std::string_view value) override;
  Outcome remove(const keys::SealedId& id) override;

 private:
  class Call;

  static apr_status_t close(void* object) noexcept;

  SocacheTokenStore(std::string name, const ap_socache_provider_t& provider, ap_socache_instance_t* instance);

  std::string name_;
  const ap_socache_provider_t& provider_;
  ap_socache_instance_t* instance_;
  server_rec* server_ = nullptr;
  pid_t opener_ = 0;
  apr_global_mutex_t* mutex_ = nullptr;  // null if the provider needs none
};

}  // namespace sfjwt::httpd
