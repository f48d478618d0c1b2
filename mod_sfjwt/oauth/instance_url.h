// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::oauth {

/// The origin (https://host, in lower case, the port only where it is not 443) an instance_url names, if a
/// token may be used there: https, no userinfo, path, query or fragment (one closing slash is dropped), a
/// host that matches one of the patterns. A port other than 443 is for this machine only: a loopback host
/// that is itself in the list. The error reads like a sentence after "the instance_url".
Result<std::string, std::string> instance_origin(std::string_view url,
                                                 const std::vector<std::string>& allowed_hosts);

}  // namespace sfjwt::oauth
