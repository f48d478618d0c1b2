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

}  // namespace sfjwt::gateway
