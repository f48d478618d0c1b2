// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/fault_watch.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/guard.h"
#include "mod_sfjwt/httpd/request/response_head.h"
#include "mod_sfjwt/net/content_coding.h"
#include "mod_sfjwt/soap/received_fault.h"

namespace sfjwt::httpd {
namespace {

constexpr const char* kName = "SFJWT_FAULT_WATCH";
constexpr std::size_t kMaxHeld =
    64 * 1024;  // bytes, as they come and inflated; a fault has one or two thousand
constexpr std::string_view kSessionOver = "INVALID_SESSION_ID";
ap_filter_rec_t* watching_filter = nullptr;  // set when the module registers

// Whether mod_proxy gives up before a byte of the body: an error, or the order to end the connection, and no
// data in front of it.
bool begins_with_the_end(const apr_bucket_brigade* brigade) {
  for (const apr_bucket* bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
       bucket = APR_BUCKET_NEXT(bucket)) {
    if (AP_BUCKET_IS_ERROR(bucket) || AP_BUCKET_IS_EOC(bucket)) return true;
    if (!APR_BUCKET_IS_FLUSH(bucket)) return false;
  }
  return false;
}

}  // namespace

void FaultWatch::register_filter() {
  // The rank of the response filter (proxy_handoff.cc), before which it is inserted.
  watching_filter = ap_register_output_filter(kName, guard<FaultWatch::filter, APR_EGENERAL>, nullptr,
                                              static_cast<ap_filter_type>(AP_FTYPE_RESOURCE - 5));
}

void FaultWatch::insert(request_rec* r, bool hold_faults) {
  filter_ = ap_add_output_filter_handle(watching_filter, this, r, r->connection);
  hold_faults_ = hold_faults;
  state_ = State::watching;
}

apr_status_t FaultWatch::filter(ap_filter_t* filter, apr_bucket_brigade* brigade) {
  FaultWatch& watch = *static_cast<FaultWatch*>(filter->ctx);
  switch (watch.state_) {
    case State::watching:
      if (begins_with_the_end(brigade)) {
        watch.state_ = State::broken_off;
        return apr_brigade_cleanup(brigade);
      }
      watch.defect_ = response_head_defect(filter->r);
      if (watch.defect_) {
        watch.state_ = State::broken_off;
        apr_brigade_cleanup(brigade);
        return APR_EGENERAL;  // the rest, which may have no end, is not read
      }
      if (!watch.hold_faults_ || filter->r->status != HTTP_INTERNAL_SERVER_ERROR)
        return watch.pass_through(brigade);
      return watch.hold(brigade);
    case State::holding:
      return watch.hold(brigade);
    case State::session_over:
    case State::broken_off:
      return apr_brigade_cleanup(brigade);
    case State::passing:
      return watch.pass_through(brigade);
  }
  return APR_EGENERAL;
}

apr_status_t FaultWatch::hold(apr_bucket_brigade* brigade) {
  state_ = State::broken_off;  // unless this function ends as it should
  while (!APR_BRIGADE_EMPTY(brigade)) {
    apr_bucket* bucket = APR_BRIGADE_FIRST(brigade);
    if (APR_BUCKET_IS_EOS(bucket)) return end(brigade);
    if (AP_BUCKET_IS_ERROR(bucket)) return apr_brigade_cleanup(brigade);
    if (APR_BUCKET_IS_METADATA(bucket) && !APR_BUCKET_IS_FLUSH(bucket)) return pass_through(brigade);
    const char* data = nullptr;
    apr_size_t length = 0;
    const apr_status_t status = apr_bucket_read(bucket, &data, &length, APR_BLOCK_READ);
    if (status != APR_SUCCESS) return status;
    if (length > kMaxHeld - held_.size()) return pass_through(brigade);
    held_.append(data, length);
    apr_bucket_delete(bucket);
  }
  state_ = State::holding;
  return APR_SUCCESS;
}

apr_status_t FaultWatch::end(apr_bucket_brigade* brigade) {
  if (!says_session_over()) return pass_through(brigade);
  complete_ = true;
  keep();
  return apr_brigade_cleanup(brigade);
}

// The status is what a balancer judges its member by: with `failonstatus=500` it would take it out of service
// for the end of a session.
void FaultWatch::keep() {
  state_ = State::session_over;
  filter_->r->status = HTTP_OK;
}

// mod_proxy_http2 leaves the end of a response to whoever finishes the request; it can still be held here,
// and be complete, when the balancer looks.
void FaultWatch::hide_status_from_balancer() {
  if (state_ == State::holding && says_session_over()) filter_->r->status = HTTP_OK;
}

// What was held goes first; this filter is not in the way of what follows.
apr_status_t FaultWatch::pass_through(apr_bucket_brigade* brigade) {
  state_ = State::passing;
  ap_filter_t* next = filter_->next;
  ap_remove_output_filter(filter_);
  if (!held_.empty()) {
    APR_BRIGADE_INSERT_HEAD(
        brigade, apr_bucket_heap_create(held_.data(), held_.size(), nullptr, brigade->bucket_alloc));
  }
  return ap_pass_brigade(next, brigade);
}

bool FaultWatch::says_session_over() const {
  const std::string_view coding = as_view(apr_table_get(filter_->r->headers_out, "Content-Encoding"));
  const auto document = net::decoded(held_, coding, kMaxHeld);
  return document && soap::is_fault_with_code(*document, kSessionOver);
}

// Held still: mod_proxy_http2, as above, or a run that failed half-way.
FaultWatch::Outcome FaultWatch::outcome(int status) {
  if (state_ == State::holding) {
    if (status != OK && status != DONE) {
      state_ = State::broken_off;
    } else if (says_session_over()) {
      keep();
    } else {
      release();
    }
  }
  switch (state_) {
    case State::session_over:
      return Outcome::session_over;
    case State::broken_off:
      return Outcome::broken_off;
    case State::watching:
    case State::holding:
    case State::passing:
      return Outcome::passed;
  }
  return Outcome::passed;
}

void FaultWatch::release() {
  request_rec* r = filter_->r;
  r->status = HTTP_INTERNAL_SERVER_ERROR;
  apr_bucket_brigade* brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
  if (complete_) APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(r->connection->bucket_alloc));
  pass_through(brigade);
}

void FaultWatch::forget() {
  state_ = State::watching;
  complete_ = false;
  held_.clear();
}

void FaultWatch::retire() {
  state_ = State::passing;
  held_.clear();
}

}  // namespace sfjwt::httpd
