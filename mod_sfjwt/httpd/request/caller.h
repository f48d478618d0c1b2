// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/caller.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/tokens/caller_identity.h"

namespace sfjwt::httpd {

/// The caller of a request, from httpd. Expressions can use operation and subject as SFJWT_OPERATION and
/// SFJWT_SUBJECT, which are in the environment of the request while an expression is evaluated.
class RequestCaller final : public gateway::Caller {
 public:
  /// `subject` is the SFJwtSubject expression, or null.
  RequestCaller(request_rec* r, const ap_expr_info_t* subject) : r_(r), subject_(subject) {}

  std::string_view user() const override;
  std::string section() const override;
  std::optional<std::string> subject_for(std::string_view operation) const override;
  std::optional<bool> holds(const void* expression, std::string_view operation,
                            std::string_view subject) const override;

 private:
  request_rec* r_;
  const ap_expr_info_t* subject_;
};

/// The caller that the token request for this request counts against if it fails; points into the request.
tokens::CallerIdentity caller_identity(const request_rec* r);

}  // namespace sfjwt::httpd
