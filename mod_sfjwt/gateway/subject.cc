// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::gateway {
namespace {

constexpr std::size_t kMaxSubjectBytes = 255;

// A session id of Salesforce is the id of the organisation, which begins 00D, then '!' and a secret.
bool looks_like_session_id(std::string_view text) {
  return equals_ignoring_case(text.substr(0, 3), "00d") && text.find('!') != std::string_view::npos;
}

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

// What is wrong with it, in words that do not repeat it: it may be a secret put in the wrong place.
const char* defect(std::string_view text) {
  if (looks_like_session_id(text)) {
    return "This is a session id or an access token. An e-mail belongs into SessionHeader/sessionId, not a "
           "session id: the gateway gets the token by itself.";
  }
  if (text.size() > kMaxSubjectBytes) {
    return "The user is named with more than 255 bytes; the e-mail of a Salesforce user is expected.";
  }
  if (!std::all_of(text.begin(), text.end(), is_visible)) {
    return "The name of the user holds white space, control or non-ASCII characters; the e-mail of a "
           "Salesforce "
           "user is expected.";
  }
  const auto at = text.find('@');
  if (at == std::string_view::npos || at != text.rfind('@') || at == 0 || at + 1 == text.size()) {
    return "The name of the user is no e-mail: exactly one @ with something on both sides is expected.";
  }
  return nullptr;
}

// What a rule says, or why nobody knows.
enum class Answer { yes, no };
using Verdict = Result<Answer, Refusal>;

Answer answer(bool yes) {
  return yes ? Answer::yes : Answer::no;
}

Verdict same_user(const Caller& caller, const std::vector<MapRule>& map, std::string_view subject) {
  auto user = user_named(caller.user(), map);
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

Verdict holds(const AllowRule& rule, const Caller& caller, std::string_view operation,
              std::string_view subject) {
  const auto result = rule.expression ? caller.holds(rule.expression, operation, subject) : std::nullopt;
  if (!result)
    return Unexpected{rule_undecided("SFJwtAllowSubject (" + rule.place + ")", "the expression failed")};
  return answer(*result);
}

Verdict permits(const AllowRule& rule, const std::vector<MapRule>& map, const Caller& caller,
                std::string_view operation, std::string_view subject) {
  switch (rule.kind) {
    case AllowRule::Kind::any:
      return Answer::yes;
    case AllowRule::Kind::same:
      return same_user(caller, map, subject);
    case AllowRule::Kind::match:
      return matches(rule.subject, subject, rule);
    case AllowRule::Kind::user: {
      if (caller.user().empty()) return Answer::no;
      auto verdict = matches(rule.user, caller.user(), rule);
      return verdict && *verdict == Answer::yes ? matches(rule.subject, subject, rule) : verdict;
    }
    case AllowRule::Kind::expr:
      return holds(rule, caller, operation, subject);
  }
  return Answer::no;
}

}  // namespace

Result<std::string, Refusal> normal_subject(std::string_view text) {
  const std::string_view subject = trimmed(text);
  if (subject.empty()) {
    return Unexpected{Refusal{
        Reason::subject_missing, "No user is named; the e-mail of a Salesforce user is expected.", {}}};
  }
  if (const char* why = defect(subject)) return Unexpected{Refusal{Reason::subject_malformed, why, {}}};
  return ascii_lower(subject);
}

Result<std::string, Refusal> user_named(std::string_view text, const std::vector<MapRule>& map) {
  auto subject = normal_subject(text);
  if (!subject || map.empty()) return subject;
  auto user = mapped(map, *subject);
  if (!user) return user;
  auto normal = normal_subject(*user);
  if (!normal) {
    return Unexpected{Refusal{Reason::subject_unmapped,
                              "What SFJwtSubjectMap makes of this user is no name of a Salesforce user.",
                              {}}};
  }
  return normal;
}

std::optional<Refusal> subject_refusal(const std::vector<AllowRule>& rules, const std::vector<MapRule>& map,
                                       const Caller& caller, std::string_view operation,
                                       std::string_view user) {
  for (const AllowRule& rule : rules) {
    auto verdict = permits(rule, map, caller, operation, user);
    if (!verdict) return std::move(verdict.error());
    if (*verdict == Answer::yes) return std::nullopt;
  }
  return subject_not_allowed();
}

}  // namespace sfjwt::gateway
