// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/httpd/request/backend_error.h"
#include "mod_sfjwt/httpd/request/proxy_target.h"
#include "mod_sfjwt/httpd/request/revocable_bucket.h"

namespace sfjwt::httpd {

/// One run of mod_proxy with one token, on one thread, and what came of it. While it runs, data leaves this
/// thread only to the receiver (httpd/request/peer_filter.h). When it ends, by whatever way, nothing of the
/// body can be read any more, whoever has kept buckets of it (mod_proxy does when it could not send them, and
/// would give them to the backend of an error document).
class Attempt {
 public:
  Attempt(const request_rec* r, std::string_view body, const soap::Envelope& envelope, const Secret& token);
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// The attempt runs on this thread for as long as this object lives. Once per attempt.
  class Run {
   public:
    explicit Run(Attempt& attempt);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run();
  };

  /// The attempt that runs on this thread; null: none does.
  static Attempt* running();

  /// The same, if it is one of this request.
  static Attempt* running_for(const request_rec* r);

  std::size_t body_size() const { return body_->size(); }

  /// It goes to the instance of its token (SFJwtInstance), not to where ProxyPass says.
  const Target& follow(std::string url, const std::vector<std::string>& allowed_hosts,
                       const gateway::BackendFamily& backend) {
    return instance_.emplace(std::move(url), allowed_hosts, backend);
  }

  /// Null: it goes where ProxyPass says.
  const Target* instance() const { return instance_ ? &*instance_ : nullptr; }

  /// mod_proxy is about to go to a target that may have the token; the host outlives the run.
  void permit(const gateway::Receiver& receiver);

  /// It is about to go, or has got, where the token must not; until another target is permitted nothing
  /// leaves.
  void refuse(gateway::Refusal refusal);

  /// Who may receive the body; null: nobody.
  const gateway::Receiver* receiver() const { return receiver_ ? &*receiver_ : nullptr; }

  /// Why it was stopped; nothing: it was not.
  const std::optional<gateway::Refusal>& refusal() const { return refusal_; }

  /// The peer filter lets data pass to the receiver.
  void mark_sent() { sent_ = true; }
  bool sent() const { return sent_; }

  /// What keeps it from its backend.
  BackendError& backend_error() { return backend_error_; }
  const BackendError& backend_error() const { return backend_error_; }

  /// Gives the whole body and its end, later the end alone. APR_EACCES while there is no receiver.
  apr_status_t hand_out(apr_bucket_brigade* brigade);

 private:
  static constexpr std::size_t kMaxPieces = gateway::RewrittenBody::kMaxPieces;

  void end();

  const request_rec* r_;
  std::optional<gateway::RewrittenBody> body_;  // until it ends
  std::array<RevocableBytes, kMaxPieces> pieces_;
  bool handed_out_ = false;
  bool sent_ = false;
  std::optional<Target> instance_;
  std::optional<gateway::Receiver> receiver_;
  std::optional<gateway::Refusal> refusal_;
  BackendError backend_error_;
};

/// The input filter that hands out the rewritten body, in place of what the client sent. Only a running
/// attempt has one; whoever drains the request later gets its end.
apr_status_t hand_out_body(ap_filter_t* filter, apr_bucket_brigade* brigade, ap_input_mode_t mode,
                           apr_read_type_e block, apr_off_t bytes);
extern ap_filter_rec_t* body_filter;  // set when the module registers

}  // namespace sfjwt::httpd
