// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/forwarding.h"

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/httpd/request/attempt.h"
#include "mod_sfjwt/httpd/request/log_line.h"
#include "mod_sfjwt/httpd/request/proxy_handoff.h"
#include "mod_sfjwt/httpd/request/request_snapshot.h"
#include "mod_sfjwt/httpd/request/respond.h"
#include "mod_sfjwt/httpd/request/token_fetch.h"

namespace sfjwt::httpd {
namespace {

using gateway::Reason;
using Outcome = FaultWatch::Outcome;

// The client gets the fault from Salesforce; the log says why the session was not renewed.
void note_failure(request_rec* r, const std::string& why) {
  note(r, "SFJWT_RENEWED", "failed");
  log_line(
      r, APLOG_WARNING, "SFJ0703",
      "Salesforce has ended the session (" + std::string(gateway::kSalesforce.session_over) + "): " + why);
}

// Never throws: the client can still get the fault that is held.
bool renew(request_rec* r, Exchange& exchange) {
  try {
    auto renewed = exchange.section.tokens->renew(exchange.admitted->subject, *exchange.supplied);
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

// A fault proves nothing here: without SFJwtRenew it is not examined. DONE means that the connection was
// closed later, as HTTP/2 clients do when they have what they need.
void report(const request_rec* r, const Exchange& exchange, int status) {
  const bool answered = (status == OK || status == DONE) && r->status == HTTP_OK;
  if (exchange.supplied->report_wanted && answered) exchange.section.tokens->accepted(*exchange.supplied);
}

// The attempts of one request, at most two. Construct it after the filters of the response are inserted.
class Forwarding {
 public:
  Forwarding(request_rec* r, Exchange& exchange, FaultWatch::Hold hold)
      : r_(r), exchange_(exchange), hold_(hold), before_(r) {}

  // Returns the result of the last attempt, or 502 for a response that broke off before anything was sent.
  int run();

  // The response that was kept; nothing if none was to be kept, or none was complete.
  std::optional<Captured> take_captured() { return std::exchange(captured_, std::nullopt); }

  const Attempt& last_attempt() const { return *attempt_; }

 private:
  int attempt();
  int finish(Outcome outcome, int status);
  void capture(int status);

  request_rec* r_;
  Exchange& exchange_;
  const FaultWatch::Hold hold_;
  const RequestSnapshot before_;
  std::optional<Captured> captured_;
  std::optional<Attempt> attempt_;
};

int Forwarding::attempt() {
  attempt_.emplace(r_, exchange_.body.view(), exchange_.admitted->envelope, exchange_.supplied->token.value);
  return run_proxy(r_, exchange_, *attempt_);
}

int Forwarding::run() {
  FaultWatch& watch = exchange_.watch;
  try {
    int status = attempt();
    Outcome outcome = watch.outcome(status);
    if (outcome == Outcome::session_over && renew(r_, exchange_)) {
      before_.restore(r_);
      watch.reset();
      status = attempt();
      outcome = watch.outcome(status);
      if (outcome == Outcome::session_over) {
        exchange_.section.tokens->rejected_again(*exchange_.supplied);
        note_failure(r_, "the new token was not accepted either.");
      }
    }
    return finish(outcome, status);
  } catch (...) {  // nothing of a held response was sent, so the client can still get a fault
    if (watch.holds_back()) before_.restore(r_);
    throw;
  }
}

int Forwarding::finish(Outcome outcome, int status) {
  switch (outcome) {
    case Outcome::passed:
      report(r_, exchange_, status);
      return status;
    case Outcome::session_over:
      if (hold_ == FaultWatch::Hold::everything) {
        capture(HTTP_INTERNAL_SERVER_ERROR);
      } else {
        exchange_.watch.pass_through();
      }
      return status;
    case Outcome::captured:
      report(r_, exchange_, status);
      capture(r_->status);
      return status;
    case Outcome::broken_off:
      before_.restore(r_);
      return HTTP_BAD_GATEWAY;
  }
  return status;
}

// The request is as it was before, and can be answered.
void Forwarding::capture(int status) {
  captured_ = Captured{status, exchange_.watch.captured()};
  before_.restore(r_);
}

// Whether the client has to be told that the proxy gave up.
bool is_unanswered(request_rec* r, int status) {
  const bool gave_up = status == HTTP_BAD_GATEWAY || status == HTTP_SERVICE_UNAVAILABLE ||
                       status == HTTP_GATEWAY_TIME_OUT ||
                       status == HTTP_INTERNAL_SERVER_ERROR;  // the TLS handshake with the backend failed
  return gave_up && !r->eos_sent && r->bytes_sent == 0 && !apr_table_get(r->notes, "proxy-error-override") &&
         !ap_response_code_string(r, ap_index_of_response(status));
}

// Why there is no response from Salesforce. `defect` describes an invalid one; null: none arrived.
gateway::Refusal unanswered(const Attempt& attempt, int status, const char* defect) {
  if (defect)
    return {Reason::backend_invalid,
            "Salesforce answered with " + std::string(defect) + "; the request may have been executed.",
            {}};
  const std::string& reason = attempt.backend_error().reason();
  const std::string why = " (" + std::to_string(status) + ")" + (reason.empty() ? "" : ": " + reason);
  if (!attempt.sent())
    return {Reason::backend_unreachable, "Salesforce could not be reached" + why + "; nothing was sent.", {}};
  return {Reason::backend_silent,
          "Salesforce did not answer" + why + "; the request may have been executed.",
          {}};
}

// Only for the log: what is known about the backend, if the refusal concerns it.
std::string details(const Attempt& attempt, Reason reason) {
  const bool unanswered = reason == Reason::backend_unreachable || reason == Reason::backend_silent;
  return unanswered ? attempt.backend_error().details() : std::string();
}

void insert_filters(request_rec* r, Exchange& exchange, FaultWatch::Hold hold) {
  // Interim responses (1xx) bypass the filters: those of a hidden attempt would reach the client, with their
  // cookies.
  apr_table_setn(r->subprocess_env, "proxy-interim-response", "Suppress");
  r->input_filters = ap_add_input_filter_handle(body_filter, nullptr, r, r->connection);
  exchange.watch.insert(r, hold);
  insert_response_filter(r);
}

// The result for the handler; a client that has got nothing from Salesforce gets a fault.
int conclude(request_rec* r, const Exchange& exchange, const Attempt& attempt, int status) {
  const soap::SoapVersion version = exchange.admitted->version;
  if (const auto& refusal = attempt.refusal())
    return refuse(r, *refusal, version, 0, details(attempt, refusal->reason));
  if (!is_unanswered(r, status)) return status;
  const gateway::Refusal refusal = unanswered(attempt, status, exchange.watch.defect());
  apr_table_clear(r->headers_out);  // discard what a broken response has set
  r->content_encoding = nullptr;
  return refuse(r, refusal, version, status, details(attempt, refusal.reason));
}

}  // namespace

int forward(request_rec* r, Exchange& exchange) {
  const auto hold = exchange.section.renew ? FaultWatch::Hold::faults : FaultWatch::Hold::nothing;
  insert_filters(r, exchange, hold);
  Forwarding forwarding(r, exchange, hold);
  const int status = forwarding.run();
  exchange.watch.detach();
  return conclude(r, exchange, forwarding.last_attempt(), status);
}

Result<Captured, int> forward_and_capture(request_rec* r, Exchange& exchange) {
  constexpr auto kHold = FaultWatch::Hold::everything;
  insert_filters(r, exchange, kHold);
  Forwarding forwarding(r, exchange, kHold);
  const int status = forwarding.run();
  exchange.watch.detach();
  if (auto captured = forwarding.take_captured()) return *std::move(captured);
  return Unexpected{conclude(r, exchange, forwarding.last_attempt(), status)};
}

}  // namespace sfjwt::httpd
