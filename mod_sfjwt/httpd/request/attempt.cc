// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/attempt.h"

#include <utility>

namespace sfjwt::httpd {
namespace {

// mod_proxy and the filters of its connection run in the thread of the request.
constinit thread_local Attempt* attempt_of_thread = nullptr;

}  // namespace

constinit ap_filter_rec_t* body_filter = nullptr;

Attempt::Attempt(const request_rec* r, std::string_view body, const soap::Envelope& envelope,
                 const Secret& token)
    : r_(r), body_(std::in_place, body, envelope, token) {}

Attempt::Run::Run(Attempt& attempt) {
  attempt_of_thread = &attempt;
}

Attempt::Run::~Run() {
  std::exchange(attempt_of_thread, nullptr)->end();
}

void Attempt::end() {
  receiver_.reset();
  for (RevocableBytes& piece : pieces_) piece.revoke();
  body_.reset();
  // mod_proxy keeps here what it could not send, and would send it in its next run on this request, including
  // that for an error document.
  apr_pool_userdata_setn(nullptr, "proxy-req-input", nullptr, r_->pool);
}

Attempt* Attempt::running() {
  return attempt_of_thread;
}

Attempt* Attempt::running_for(const request_rec* r) {
  return attempt_of_thread && attempt_of_thread->r_ == r ? attempt_of_thread : nullptr;
}

void Attempt::permit(const gateway::Receiver& receiver) {
  receiver_ = receiver;
  refusal_.reset();
  backend_error_.begin(receiver.host);
}

void Attempt::refuse(gateway::Refusal refusal) {
  receiver_.reset();
  refusal_ = std::move(refusal);
}

// Returns the whole body and the end in one call, so that mod_proxy_http knows the length and sends
// Content-Length. If it came in parts, a body larger than its look-ahead would be sent chunked, or written to
// a temporary file that contains the token. Later calls return the end again; otherwise code that drains the
// request would wait forever.
apr_status_t Attempt::hand_out(apr_bucket_brigade* brigade) {
  if (!handed_out_) {
    // The target is checked before the scheme handler runs; without that check there is no body.
    if (!receiver_) return APR_EACCES;
    std::size_t next = 0;
    for (const std::string_view piece : body_->pieces())
      APR_BRIGADE_INSERT_TAIL(brigade, pieces_.at(next++).bucket(piece, brigade->bucket_alloc));
    handed_out_ = true;
  }
  APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(brigade->bucket_alloc));
  return APR_SUCCESS;
}

apr_status_t hand_out_body(ap_filter_t* filter, apr_bucket_brigade* brigade, ap_input_mode_t mode,
                           apr_read_type_e, apr_off_t) {
  if (mode == AP_MODE_INIT) return APR_SUCCESS;
  if (mode != AP_MODE_READBYTES && mode != AP_MODE_EXHAUSTIVE) return APR_ENOTIMPL;
  if (Attempt* attempt = Attempt::running_for(filter->r)) return attempt->hand_out(brigade);
  APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(brigade->bucket_alloc));
  return APR_SUCCESS;
}

}  // namespace sfjwt::httpd
