// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sfjwt {

/// The remedy for a connection of httpd that failed with this errno, as a sentence to append to a message:
/// where SELinux is enforcing (read from the file `enforce`), it can be the cause of EACCES and EPERM. Empty
/// for other errors and where SELinux is not enforcing.
std::string selinux_remedy(int error, const std::string& enforce = "/sys/fs/selinux/enforce");

}  // namespace sfjwt
