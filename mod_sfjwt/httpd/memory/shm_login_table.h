// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/login/login_table.h"

namespace sfjwt::httpd {

/// At configuration time, in the parent: the login table of this httpd, used by all children. A graceful
/// restart keeps it; of another layout, a new one takes its place. The error gives the reason. Children need
/// no initialisation.
Result<std::unique_ptr<login::LoginTable>, std::string> shm_login_table(server_rec& server);

}  // namespace sfjwt::httpd
