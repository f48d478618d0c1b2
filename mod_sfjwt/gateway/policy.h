// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/caller.h"
#include "mod_sfjwt/gateway/pattern.h"
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/gateway/subject_map.h"

namespace sfjwt::gateway {

/// One line of SFJwtAllowSubject.
struct AllowRule {
  enum class Kind { any, same, match, user, expr, login } kind;
  std::optional<Pattern> user;       // kind user: REMOTE_USER must match this wholly
  std::optional<Pattern> subject;    // kinds match and user: the subject must match this wholly
  const void* expression = nullptr;  // kind expr: for Caller::holds
  std::string place = {};            // "/etc/x.conf:12"
};

/// What a caller wants: to have an operation executed as a user.
struct UserRequest {
  std::string_view operation;
  std::string_view user;
  bool proven = false;  // by a password at login, or the handle that was issued for it
};

/// One line of SFJwtAllowOperation or SFJwtDenyOperation.
struct OperationRule {
  std::vector<std::string> operations;
  const void* expression = nullptr;  // for Caller::holds; null: always
  std::string place = {};            // "/etc/x.conf:12"
};

/// Which operations a section serves.
struct OperationRules {
  std::vector<OperationRule> allow;  // empty: all that are not denied
  std::vector<OperationRule> deny;   // wins
};

/// Why the caller may not act as the user in this operation; nothing if it may. Any one rule suffices
/// (several lines are alternatives); one that cannot be evaluated refuses, and the rules behind it are not
/// asked. `same` compares with the user that REMOTE_USER stands for.
std::optional<Refusal> subject_refusal(const std::vector<AllowRule>& rules, const std::vector<MapRule>& map,
                                       const BackendFamily& backend, const Caller& caller,
                                       const UserRequest& request);

/// Why the caller may not have this operation executed as this subject; nothing if it may. A line that names
/// the operation and whose expression cannot be evaluated refuses, and the lines behind it are not asked.
std::optional<Refusal> operation_refusal(const OperationRules& rules, const Caller& caller,
                                         const UserRequest& request);

}  // namespace sfjwt::gateway
