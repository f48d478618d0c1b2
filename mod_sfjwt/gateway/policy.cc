// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/policy.h"

#include <algorithm>
#include <utility>

namespace sfjwt::gateway {
namespace {

enum class Answer { applies, none_applies };

// Whether one of the lines applies, or which one nobody can tell of.
Result<Answer, Refusal> answer_of(const std::vector<OperationRule>& rules, std::string_view directive,
                                  const Caller& caller, std::string_view operation,
                                  std::string_view subject) {
  for (const OperationRule& rule : rules) {
    const auto& names = rule.operations;
    if (std::find(names.begin(), names.end(), operation) == names.end()) continue;
    if (!rule.expression) return Answer::applies;
    const auto holds = caller.holds(rule.expression, operation, subject);
    if (!holds) {
      return Unexpected{
          rule_undecided(std::string(directive) + " (" + rule.place + ")", "the expression failed")};
    }
    if (*holds) return Answer::applies;
  }
  return Answer::none_applies;
}

}  // namespace

std::optional<Refusal> operation_refusal(const OperationRules& rules, const Caller& caller,
                                         std::string_view operation, std::string_view subject) {
  auto denied = answer_of(rules.deny, "SFJwtDenyOperation", caller, operation, subject);
  if (!denied) return std::move(denied.error());
  auto allowed = *denied == Answer::none_applies && !rules.allow.empty()
                     ? answer_of(rules.allow, "SFJwtAllowOperation", caller, operation, subject)
                     : Answer::applies;
  if (!allowed) return std::move(allowed.error());
  if (*denied == Answer::none_applies && *allowed == Answer::applies) return std::nullopt;
  return Refusal{Reason::operation_not_allowed,
                 "This caller may not use operation " + std::string(operation) + " at this gateway.",
                 {}};
}

}  // namespace sfjwt::gateway
