// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/policy.h"

#include <algorithm>

namespace sfjwt::gateway {
namespace {

// `undecided` is the answer when the expression of a line that names the operation fails.
bool any_applies(const std::vector<OperationRule>& rules, const Caller& caller, std::string_view operation,
                 bool undecided) {
  return std::any_of(rules.begin(), rules.end(), [&](const OperationRule& rule) {
    const auto& names = rule.operations;
    if (std::find(names.begin(), names.end(), operation) == names.end()) return false;
    if (!rule.expression) return true;
    return (caller.holds ? caller.holds(rule.expression) : std::nullopt).value_or(undecided);
  });
}

}  // namespace

bool operation_allowed(const OperationRules& rules, const Caller& caller, std::string_view operation) {
  if (any_applies(rules.deny, caller, operation, true)) return false;
  return rules.allow.empty() || any_applies(rules.allow, caller, operation, false);
}

}  // namespace sfjwt::gateway
