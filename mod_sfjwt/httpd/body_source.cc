// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/body_source.h"

#include "mod_sfjwt/httpd/guard.h"

namespace sfjwt::httpd {
namespace {

constexpr const char* kName = "SFJWT_BODY";
ap_filter_rec_t* source_filter = nullptr;  // set when the module registers

// Everything and the end in one call, whatever `readbytes` says: mod_proxy_http then knows the length and
// sends Content-Length. Given in portions, a body past its look-ahead is sent chunked, or written to a
// temporary file with the token in it. Later calls get the end again, or whoever drains the request would
// wait for it for ever.
apr_status_t hand_out(ap_filter_t* filter, apr_bucket_brigade* brigade, ap_input_mode_t mode, apr_read_type_e,
                      apr_off_t) {
  if (mode == AP_MODE_INIT) return APR_SUCCESS;
  if (mode != AP_MODE_READBYTES && mode != AP_MODE_EXHAUSTIVE) return APR_ENOTIMPL;
  Exchange& exchange = *static_cast<Exchange*>(filter->ctx);
  apr_bucket_alloc_t* allocator = filter->c->bucket_alloc;
  if (!exchange.handed_out) {
    // The target is judged before the scheme handler runs; who gets here without that gets nothing.
    if (!exchange.released) return APR_EACCES;
    for (const std::string_view piece : exchange.rewritten.back().pieces()) {
      APR_BRIGADE_INSERT_TAIL(brigade,
                              apr_bucket_pool_create(piece.data(), piece.size(), filter->r->pool, allocator));
    }
    exchange.handed_out = true;
  }
  APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(allocator));
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
