// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Watches the response of a run of mod_proxy. Every other status than 500 passes at once and at no cost; a
/// 500 is held back, head and body, until it is known whether it says that the session is over
/// (INVALID_SESSION_ID), is larger than such a fault can be, or breaks off. A response that breaks off before
/// its first byte passes in no case: on a connection that has served before, mod_proxy would end it without a
/// word, so that clients send the request again. Neither does one whose head is no HTTP. Lives in the
/// request's pool.
class FaultWatch {
 public:
  enum class Outcome {
    passed,        // the response went its way, or there was none
    session_over,  // the fault is held: release() or forget() it
    broken_off,    // the backend did not finish it, or it is no HTTP; nothing was sent
  };

  /// Registers the output filter. Once per configuration.
  static void register_filter();

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
  bool holds_back() const { return state_ != State::passing; }

  /// Lets the held response pass as it came.
  void release();

  /// Drops what is held; the next response is watched again.
  void forget();

  /// Drops what is held; from now on everything passes.
  void retire();

 private:
  enum class State { watching, holding, session_over, broken_off, passing };

  static apr_status_t filter(ap_filter_t* filter, apr_bucket_brigade* brigade);
  apr_status_t hold(apr_bucket_brigade* brigade);
  apr_status_t end(apr_bucket_brigade* brigade);
  apr_status_t pass_through(apr_bucket_brigade* brigade);
  bool says_session_over() const;
  void keep();

  ap_filter_t* filter_ = nullptr;
  State state_ = State::passing;  // nothing is watched unless insert() says so
  bool hold_faults_ = false;
  bool complete_ = false;  // the end of the held response has come
  const char* defect_ = nullptr;
  std::string held_;
};

}  // namespace sfjwt::httpd
