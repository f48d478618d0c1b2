// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/attempt.h"

namespace sfjwt::httpd {
namespace {

// mod_proxy runs in the thread of the request, and so do the filters of its connection.
constinit thread_local Attempt* attempt_of_thread = nullptr;

}  // namespace

Attempt::Attempt(request_rec* r, Exchange& exchange)
    : r_(r),
      exchange_(exchange),
      body_(exchange.body.view(), exchange.admitted->envelope, exchange.supplied->token.value) {
  exchange_.attempt = this;
  exchange_.refusal.reset();
  exchange_.backend_error = {};
  exchange_.sent = false;
  attempt_of_thread = this;
}

Attempt::~Attempt() {
  attempt_of_thread = nullptr;
  exchange_.attempt = nullptr;
  // Where mod_proxy keeps what it could not send; the next run on this request, an error document's too,
  // would send it.
  apr_pool_userdata_setn(nullptr, "proxy-req-input", nullptr, r_->pool);
}

Attempt* Attempt::running() {
  return attempt_of_thread;
}

void Attempt::permit(const gateway::Receiver& receiver) {
  receiver_ = receiver;
  exchange_.refusal.reset();
  exchange_.backend_error.begin(receiver.host);
}

void Attempt::refuse(gateway::Refusal refusal) {
  receiver_.reset();
  exchange_.refusal = std::move(refusal);
}

// Everything and the end in one call: mod_proxy_http then knows the length and sends Content-Length. Given in
// portions, a body past its look-ahead is sent chunked, or written to a temporary file with the token in it.
// Later calls get the end again, or whoever drains the request would wait for it for ever.
apr_status_t Attempt::hand_out(apr_bucket_brigade* brigade) {
  if (!handed_out_) {
    // The target is judged before the scheme handler runs; who gets here without that gets nothing.
    if (!receiver_) return APR_EACCES;
    std::size_t next = 0;
    for (const std::string_view piece : body_.pieces())
      APR_BRIGADE_INSERT_TAIL(brigade, pieces_.at(next++).bucket(piece, brigade->bucket_alloc));
    handed_out_ = true;
  }
  APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(brigade->bucket_alloc));
  return APR_SUCCESS;
}

}  // namespace sfjwt::httpd
