// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/body_source.h"

#include "mod_sfjwt/httpd/guard.h"
#include "mod_sfjwt/httpd/request/attempt.h"

namespace sfjwt::httpd {
namespace {

constexpr const char* kName = "SFJWT_BODY";
ap_filter_rec_t* source_filter = nullptr;  // set when the module registers

// Only a running attempt has a body; whoever drains the request later gets its end.
apr_status_t hand_out(ap_filter_t* filter, apr_bucket_brigade* brigade, ap_input_mode_t mode, apr_read_type_e,
                      apr_off_t) {
  if (mode == AP_MODE_INIT) return APR_SUCCESS;
  if (mode != AP_MODE_READBYTES && mode != AP_MODE_EXHAUSTIVE) return APR_ENOTIMPL;
  const Exchange& exchange = *static_cast<Exchange*>(filter->ctx);
  if (exchange.attempt) return exchange.attempt->hand_out(brigade);
  APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(brigade->bucket_alloc));
  return APR_SUCCESS;
}

}  // namespace

void register_body_source() {
  source_filter = ap_register_input_filter(kName, guard<hand_out, APR_EGENERAL>, nullptr, AP_FTYPE_RESOURCE);
}

void insert_body_source(request_rec* r, Exchange& exchange) {
  r->input_filters = ap_add_input_filter_handle(source_filter, &exchange, r, r->connection);
}

}  // namespace sfjwt::httpd
