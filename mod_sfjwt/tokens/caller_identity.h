// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt::tokens {

/// Identifies the caller that a failed token request counts against, within one section. The views must
/// outlive it.
struct CallerIdentity {
  std::string_view server;    // the section: its virtual host and
  std::string_view location;  // its path
  std::string_view user;      // as authenticated by HTTP; empty if it was not
  std::string_view address;   // of the client, as text

  /// The same bytes for all requests of a caller, in any section: the user, or else the address. Of an IPv6
  /// address only the first 64 bits count, since one network has all the others.
  std::string caller() const;

  /// The same for one section.
  std::string text() const;
};

}  // namespace sfjwt::tokens
