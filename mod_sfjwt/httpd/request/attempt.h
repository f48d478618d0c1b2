// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/httpd/request/exchange.h"
#include "mod_sfjwt/httpd/request/revocable_bucket.h"

namespace sfjwt::httpd {

/// One run of mod_proxy with one token, on one thread. The rewritten body exists as long as it runs: when it
/// ends, by whatever way, nothing of the body can be read any more, whoever has kept buckets of it (mod_proxy
/// does when it could not send them, and would give them to the backend of an error document). While it runs,
/// data leaves this thread only to the receiver (httpd/request/peer_filter.h).
class Attempt {
 public:
  Attempt(request_rec* r, Exchange& exchange);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// The attempt that runs on this thread; null: none does.
  static Attempt* running();

  std::size_t body_size() const { return body_.size(); }

  /// mod_proxy is about to go to a target that may have the token; the host outlives the attempt.
  void permit(const gateway::Receiver& receiver);

  /// It is about to go, or has got, where the token must not; until another target is permitted nothing
  /// leaves.
  void refuse(gateway::Refusal refusal);

  /// Who may receive the body; null: nobody.
  const gateway::Receiver* receiver() const { return receiver_ ? &*receiver_ : nullptr; }

  /// The peer filter lets data pass to the receiver.
  void mark_sent() { exchange_.sent = true; }

  /// What keeps it from its backend.
  BackendError& backend_error() { return exchange_.backend_error; }

  /// Gives the whole body and its end, later the end alone. APR_EACCES while there is no receiver.
  apr_status_t hand_out(apr_bucket_brigade* brigade);

 private:
  static constexpr std::size_t kMaxPieces = gateway::RewrittenBody::kMaxPieces;

  request_rec* r_;
  Exchange& exchange_;
  gateway::RewrittenBody body_;
  std::array<RevocableBytes, kMaxPieces> pieces_;
  bool handed_out_ = false;
  std::optional<gateway::Receiver> receiver_;
};

}  // namespace sfjwt::httpd
