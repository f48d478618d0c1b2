// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/silenced_checks.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

// The bit for the code at the start of a text; 0 if there is no such warning.
std::uint16_t bit_of(std::string_view text) {
  for (std::size_t i = 0; i < kSilenceableChecks.size(); ++i)
    if (equals_ignoring_case(text.substr(0, kSilenceableChecks[i].size()), kSilenceableChecks[i]))
      return static_cast<std::uint16_t>(1U << i);
  return 0;
}

}  // namespace

std::optional<std::string> SilencedChecks::add(std::string_view word) {
  const bool whole = word.starts_with('-') && word.size() == 1 + kSilenceableChecks[0].size();
  const std::uint16_t bit = whole ? bit_of(word.substr(1)) : std::uint16_t{0};
  if (bit == 0) {
    std::string error = printable(word, 60) + " is not a warning that can be silenced; these can:";
    for (const std::string_view code : kSilenceableChecks) error.append(" -").append(code);
    return error;
  }
  bits_ = static_cast<std::uint16_t>(bits_ | bit);
  return {};
}

bool SilencedChecks::silence(std::string_view warning) const {
  return (bits_ & bit_of(warning)) != 0;
}

}  // namespace sfjwt::httpd
