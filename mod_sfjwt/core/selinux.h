// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sfjwt {

/// What to do about a connection of httpd that failed with this errno, as a sentence to put after another:
/// EACCES and EPERM come from SELinux where it is enforcing, which the kernel says in the file `enforce`.
/// Empty when SELinux is not the reason.
std::string selinux_remedy(int error, const std::string& enforce = "/sys/fs/selinux/enforce");

}  // namespace sfjwt
