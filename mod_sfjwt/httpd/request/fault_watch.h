// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Watches the response of a run of mod_proxy. A status other than 500 passes at once and at no cost. A 500
/// is held back, head and body, until one of these is known: it says that the session is over
/// (INVALID_SESSION_ID), it is too large for such a fault, or it is incomplete. A response that breaks off
/// before its first byte never passes: on a reused connection mod_proxy would end it silently, so that
/// clients send the request again. Neither does a response whose head is not valid HTTP. Lives as long as the
/// request.
class FaultWatch {
 public:
  /// Which responses are held back until they are complete.
  enum class Hold { nothing, faults, everything };

  enum class Outcome {
    passed,        // the response was passed on, or there was none
    session_over,  // the fault is held: call pass_through() or reset()
    captured,      // Hold::everything: the response is held and complete: call captured(), then detach()
    broken_off,    // the response is incomplete, not HTTP, or too large to be captured; nothing was sent
  };

  /// The output filter; `filter->ctx` is the watch.
  static apr_status_t filter(ap_filter_t* filter, apr_bucket_brigade* brigade);
  static ap_filter_rec_t* registered;  // set when the module registers

  /// Starts to watch the response of this request, before all filters that are present.
  void insert(request_rec* r, Hold hold);

  /// Call it before a balancer checks the status of the response.
  void hide_status_from_balancer();

  /// The outcome of a run of mod_proxy that returned `status`.
  Outcome outcome(int status);

  /// Why the head of the response is not valid HTTP; null if it is.
  const char* defect() const { return defect_; }

  /// Whether nothing of the response has been passed on yet.
  bool holds_back() const { return state_ != State::detached; }

  /// Passes on the held response unchanged, and everything after it.
  void pass_through();

  /// The body of a captured response, decoded; nothing if its Content-Encoding is unknown or broken.
  std::optional<std::string> captured() const;

  /// Discards what is held; the next response is watched again.
  void reset();

  /// Discards what is held; from now on everything passes.
  void detach();

 private:
  enum class State {
    detached,      // everything passes
    watching,      // nothing of the response has arrived
    holding,       // a response is held as far as it has arrived
    captured,      // a complete response is held; the rest is discarded
    session_over,  // a fault is held that says that the session is over; the rest is discarded
    broken_off,    // nothing is to be passed on; the rest is discarded
  };
  struct Step {
    State state;
    apr_status_t status = APR_SUCCESS;  // for the code that passed the brigade
  };

  Step step(State from, apr_bucket_brigade* brigade);
  Step begin(const apr_bucket_brigade* brigade);
  Step hold(apr_bucket_brigade* brigade);
  State state_after(int status);
  void mark_session_over();
  apr_status_t pass_on(apr_bucket_brigade* brigade);
  State complete_response() const;
  bool says_session_over() const;

  ap_filter_t* filter_ = nullptr;
  State state_ = State::detached;
  Hold hold_mode_ = Hold::nothing;
  bool complete_ = false;  // the end of the held response has arrived
  const char* defect_ = nullptr;
  int status_ = 0;  // of the response, even while it is hidden from a balancer
  std::string held_;
};

}  // namespace sfjwt::httpd
