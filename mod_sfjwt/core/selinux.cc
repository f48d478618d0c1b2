// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/selinux.h"

#include <cerrno>
#include <fstream>

namespace sfjwt {

std::string selinux_remedy(int error, const std::string& enforce) {
  if (error != EACCES && error != EPERM) return {};
  if (std::ifstream(enforce).get() != '1') return {};
  return "SELinux does not let httpd connect: run setsebool -P httpd_can_network_connect on";
}

}  // namespace sfjwt
