// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/fault_watch.h"

#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/httpd/request/response_head.h"
#include "mod_sfjwt/net/content_coding.h"
#include "mod_sfjwt/soap/received_fault.h"

namespace sfjwt::httpd {
namespace {

constexpr std::size_t kMaxHeld =
    64 * 1024;  // bytes, as received and after decompression; a fault has one or two thousand
constexpr std::string_view kSessionOver = gateway::kSalesforce.session_over;

// Whether mod_proxy gives up before the first byte of the body: the brigade begins with an error or the order
// to close the connection, without data before it.
bool begins_with_the_end(const apr_bucket_brigade* brigade) {
  for (const apr_bucket* bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
       bucket = APR_BUCKET_NEXT(bucket)) {
    if (AP_BUCKET_IS_ERROR(bucket) || AP_BUCKET_IS_EOC(bucket)) return true;
    if (!APR_BUCKET_IS_FLUSH(bucket)) return false;
  }
  return false;
}

}  // namespace

constinit ap_filter_rec_t* FaultWatch::registered = nullptr;

void FaultWatch::insert(request_rec* r, Hold hold) {
  filter_ = ap_add_output_filter_handle(registered, this, r, r->connection);
  hold_mode_ = hold;
  state_ = State::watching;
}

apr_status_t FaultWatch::filter(ap_filter_t* filter, apr_bucket_brigade* brigade) {
  FaultWatch& watch = *static_cast<FaultWatch*>(filter->ctx);
  const State from = std::exchange(watch.state_, State::broken_off);  // stays so if the step throws
  const Step step = watch.step(from, brigade);
  watch.state_ = step.state;
  switch (step.state) {
    case State::detached:
      return watch.pass_on(brigade);
    case State::session_over:
      watch.mark_session_over();
      break;
    case State::watching:
    case State::holding:
    case State::captured:
    case State::broken_off:
      break;
  }
  apr_brigade_cleanup(brigade);
  return step.status;
}

// The transitions caused by a part of a response: `watching` becomes any other state; `holding` stays or
// becomes one of the others; these are final until reset() or detach().
FaultWatch::Step FaultWatch::step(State from, apr_bucket_brigade* brigade) {
  switch (from) {
    case State::watching: {
      const Step begun = begin(brigade);
      return begun.state == State::holding ? hold(brigade) : begun;
    }
    case State::holding:
      return hold(brigade);
    case State::detached:
    case State::captured:
    case State::session_over:
    case State::broken_off:
      return {from};
  }
  return {State::broken_off, APR_EGENERAL};
}

FaultWatch::Step FaultWatch::begin(const apr_bucket_brigade* brigade) {
  if (begins_with_the_end(brigade)) return {State::broken_off};
  defect_ = response_head_defect(filter_->r);
  if (defect_) return {State::broken_off, APR_EGENERAL};  // the rest may be endless and is not read
  status_ = filter_->r->status;
  const bool may_be_the_fault = hold_mode_ == Hold::faults && status_ == HTTP_INTERNAL_SERVER_ERROR;
  return {may_be_the_fault || hold_mode_ == Hold::everything ? State::holding : State::detached};
}

FaultWatch::Step FaultWatch::hold(apr_bucket_brigade* brigade) {
  const bool everything = hold_mode_ == Hold::everything;
  while (!APR_BRIGADE_EMPTY(brigade)) {
    apr_bucket* bucket = APR_BRIGADE_FIRST(brigade);
    if (APR_BUCKET_IS_EOS(bucket)) {
      const State state = complete_response();
      complete_ = state == State::session_over;
      return {state};
    }
    if (AP_BUCKET_IS_ERROR(bucket)) return {State::broken_off};
    if (APR_BUCKET_IS_METADATA(bucket) && !APR_BUCKET_IS_FLUSH(bucket) && !everything)
      return {State::detached};
    const char* data = nullptr;
    apr_size_t length = 0;
    const apr_status_t status = apr_bucket_read(bucket, &data, &length, APR_BLOCK_READ);
    if (status != APR_SUCCESS) return {State::broken_off, status};
    if (length > kMaxHeld - held_.size()) return {everything ? State::broken_off : State::detached};
    held_.append(data, length);
    apr_bucket_delete(bucket);
  }
  return {State::holding};
}

// A balancer judges its member by the status: with `failonstatus=500` the end of a session would take the
// member out of service.
void FaultWatch::mark_session_over() {
  filter_->r->status = HTTP_OK;
}

// mod_proxy_http2 leaves the end of a response to the code that finishes the request; the response can still
// be held, and be complete, when the balancer checks it.
void FaultWatch::hide_status_from_balancer() {
  if (state_ == State::holding && says_session_over()) filter_->r->status = HTTP_OK;
}

std::optional<std::string> FaultWatch::captured() const {
  const std::string_view coding = as_view(apr_table_get(filter_->r->headers_out, "Content-Encoding"));
  return net::decoded(held_, coding, kMaxHeld);
}

bool FaultWatch::says_session_over() const {
  if (status_ != HTTP_INTERNAL_SERVER_ERROR) return false;
  const auto document = captured();
  return document && soap::is_fault_with_code(*document, kSessionOver);
}

// What a held response turns out to be once it is complete.
FaultWatch::State FaultWatch::complete_response() const {
  if (says_session_over()) return State::session_over;
  return hold_mode_ == Hold::everything ? State::captured : State::detached;
}

// Still held at the end of a run: because of mod_proxy_http2, see above, or because the run failed.
FaultWatch::State FaultWatch::state_after(int status) {
  if (state_ != State::holding) return state_;
  if (status != OK && status != DONE) return State::broken_off;
  return complete_response();
}

FaultWatch::Outcome FaultWatch::outcome(int status) {
  const State from = state_;
  state_ = state_after(status);
  switch (state_) {
    case State::session_over:
      mark_session_over();
      return Outcome::session_over;
    case State::captured:
      return Outcome::captured;
    case State::broken_off:
      return Outcome::broken_off;
    case State::detached:
      if (from == State::holding) pass_through();
      return Outcome::passed;
    case State::watching:
    case State::holding:
      return Outcome::passed;
  }
  return Outcome::passed;
}

void FaultWatch::pass_through() {
  state_ = State::detached;
  request_rec* r = filter_->r;
  r->status = HTTP_INTERNAL_SERVER_ERROR;
  apr_bucket_brigade* brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
  if (complete_) APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(r->connection->bucket_alloc));
  pass_on(brigade);
}

// Passes on what was held; afterwards this filter is out of the way.
apr_status_t FaultWatch::pass_on(apr_bucket_brigade* brigade) {
  ap_filter_t* next = filter_->next;
  ap_remove_output_filter(filter_);
  if (!held_.empty()) {
    APR_BRIGADE_INSERT_HEAD(
        brigade, apr_bucket_heap_create(held_.data(), held_.size(), nullptr, brigade->bucket_alloc));
  }
  return ap_pass_brigade(next, brigade);
}

void FaultWatch::reset() {
  state_ = State::watching;
  complete_ = false;
  held_.clear();
}

void FaultWatch::detach() {
  state_ = State::detached;
  held_.clear();
}

}  // namespace sfjwt::httpd
