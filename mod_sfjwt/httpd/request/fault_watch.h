// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Watches the response of a run of mod_proxy. Every other status than 500 passes at once and at no cost; a
/// 500 is held back, head and body, until it is known whether it says that the session is over
/// (INVALID_SESSION_ID), is larger than such a fault can be, or breaks off. A response that breaks off before
/// its first byte passes in no case: on a connection that has served before, mod_proxy would end it without a
/// word, so that clients send the request again. Neither does one whose head is no HTTP. Lives as long as the
/// request.
class FaultWatch {
 public:
  enum class Outcome {
    passed,        // the response went its way, or there was none
    session_over,  // the fault is held: pass_through() or reset()
    broken_off,    // the backend did not finish it, or it is no HTTP; nothing was sent
  };

  /// The output filter; `filter->ctx` is the watch.
  static apr_status_t filter(ap_filter_t* filter, apr_bucket_brigade* brigade);
  static ap_filter_rec_t* registered;  // set when the module registers

  /// Begins to watch the response of this request, in front of all filters that are there. Without
  /// `hold_faults` a 500 passes as any other status.
  void insert(request_rec* r, bool hold_faults);

  /// Before a balancer looks at the status of the response.
  void hide_status_from_balancer();

  /// What came of a run of mod_proxy that has returned `status`.
  Outcome outcome(int status);

  /// Why the head of the response was found to be no HTTP; null: it was not.
  const char* defect() const { return defect_; }

  /// Whether nothing of the response has passed yet.
  bool holds_back() const { return state_ != State::detached; }

  /// Lets the held response pass as it came, and everything after it.
  void pass_through();

  /// Drops what is held; the next response is watched again.
  void reset();

  /// Drops what is held; from now on everything passes.
  void detach();

 private:
  enum class State {
    detached,      // everything passes
    watching,      // nothing of the response has come
    holding,       // a 500 is held as far as it has come
    session_over,  // it is held, and says that the session is over; what follows is dropped
    broken_off,    // nothing is worth passing; what follows is dropped
  };
  struct Step {
    State state;
    apr_status_t status = APR_SUCCESS;  // for whoever has passed the brigade
  };

  Step step(State from, apr_bucket_brigade* brigade);
  Step begin(const apr_bucket_brigade* brigade);
  Step hold(apr_bucket_brigade* brigade);
  State state_after(int status);
  void mark_session_over();
  apr_status_t pass_on(apr_bucket_brigade* brigade);
  bool says_session_over() const;

  ap_filter_t* filter_ = nullptr;
  State state_ = State::detached;
  bool hold_faults_ = false;
  bool complete_ = false;  // the end of the held response has come
  const char* defect_ = nullptr;
  std::string held_;
};

}  // namespace sfjwt::httpd
