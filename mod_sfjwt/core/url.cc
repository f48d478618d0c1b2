// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/url.h"

#include <algorithm>
#include <charconv>

#include "mod_sfjwt/core/hex.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt {
namespace {

constexpr std::string_view kAuthority = "://";

// Cuts the text at the first `separator` and returns the part after it; nullopt if there is none.
std::optional<std::string_view> cut(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

void split_authority(Url& url) {
  std::string_view rest = url.authority;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    url.user_information = rest.substr(0, at);
    rest.remove_prefix(at + 1);
  }
  const auto host_end = rest.starts_with('[') ? rest.find(']') + 1 : std::min(rest.find(':'), rest.size());
  url.host = rest.substr(0, host_end);
  rest.remove_prefix(host_end);
  // After a closing bracket only a port is valid; anything else becomes a port that is not a number.
  if (!rest.empty()) url.port = rest.starts_with(':') ? rest.substr(1) : rest;
}

}  // namespace

bool Url::has_scheme(std::string_view name) const {
  return equals_ignoring_case(scheme, name);
}

std::string_view Url::origin() const {
  return {scheme.data(), scheme.size() + kAuthority.size() + authority.size()};
}

std::optional<Url> parse_url(std::string_view text) {
  const auto scheme_end = text.find(kAuthority);
  if (scheme_end == std::string_view::npos || scheme_end == 0) return std::nullopt;
  Url url;
  url.scheme = text.substr(0, scheme_end);
  std::string_view rest = text.substr(scheme_end + kAuthority.size());
  url.fragment = cut(rest, '#');
  url.query = cut(rest, '?');
  const auto path = std::min(rest.find('/'), rest.size());
  url.authority = rest.substr(0, path);
  url.path = rest.substr(path);
  split_authority(url);
  return url;
}

std::optional<unsigned> port_number(std::string_view digits) {
  unsigned port = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = problem == std::errc{} && end == digits.data() + digits.size();
  if (!whole || digits.size() > 5 || port == 0 || port > 65535) return std::nullopt;
  return port;
}

bool is_printable_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<std::string> https_url_defect(std::string_view text) {
  const auto url = is_printable_word(text) ? parse_url(text) : std::nullopt;
  if (!url || !url->has_scheme("https") || url->host.empty() || (url->port && !port_number(*url->port)))
    return "must be an https URL with a host";
  if (url->user_information || url->fragment) return "must be a URL without user information and fragment";
  return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_value(text[i + 2]) : std::nullopt;
    if (low) {
      decoded += static_cast<char>(*high << 4 | *low);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace sfjwt
