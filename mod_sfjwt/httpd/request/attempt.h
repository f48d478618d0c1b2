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

/// One run of mod_proxy with one token, on one thread, and its outcome. While it runs, this thread sends data
/// only to the receiver (httpd/request/peer_filter.h). When it ends, in any way, the body becomes unreadable
/// even in buckets that were kept (mod_proxy keeps buckets that it could not send, and would send them to the
/// backend of an error document).
class Attempt {
 public:
  Attempt(const request_rec* r, std::string_view body, const soap::Envelope& envelope, const Secret& token);
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// The attempt runs on this thread during the lifetime of this object. Once per attempt.
  class Run {
   public:
    explicit Run(Attempt& attempt);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run();
  };

  /// The attempt that runs on this thread, or null.
  static Attempt* running();

  /// The same, but only if it belongs to this request.
  static Attempt* running_for(const request_rec* r);

  std::size_t body_size() const { return body_->size(); }

  /// Directs it to the instance of its token (SFJwtInstance) instead of the address in ProxyPass.
  const Target& follow(std::string url, const std::vector<std::string>& allowed_hosts,
                       const gateway::BackendFamily& backend) {
    return instance_.emplace(std::move(url), allowed_hosts, backend);
  }

  /// Null: it goes to the address in ProxyPass.
  const Target* instance() const { return instance_ ? &*instance_ : nullptr; }

  /// Allows mod_proxy to send the token to a target; the host must outlive the run.
  void permit(const gateway::Receiver& receiver);

  /// Forbids sending, since the target must not have the token; nothing is sent until another target is
  /// permitted.
  void refuse(gateway::Refusal refusal);

  /// Who may receive the body; null: nobody.
  const gateway::Receiver* receiver() const { return receiver_ ? &*receiver_ : nullptr; }

  /// Why it was stopped; nullopt if it was not.
  const std::optional<gateway::Refusal>& refusal() const { return refusal_; }

  /// Records that the peer filter has passed data to the receiver.
  void mark_sent() { sent_ = true; }
  bool sent() const { return sent_; }

  /// Why it does not reach its backend.
  BackendError& backend_error() { return backend_error_; }
  const BackendError& backend_error() const { return backend_error_; }

  /// Returns the whole body and its end, in later calls only the end. APR_EACCES while there is no receiver.
  apr_status_t hand_out(apr_bucket_brigade* brigade);

 private:
  static constexpr std::size_t kMaxPieces = gateway::RewrittenBody::kMaxPieces;

  void end();

  const request_rec* r_;
  std::optional<gateway::RewrittenBody> body_;  // until the run ends
  std::array<RevocableBytes, kMaxPieces> pieces_;
  bool handed_out_ = false;
  bool sent_ = false;
  std::optional<Target> instance_;
  std::optional<gateway::Receiver> receiver_;
  std::optional<gateway::Refusal> refusal_;
  BackendError backend_error_;
};

/// The input filter that returns the rewritten body instead of the client's. Only a running attempt has a
/// body; code that drains the request later gets its end.
apr_status_t hand_out_body(ap_filter_t* filter, apr_bucket_brigade* brigade, ap_input_mode_t mode,
                           apr_read_type_e block, apr_off_t bytes);
extern ap_filter_rec_t* body_filter;  // set when the module registers

}  // namespace sfjwt::httpd
