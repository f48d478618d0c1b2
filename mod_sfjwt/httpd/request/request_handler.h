// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The content handler, which runs before that of mod_proxy: it takes proxied requests of sections with SFJwt
/// On, and either refuses them or lets the proxy forward them with a token.
int forward_with_token(request_rec* r);

}  // namespace sfjwt::httpd
