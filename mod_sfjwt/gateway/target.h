// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/backend_family.h"

namespace sfjwt::gateway {

/// Who must be at the other end of the connection for a token to leave on it; the view points into the URL.
struct Receiver {
  bool tls = false;       // its certificate must name the host; else its address must be a loopback address
  std::string_view host;  // an IPv6 address without its brackets
};

/// Whether a token may leave for this URL, and who then must receive it: https or h2 (http and h2c only to a
/// loopback address), no userinfo, the host matches one of the patterns (core/host_pattern.h), the port is
/// 443 or 8443 (any on a loopback address), the path begins with that of the backend's SOAP APIs and cannot
/// leave it: no "." or ".." segment, nor anything another reader might take for one (percent-encoding,
/// backslash, path parameters). The error says why not, without the URL's query.
Result<Receiver, std::string> may_receive_token(std::string_view url,
                                                const std::vector<std::string>& allowed_hosts,
                                                const BackendFamily& backend);

/// Why no URL that begins with this one may receive a token, whatever a request adds to its path; nothing
/// when one may.
std::optional<std::string> refused_beginning(std::string_view url,
                                             const std::vector<std::string>& allowed_hosts,
                                             const BackendFamily& backend);

/// Where a request goes that follows its token: path and query of `url`, scheme, host and port of the
/// token's instance_url; h2 stays h2 and h2c becomes it. Both are judged anew, the instance_url as when it
/// came (oauth/instance_url.h) and the outcome as above. The error says why the token may not go there.
Result<std::string, std::string> at_instance(std::string_view url, std::string_view instance_url,
                                             const std::vector<std::string>& allowed_hosts,
                                             const BackendFamily& backend);

}  // namespace sfjwt::gateway
