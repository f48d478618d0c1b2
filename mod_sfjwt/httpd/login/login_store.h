// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/login/failure_delay.h"
#include "mod_sfjwt/httpd/memory/shm_login_table.h"
#include "mod_sfjwt/login/handles.h"

namespace sfjwt::httpd {

/// What the logins of all sections have in common: the keys of their handles (SFJwtLoginKey, else one that is
/// kept in shared memory over graceful restarts), which handles are revoked, and how many passwords may be
/// tried.
class LoginStore {
 public:
  /// The clock must outlive it.
  explicit LoginStore(const Clock& clock) : clock_(clock) {}

  /// Adds a source (keys/secret_source.h) from SFJwtLoginKey. Returns an error, or nullopt.
  std::optional<std::string> add_key(const char* source);

  /// Creates everything, after all directives have been read. Call it if a section has SFJwtLogin.
  void open(server_rec& server, ConfigErrors& errors, ConfigErrors& warnings);

  /// In a new child, which serves with so many threads.
  void child_init(std::size_t threads);

  /// The handles of a section; null if open() has failed.
  std::unique_ptr<const login::Handles> handles_for(login::Handles::Rules rules);

  const login::AttemptLimits& attempts() const { return table_->attempts(); }
  const FailureDelay& delay() const { return delay_; }

 private:
  std::vector<Secret> read_keys(ConfigErrors& errors, ConfigErrors& warnings) const;

  const Clock& clock_;
  std::vector<std::string> sources_;
  std::unique_ptr<login::LoginTable> table_;
  std::optional<login::HandleSeal> seal_;
  FailureDelay delay_;
};

}  // namespace sfjwt::httpd
