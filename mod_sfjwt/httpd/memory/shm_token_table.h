// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/tokens/token_table.h"

namespace sfjwt::httpd {

inline constexpr std::size_t kDefaultTokens = 65'536;

/// What outlives a configuration: the memory, and the locks that children of all generations share. It is in
/// the process pool and is found again through httpd's retained data.
struct RetainedTable;

/// The global mutexes of httpd, `Mutex sfjwt-tokens`.
class GlobalLocks : public tokens::StripeLocks {
 public:
  explicit GlobalLocks(RetainedTable& retained) : retained_(retained) {}
  bool lock(std::size_t stripe) noexcept override;
  void unlock(std::size_t stripe) noexcept override;

 private:
  RetainedTable& retained_;
};

/// The token table of this httpd, used by all children. A graceful restart keeps it, except for failures
/// whose cause the administrator may have removed (oauth::outlives_restart).
class ShmTokenTable final : private GlobalLocks, public tokens::TokenTable {
 public:
  /// In pre_config: registers `Mutex sfjwt-tokens`, which selects the kind of lock.
  static void register_mutex(apr_pool_t* configuration);

  /// At configuration time, in the parent: returns the existing table if it has this shape, else a new one.
  /// The error gives the reason. The clock must outlive the table.
  static Result<std::unique_ptr<ShmTokenTable>, std::string> of(server_rec& server, Shape shape,
                                                                const Clock& clock);

  /// In a new child, before it serves requests.
  static void child_init(apr_pool_t* pool, server_rec& server);

  /// Also warns, once per process, of a token that is too large to be shared.
  Put put(const tokens::TokenKey& key, Claim claim, const tokens::AccessToken& token) override;

 private:
  ShmTokenTable(RetainedTable& retained, Shape shape, const Clock& clock);

  std::atomic<bool> warned_{false};
};

}  // namespace sfjwt::httpd
