// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/caller.h"
#include "mod_sfjwt/gateway/pattern.h"
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/gateway/subject_map.h"

namespace sfjwt::gateway {

/// A subject in normal form: XML white space around it trimmed, ASCII lower case. Refused: anything but
/// printable ASCII without blanks, with exactly one '@' that has something on both sides, more than 255
/// bytes, or the shape of a Salesforce session id (00D...!...). The message never repeats the text.
Result<std::string, Refusal> normal_subject(std::string_view text);

/// One line of SFJwtAllowSubject.
struct AllowRule {
  enum class Kind { any, same, match, user, expr } kind;
  std::optional<Pattern> user;       // kind user: REMOTE_USER must match this wholly
  std::optional<Pattern> subject;    // kinds match and user: the subject must match this wholly
  const void* expression = nullptr;  // kind expr: for Caller::holds
  std::string place = {};            // "/etc/x.conf:12"
};

/// The Salesforce user a text stands for: the text in normal form, then what the map (SFJwtSubjectMap) makes
/// of it, in normal form too. A map that does not know it refuses; without a map the user is the subject.
Result<std::string, Refusal> user_named(std::string_view text, const std::vector<MapRule>& map);

/// Why the caller may not act as the user in this operation; nothing if it may. Any one rule suffices
/// (several lines are alternatives); one that cannot be evaluated refuses, and the rules behind it are not
/// asked. `same` compares with the user that REMOTE_USER stands for.
std::optional<Refusal> subject_refusal(const std::vector<AllowRule>& rules, const std::vector<MapRule>& map,
                                       const Caller& caller, std::string_view operation,
                                       std::string_view user);

}  // namespace sfjwt::gateway
