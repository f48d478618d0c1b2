// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/login/handle.h"
#include "mod_sfjwt/login/login_table.h"

namespace sfjwt::login {

/// The handles of one section: issues, accepts and revokes them. Safe to use from several threads.
class Handles {
 public:
  struct Rules {
    std::string realm;  // sections with the same one accept each other's handles; empty: the section's name
    std::chrono::seconds lifetime;
    bool bound_to_caller =
        false;  // accepted from the authenticated caller who has logged in, and nobody else
  };

  /// The others outlive it.
  Handles(Rules rules, const HandleSeal& seal, const LoginTable& table, const Clock& clock)
      : rules_(std::move(rules)), seal_(seal), table_(table), clock_(clock) {}

  bool bound_to_caller() const { return rules_.bound_to_caller; }
  std::chrono::seconds lifetime() const { return rules_.lifetime; }

  /// Where a handle is used: REMOTE_USER, and the name of the section, which no other section has.
  struct Place {
    std::string_view caller;
    std::string section;
  };

  /// A new handle for a user whose login has been accepted. Throws std::runtime_error if OpenSSL fails.
  Secret issue(std::string_view subject, const Place& place) const;

  /// The handle in a request. The error is why it is not valid, for the log: clients must not
  /// learn it.
  Result<Handle, const char*> accept(std::string_view text, const Place& place) const;

  /// From now on it is not accepted on this machine.
  void revoke(const Handle& handle) const;

 private:
  std::string realm_of(const Place& place) const;

  const Rules rules_;
  const HandleSeal& seal_;
  const LoginTable& table_;
  const Clock& clock_;
};

}  // namespace sfjwt::login
