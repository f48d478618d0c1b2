// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/refusal.h"

namespace sfjwt::gateway {

/// A subject in normal form: XML white space around it trimmed, ASCII lower case. Refused: anything but
/// printable ASCII without blanks, with exactly one '@' that has something on both sides, more than 255
/// bytes, or the shape of a session id of the backend. The message never repeats the text.
Result<std::string, Refusal> normal_subject(std::string_view text, const BackendFamily& backend);

}  // namespace sfjwt::gateway
