// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sfjwt::httpd {

/// The warnings about a configuration that can be silenced; conf/log-codes.md explains them.
inline constexpr std::array<std::string_view, 9> kSilenceableChecks = {
    "SFJ0921", "SFJ0922", "SFJ0923", "SFJ0924", "SFJ0925", "SFJ0926", "SFJ0927", "SFJ0928", "SFJ0930"};

/// The warnings that SFJwtChecks silences.
class SilencedChecks {
 public:
  /// Adds a word of SFJwtChecks, "-SFJ0926"; what comes back says why it is refused.
  std::optional<std::string> add(std::string_view word);

  /// Whether this warning, which begins with its code, is not given.
  bool silence(std::string_view warning) const;

  auto operator<=>(const SilencedChecks&) const = default;

 private:
  std::uint16_t bits_ = 0;  // one for each of kSilenceableChecks
};

}  // namespace sfjwt::httpd
