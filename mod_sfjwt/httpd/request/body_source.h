// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Registers the input filter that hands out the rewritten body. Once per configuration.
void register_body_source();

/// Makes the rewritten body what the next reader of the request body gets, in place of what the client sent.
void insert_body_source(request_rec* r, Exchange& exchange);

}  // namespace sfjwt::httpd
