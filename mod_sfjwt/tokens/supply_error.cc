// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/supply_error.h"

#include <string>
#include <utility>

namespace sfjwt::tokens {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

oauth::TokenError transient(std::string_view code, std::string message) {
  return oauth::TokenError{oauth::TokenError::Class::transient, std::string(code), std::move(message),
                           std::nullopt, oauth::FetchFailure::internal};
}

}  // namespace

oauth::TokenError renewal_paused(std::string_view provider) {
  return transient(
      oauth::kRenewalPaused,
      std::string(provider) +
          " rejects a token it granted a moment ago. The next one is requested after a pause. If this "
          "lasts, check whether sessions are locked to an IP address (Setup > Session Settings).");
}

oauth::TokenError renewed_too_often() {
  return transient(
      oauth::kRenewalPaused,
      "The token of this user was renewed too often in the last minute. The next one is requested after a "
      "pause. If this lasts, find out what ends the user's sessions (Setup > Login History).");
}

oauth::TokenError overloaded() {
  return transient(
      kOverloaded,
      "The authorization server is slow or fails, and many requests wait for it already. Try again later.");
}

oauth::TokenError busy() {
  return transient("busy", "Another request is still waiting for this subject's token. Try again.");
}

oauth::TokenError fetch_interrupted() {
  return transient("internal", "The token request was interrupted. The next one is sent after a pause.");
}

oauth::TokenError throttled(FailureThrottle::Refused refused) {
  const bool by_caller = refused != FailureThrottle::Refused::client;
  std::string message =
      by_caller
          ? "Token requests of this caller failed a moment ago or have not ended, so few more are sent for "
            "it. This one was not sent. Try again."
          : "Token requests of many callers failed a moment ago, so few are sent for users without a token. "
            "This one was not sent. Try again.";
  return oauth::TokenError{
      oauth::TokenError::Class::transient, std::string(kThrottled), std::move(message), 1,
      by_caller ? oauth::FetchFailure::caller_throttled : oauth::FetchFailure::client_throttled};
}

oauth::TokenError remembered(oauth::TokenError error, milliseconds age, milliseconds retry_in) {
  const auto past = std::chrono::floor<seconds>(age).count();
  const auto left = std::chrono::ceil<seconds>(retry_in).count();
  error.message +=
      " This failure happened " + (past > 0 ? std::to_string(past) + " s ago" : std::string("a moment ago")) +
      " and is remembered: no token is requested for this user for another " + std::to_string(left) + " s" +
      (oauth::outlives_restart(error) ? "." : ", or until httpd restarts (apachectl graceful is enough).");
  error.retry_after_seconds = left;
  return error;
}

}  // namespace sfjwt::tokens
