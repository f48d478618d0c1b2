// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

namespace sfjwt::net {

/// Whether the peer of a connection is on this machine: 127.0.0.0/8 (RFC 1122 section 3.2.1.3), also as an
/// IPv4-mapped address (RFC 4291 section 2.5.5.2), ::1, or a Unix domain socket.
bool is_this_machine(const sockaddr_storage& address);

}  // namespace sfjwt::net
