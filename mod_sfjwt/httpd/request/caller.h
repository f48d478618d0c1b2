// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/caller.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/tokens/caller_identity.h"

namespace sfjwt::httpd {

/// The caller of a request as httpd knows it. Expressions read operation and subject as SFJWT_OPERATION and
/// SFJWT_SUBJECT, which stand in the environment of the request for as long as one is evaluated.
class RequestCaller final : public gateway::Caller {
 public:
  /// `subject` is the SFJwtSubject expression; null: there is none.
  RequestCaller(request_rec* r, const ap_expr_info_t* subject) : r_(r), subject_(subject) {}

  std::string_view user() const override;
  std::optional<std::string> subject_for(std::string_view operation) const override;
  std::optional<bool> holds(const void* expression, std::string_view operation,
                            std::string_view subject) const override;

 private:
  request_rec* r_;
  const ap_expr_info_t* subject_;
};

/// Whom the request's token request is charged to if it fails; points into the request.
tokens::CallerIdentity caller_identity(const request_rec* r);

}  // namespace sfjwt::httpd
