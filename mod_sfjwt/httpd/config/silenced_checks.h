// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sfjwt::httpd {

/// The warnings about the configuration that can be silenced; for their meaning see conf/log-codes.md.
inline constexpr std::array<std::string_view, 9> kSilenceableChecks = {
    "SFJ0921", "SFJ0922", "SFJ0923", "SFJ0924", "SFJ0925", "SFJ0926", "SFJ0927", "SFJ0928", "SFJ0930"};

/// The warnings silenced by SFJwtChecks.
class SilencedChecks {
 public:
  /// Adds an argument of SFJwtChecks, such as "-SFJ0926"; returns why it is refused, or nullopt.
  std::optional<std::string> add(std::string_view word);

  /// Whether a warning, which begins with its code, is silenced.
  bool silence(std::string_view warning) const;

  auto operator<=>(const SilencedChecks&) const = default;

 private:
  std::uint16_t bits_ = 0;  // one per element of kSilenceableChecks
};

}  // namespace sfjwt::httpd
