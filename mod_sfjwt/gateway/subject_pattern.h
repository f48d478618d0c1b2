// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfjwt::gateway {

// What can be said of a regular expression for subjects (SFJwtAllowSubject, SFJwtSubjectMap) without matching
// anything. Both say nothing where they are not certain.

/// The expression with literal dots in its host name, when some are not: in `.+@corp.example` the dot stands
/// for any character. Only dots behind an @ and between letters, digits or groups count. Literal dots are
/// written `[.]`, since httpd doubles backslashes in its log.
std::optional<std::string> with_literal_dots(std::string_view expression);

/// Whether no text with an @, and so no subject, can match the expression as a whole.
bool never_matches_subject(std::string_view expression);

}  // namespace sfjwt::gateway
