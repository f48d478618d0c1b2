// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/gateway/subject.h"

namespace sfjwt::gateway {

/// One line of SFJwtAllowOperation or SFJwtDenyOperation.
struct OperationRule {
  std::vector<std::string> operations;
  const void* expression = nullptr;  // the server's own, passed back through Caller::holds; null: always
};

/// Which operations a section serves.
struct OperationRules {
  std::vector<OperationRule> allow;  // empty: all that are not denied
  std::vector<OperationRule> deny;   // wins
};

/// Whether the caller may have this operation executed. What an expression cannot decide is refused: a line
/// of `allow` does not allow, a line of `deny` denies.
bool operation_allowed(const OperationRules& rules, const Caller& caller, std::string_view operation);

}  // namespace sfjwt::gateway
