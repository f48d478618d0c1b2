// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::gateway {

/// Which operations of the Salesforce APIs are kept from ending sessions that callers share without knowing
/// it (SFJwtSessionGuard). login is not among them: it takes no session, so it is refused whatever this says.
struct SessionGuard {
  bool logout = false;  // answered here
  bool invalidate_sessions = false;
  bool set_password = false;
  bool reset_password = false;
  bool change_own_password = false;

  auto operator<=>(const SessionGuard&) const = default;
  static constexpr SessionGuard none() { return {}; }
  static constexpr SessionGuard all() { return {true, true, true, true, true}; }
};

struct GuardedOperation {
  std::string_view name;  // as in the WSDL and in SFJwtSessionGuard On -name
  bool SessionGuard::*member;
  std::string_view consequence;  // why it is refused; empty for logout, which is answered
};

inline constexpr std::array<GuardedOperation, 5> kGuardedOperations = {{
    {"logout", &SessionGuard::logout, ""},
    {"invalidateSessions", &SessionGuard::invalidate_sessions,
     "it would end sessions that other callers use"},
    {"setPassword", &SessionGuard::set_password, "a new password ends the sessions of its user"},
    {"resetPassword", &SessionGuard::reset_password, "a new password ends the sessions of its user"},
    {"changeOwnPassword", &SessionGuard::change_own_password, "a new password ends the sessions of its user"},
}};

/// The guarded operation this is; null if it is none, also when it only has the same name: the namespaces of
/// the enterprise, partner and tooling APIs are meant, not those of Apex classes.
const GuardedOperation* guarded_operation(const SessionGuard& guard, const soap::Catalog& catalog,
                                          const soap::CatalogOperation& operation);

/// Why it is not forwarded.
Refusal refusal_of(const GuardedOperation& operation);

/// What the caller of an operation gets whose answer says nothing: the empty output element the WSDL names,
/// in an envelope of this version.
std::string empty_response(const soap::Catalog& catalog, const soap::CatalogOperation& operation,
                           soap::SoapVersion version);

}  // namespace sfjwt::gateway
