// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"

namespace sfjwt::keys {

/// The relevant parts of an X.509 certificate (RFC 5280).
struct Certificate {
  std::string fingerprint;  // of its public key (keys/key_material.h)
  UnixTime not_before;
  UnixTime not_after;
};

/// How long before a certificate expires the administrator is warned.
inline constexpr std::chrono::days kExpiryIsNear{30};

/// Reads the first certificate of a file, PEM or DER. The error names the file and gives the reason.
Result<Certificate, std::string> read_certificate(const std::string& file);

/// A warning about the validity of a certificate, to follow the name of its file: it has expired, expires
/// within 30 days, or is not valid yet. nullopt if there is nothing to warn of.
std::optional<std::string> validity_warning(const Certificate& certificate, UnixTime now);

/// "2027-03-01 12:00:00 UTC".
std::string utc_text(UnixTime time);

}  // namespace sfjwt::keys
