// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfjwt {

/// The parts of a hierarchical URI (RFC 3986 section 3), as views into its text. Nothing is decoded,
/// normalised or validated: the caller decides what the parts may contain.
struct Url {
  std::string_view scheme;
  std::string_view authority;                        // user information, host and port
  std::optional<std::string_view> user_information;  // what precedes the last @ of the authority
  std::string_view host;                             // an IPv6 address with its brackets
  std::optional<std::string_view> port;              // what follows the colon, not necessarily a number
  std::string_view path;                             // with its leading slash; may be empty
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;

  bool has_scheme(std::string_view name) const;  // case-insensitive
  std::string_view origin() const;               // scheme://authority
};

/// The only parser of URLs. nullopt if the text does not begin with a scheme and "://". The authority ends at
/// the first slash, question mark or number sign.
std::optional<Url> parse_url(std::string_view text);

/// A port in decimal, 1 to 65535, at most five digits.
std::optional<unsigned> port_number(std::string_view digits);

/// Whether a text is non-empty printable ASCII without blanks, as all URLs must be.
bool is_printable_word(std::string_view text);

/// Why a configured URL is not an acceptable https URL, to be printed after its name: no host, an invalid
/// port, user information, a fragment. nullopt if it is acceptable.
std::optional<std::string> https_url_defect(std::string_view text);

/// Decodes percent-encoding (RFC 3986 section 2.1); a malformed escape is unchanged.
std::string percent_decoded(std::string_view text);

}  // namespace sfjwt
