// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The content handler, run before mod_proxy's: takes requests of sections with SFJwt On that go to the
/// proxy, and either refuses them or has the proxy forward them with a token.
int forward_with_token(request_rec* r);

}  // namespace sfjwt::httpd
