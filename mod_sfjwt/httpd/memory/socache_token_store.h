// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/sharing/sealed_store.h"

namespace sfjwt::httpd {

/// A provider of httpd's small object caches (mod_socache_redis and others) as the store of sealed tokens.
class SocacheTokenStore final : public sharing::SealedStore {
 public:
  /// In pre_config: lets `Mutex sfjwt-cache` choose the lock for providers that need one.
  static void register_mutex(apr_pool_t* configuration);

  /// For `provider[:arguments]` as SFJwtTokenCache says it, or what is wrong with that. Configuration time
  /// only.
  static Result<std::unique_ptr<SocacheTokenStore>, std::string> of(cmd_parms* cmd, const char* value);

  SocacheTokenStore(const SocacheTokenStore&) = delete;
  SocacheTokenStore& operator=(const SocacheTokenStore&) = delete;
  ~SocacheTokenStore() override = default;

  /// Before children are made, once; it is closed with the configuration. Not for `httpd -t`, which would
  /// meet the files of a running server. Answers what stands against it.
  std::optional<std::string> open(server_rec& server);

  /// In a new child, before it serves.
  void child_init(apr_pool_t* pool);

  /// As the directive names it.
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
  apr_global_mutex_t* mutex_ = nullptr;  // null: the provider needs none
};

}  // namespace sfjwt::httpd
