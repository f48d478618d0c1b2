// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::gateway {
namespace {

constexpr std::size_t kMaxSubjectBytes = 255;

bool looks_like_session_id(std::string_view text, const SessionIdShape& shape) {
  return equals_ignoring_case(text.substr(0, shape.prefix.size()), shape.prefix) &&
         text.find(shape.separator) != std::string_view::npos;
}

std::string email_expected(const BackendFamily& backend) {
  return "the e-mail of a " + std::string(backend.name) + " user is expected.";
}

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

// What is wrong with it, in words that do not repeat it: it may be a secret put in the wrong place.
std::optional<std::string> defect(std::string_view text, const BackendFamily& backend) {
  if (looks_like_session_id(text, backend.session_id)) {
    return "This is a session id or an access token. Put the e-mail address of the user into " +
           backend.names.session_path() + ", not a session id: the gateway obtains the token itself.";
  }
  if (text.size() > kMaxSubjectBytes)
    return "The user is named with more than 255 bytes; " + email_expected(backend);
  if (!std::all_of(text.begin(), text.end(), is_visible)) {
    return "The name of the user holds white space, control or non-ASCII characters; " +
           email_expected(backend);
  }
  const auto at = text.find('@');
  if (at == std::string_view::npos || at != text.rfind('@') || at == 0 || at + 1 == text.size()) {
    return "The name of the user is not an e-mail address: it must have exactly one @ with text on both "
           "sides.";
  }
  return std::nullopt;
}

}  // namespace

Result<std::string, Refusal> normal_subject(std::string_view text, const BackendFamily& backend) {
  const std::string_view subject = trimmed(text);
  if (subject.empty()) {
    return Unexpected{Refusal{Reason::subject_missing, "No user is named; " + email_expected(backend), {}}};
  }
  if (auto why = defect(subject, backend))
    return Unexpected{Refusal{Reason::subject_malformed, *std::move(why), {}}};
  return ascii_lower(subject);
}

}  // namespace sfjwt::gateway
