// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::gateway {

/// Which of the backend's guarded operations are kept from ending sessions that callers share without knowing
/// it (SFJwtSessionGuard). login is not among them: it takes no session, so it is refused whatever this says.
struct SessionGuard {
  std::uint32_t operations = 0;  // a bit for each of BackendFamily::guarded_operations

  constexpr bool has(std::size_t operation) const { return (operations >> operation & 1U) != 0; }
  constexpr void set(std::size_t operation, bool on) {
    const std::uint32_t bit = std::uint32_t{1} << operation;
    operations = on ? operations | bit : operations & ~bit;
  }
  auto operator<=>(const SessionGuard&) const = default;
  static constexpr SessionGuard none() { return {}; }
  static constexpr SessionGuard all() { return {~std::uint32_t{0}}; }
};

/// The guarded operation this is; null if it is none, also when it only has the same name: the namespaces of
/// the backend's own APIs are meant, not those that its customers make.
const GuardedOperation* guarded_operation(const SessionGuard& guard, const soap::Catalog& catalog,
                                          const soap::CatalogOperation& operation,
                                          const BackendFamily& backend);

/// Why it is not forwarded.
Refusal refusal_of(const GuardedOperation& operation);

/// What the caller of an operation gets whose answer says nothing: the empty output element the WSDL names,
/// in an envelope of this version.
std::string empty_response(const soap::Catalog& catalog, const soap::CatalogOperation& operation,
                           soap::SoapVersion version);

}  // namespace sfjwt::gateway
