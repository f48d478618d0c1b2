// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"

namespace sfjwt::keys {

/// What matters here of an X.509 certificate (RFC 5280).
struct Certificate {
  std::string fingerprint;  // of its public key (keys/key_material.h)
  UnixTime not_before;
  UnixTime not_after;
};

/// From so long before the end of a certificate on, administrators are told.
inline constexpr std::chrono::days kExpiryIsNear{30};

/// Reads the first certificate of a file, PEM or DER. The error names the file and says what is wrong.
Result<Certificate, std::string> read_certificate(const std::string& file);

/// What is to be said about the validity of a certificate, to be read behind its file's name: it is over,
/// ends within 30 days, or has not begun. Nothing when all is well.
std::optional<std::string> validity_warning(const Certificate& certificate, UnixTime now);

/// "2027-03-01 12:00:00 UTC".
std::string utc_text(UnixTime time);

}  // namespace sfjwt::keys
