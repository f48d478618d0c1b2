// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/policy.h"

#include <algorithm>
#include <utility>

namespace sfjwt::gateway {
namespace {

// What a rule says, or why nobody knows.
enum class Answer { yes, no };
using Verdict = Result<Answer, Refusal>;

Answer answer(bool yes) {
  return yes ? Answer::yes : Answer::no;
}

Verdict same_user(const Caller& caller, const std::vector<MapRule>& map, const BackendFamily& backend,
                  std::string_view subject) {
  auto user = user_named(caller.user(), map, backend);
  if (!user && user.error().reason == Reason::rule_undecided) return Unexpected{std::move(user.error())};
  return answer(user && *user == subject);
}

Verdict matches(const std::optional<Pattern>& pattern, std::string_view text, const AllowRule& rule) {
  if (!pattern) return Answer::no;
  const Match match = pattern->match(text);
  if (match.result == Match::Result::error)
    return Unexpected{rule_undecided("SFJwtAllowSubject (" + rule.place + ")", match.error)};
  return answer(match.result == Match::Result::matched);
}

Verdict holds(const AllowRule& rule, const Caller& caller, const UserRequest& request) {
  const auto result =
      rule.expression ? caller.holds(rule.expression, request.operation, request.user) : std::nullopt;
  if (!result)
    return Unexpected{rule_undecided("SFJwtAllowSubject (" + rule.place + ")", "the expression failed")};
  return answer(*result);
}

Verdict permits(const AllowRule& rule, const std::vector<MapRule>& map, const BackendFamily& backend,
                const Caller& caller, const UserRequest& request) {
  switch (rule.kind) {
    case AllowRule::Kind::any:
      return Answer::yes;
    case AllowRule::Kind::same:
      return same_user(caller, map, backend, request.user);
    case AllowRule::Kind::match:
      return matches(rule.subject, request.user, rule);
    case AllowRule::Kind::user: {
      if (caller.user().empty()) return Answer::no;
      auto verdict = matches(rule.user, caller.user(), rule);
      return verdict && *verdict == Answer::yes ? matches(rule.subject, request.user, rule) : verdict;
    }
    case AllowRule::Kind::expr:
      return holds(rule, caller, request);
    case AllowRule::Kind::login:
      return answer(request.proven);
  }
  return Answer::no;
}

// Whether one of the lines applies, or which one nobody can tell of.
Verdict any_applies(const std::vector<OperationRule>& rules, std::string_view directive, const Caller& caller,
                    const UserRequest& request) {
  for (const OperationRule& rule : rules) {
    const auto& names = rule.operations;
    if (std::find(names.begin(), names.end(), request.operation) == names.end()) continue;
    if (!rule.expression) return Answer::yes;
    const auto holds = caller.holds(rule.expression, request.operation, request.user);
    if (!holds) {
      return Unexpected{
          rule_undecided(std::string(directive) + " (" + rule.place + ")", "the expression failed")};
    }
    if (*holds) return Answer::yes;
  }
  return Answer::no;
}

}  // namespace

std::optional<Refusal> subject_refusal(const std::vector<AllowRule>& rules, const std::vector<MapRule>& map,
                                       const BackendFamily& backend, const Caller& caller,
                                       const UserRequest& request) {
  for (const AllowRule& rule : rules) {
    auto verdict = permits(rule, map, backend, caller, request);
    if (!verdict) return std::move(verdict.error());
    if (*verdict == Answer::yes) return std::nullopt;
  }
  return subject_not_allowed();
}

std::optional<Refusal> operation_refusal(const OperationRules& rules, const Caller& caller,
                                         const UserRequest& request) {
  auto denied = any_applies(rules.deny, "SFJwtDenyOperation", caller, request);
  if (!denied) return std::move(denied.error());
  auto allowed = *denied == Answer::no && !rules.allow.empty()
                     ? any_applies(rules.allow, "SFJwtAllowOperation", caller, request)
                     : Answer::yes;
  if (!allowed) return std::move(allowed.error());
  if (*denied == Answer::no && *allowed == Answer::yes) return std::nullopt;
  return Refusal{Reason::operation_not_allowed,
                 "This caller may not use operation " + std::string(request.operation) + " at this gateway.",
                 {}};
}

}  // namespace sfjwt::gateway
