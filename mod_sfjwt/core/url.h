// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfjwt {

/// The parts of a hierarchical URI (RFC 3986 section 3), as views into its text. Nothing is decoded, repaired
/// or judged: what the parts may hold is up to the caller.
struct Url {
  std::string_view scheme;
  std::string_view authority;                        // user information, host and port
  std::optional<std::string_view> user_information;  // what precedes the last @ of the authority
  std::string_view host;                             // an IPv6 address with its brackets
  std::optional<std::string_view> port;              // what follows the colon, a number or not
  std::string_view path;                             // with its leading slash; empty if there is none
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;

  bool has_scheme(std::string_view name) const;  // the case of letters does not matter
  std::string_view origin() const;               // scheme://authority
};

/// The only parser of URLs: nothing unless the text has a scheme followed by "://". The authority ends at the
/// first slash, question mark or number sign.
std::optional<Url> parse_url(std::string_view text);

/// A port in decimal, 1 to 65535, at most five digits.
std::optional<unsigned> port_number(std::string_view digits);

/// Whether a text is printable ASCII without blanks, which all of a URL must be.
bool is_printable_word(std::string_view text);

/// What is wrong with a configured URL that must be https, to be read after its name: no host, a port that is
/// no number, user information, a fragment. Nothing: it is one.
std::optional<std::string> https_url_defect(std::string_view text);

/// Percent-encoding undone (RFC 3986 section 2.1); a malformed escape stays as it is.
std::string percent_decoded(std::string_view text);

}  // namespace sfjwt
