// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt::tokens {

/// Whom failed token requests are charged to: one caller in one section. Points to what its maker holds.
struct CallerIdentity {
  std::string_view server;    // the section: its virtual host and
  std::string_view location;  // its path
  std::string_view user;      // as HTTP has authenticated it; empty: it has not
  std::string_view address;   // of the client, as text

  /// Bytes that are the same for requests of the same caller, in whatever section: the user, else the
  /// address, of which 64 bits count where it is one of IPv6 (one network has all of the rest).
  std::string caller() const;

  /// The same in one section.
  std::string text() const;
};

}  // namespace sfjwt::tokens
