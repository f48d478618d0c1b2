// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::oauth {

/// The origin of an instance_url (https://host, in lower case, with the port only if it is not 443), if the
/// token may be sent there: https, no userinfo, path, query or fragment (one trailing slash is removed), a
/// host that matches one of the patterns. A port other than 443 is allowed only for this machine: a loopback
/// host that is listed itself. The error is a clause to follow "the instance_url".
Result<std::string, std::string> instance_origin(std::string_view url,
                                                 const std::vector<std::string>& allowed_hosts);

}  // namespace sfjwt::oauth
