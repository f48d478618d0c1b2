// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/replay.h"

#include "mod_sfjwt/httpd/request/fetch_log.h"
#include "mod_sfjwt/httpd/request/log_line.h"
#include "mod_sfjwt/httpd/request/proxy_handoff.h"
#include "mod_sfjwt/httpd/request/request_snapshot.h"

namespace sfjwt::httpd {
namespace {

using Outcome = FaultWatch::Outcome;

// The fault of Salesforce goes to the client; the log says why nothing was done about it.
void note_failure(request_rec* r, const std::string& why) {
  note(r, "SFJWT_RENEWED", "failed");
  log_line(r, APLOG_WARNING, "SFJ0703", "Salesforce has ended the session (INVALID_SESSION_ID): " + why);
}

// Whatever goes wrong, the client can still get the fault that is held.
bool renew(request_rec* r, Exchange& exchange) {
  try {
    auto renewed = exchange.section.tokens->renew(exchange.admitted->subject, exchange.supplied->token.value);
    if (renewed) {
      exchange.supplied = std::move(*renewed);
      log_fetch(r, exchange);
      note(r, "SFJWT_TOKEN", "renewed");
      note(r, "SFJWT_RENEWED", "yes");
      return true;
    }
    note_failure(r, renewed.error().message);
  } catch (const std::exception& exception) {
    note_failure(r, std::string("the renewal failed: ") + exception.what());
  }
  return false;
}

// A fault proves nothing here: without SFJwtRenew nobody has looked which one it is. DONE means that somebody
// hung up later, and HTTP/2 clients that have what they want do.
void report(const request_rec* r, const Exchange& exchange, int status) {
  const bool answered = (status == OK || status == DONE) && r->status == HTTP_OK;
  if (exchange.supplied->report_wanted && answered)
    exchange.section.tokens->accepted(exchange.admitted->subject, exchange.supplied->token);
}

int run_twice_at_most(request_rec* r, Exchange& exchange, FaultWatch& watch, const RequestSnapshot& before) {
  int status = run_proxy(r, exchange);
  Outcome outcome = watch.outcome(status);
  if (outcome == Outcome::session_over && renew(r, exchange)) {
    before.restore(r);
    watch.forget();
    status = run_proxy(r, exchange);
    outcome = watch.outcome(status);
    if (outcome == Outcome::session_over) {
      exchange.section.tokens->renewed_in_vain(exchange.admitted->subject, exchange.supplied->token);
      note_failure(r, "the new token was not taken either.");
    }
  }
  switch (outcome) {
    case Outcome::passed:
      report(r, exchange, status);
      return status;
    case Outcome::session_over:
      watch.release();
      return status;
    case Outcome::broken_off:
      before.restore(r);
      return HTTP_BAD_GATEWAY;
  }
  return status;
}

}  // namespace

int run_renewing(request_rec* r, Exchange& exchange, FaultWatch& watch) {
  const RequestSnapshot before(r);
  try {
    return run_twice_at_most(r, exchange, watch, before);
  } catch (...) {  // the client has seen nothing of a response that was held, and can still get a fault
    if (watch.holds_back()) before.restore(r);
    throw;
  }
}

}  // namespace sfjwt::httpd
