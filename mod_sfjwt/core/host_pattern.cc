// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/host_pattern.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "mod_sfjwt/core/hex.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt {
namespace {

constexpr std::size_t kMaxHost = 253;  // RFC 1035 section 2.3.4, in text form
constexpr std::size_t kMaxLabel = 63;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_name(std::string_view host) {
  if (host.empty() || host.size() > kMaxHost) return false;
  for (;;) {
    const auto dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

// Resolvers read a name whose last label is a number (127.1, 0x7f000001) as an IPv4 address. So does this
// function; otherwise an address could match a pattern for host names.
bool is_ipv4_like(std::string_view host) {
  std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty()) return false;
  if (last.size() >= 2 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X')) {
    return std::all_of(last.begin() + 2, last.end(), hex_value);
  }
  return std::all_of(last.begin(), last.end(), is_digit);
}

bool is_ipv6_like(std::string_view host) {
  return host.find(':') != std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) { return hex_value(c) || c == ':' || c == '.'; });
}

// The domain of ".domain" and "*.domain" without the leading dot; empty for an exact pattern.
std::string_view wildcard_domain(std::string_view pattern) {
  if (pattern.starts_with("*.")) return pattern.substr(2);
  if (pattern.starts_with(".")) return pattern.substr(1);
  return {};
}

bool is_dotted_quad(std::string_view host) {
  for (int part = 0; part < 4; ++part) {
    unsigned value = 0;
    const auto [end, problem] = std::from_chars(host.data(), host.data() + host.size(), value);
    const auto length = static_cast<std::size_t>(end - host.data());
    if (problem != std::errc{} || value > 255 || length > 3 || (length > 1 && host[0] == '0')) return false;
    host.remove_prefix(length);
    if (part < 3) {
      if (!host.starts_with('.')) return false;
      host.remove_prefix(1);
    }
  }
  return host.empty();
}

}  // namespace

std::string_view without_brackets(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host;
}

bool host_matches(std::string_view host, std::string_view pattern) {
  const std::string_view bare = without_brackets(host);
  if (is_ipv6_like(bare)) return equals_ignoring_case(bare, without_brackets(pattern));
  if (!is_name(host)) return false;
  const std::string_view domain = wildcard_domain(pattern);
  if (domain.empty()) return equals_ignoring_case(host, pattern);
  if (is_ipv4_like(host) || host.size() < domain.size() + 2) return false;
  const std::size_t boundary = host.size() - domain.size() - 1;
  return host[boundary] == '.' && equals_ignoring_case(host.substr(boundary + 1), domain);
}

Result<Done, std::string> check_host_pattern(std::string_view pattern) {
  const std::string shown = "'" + printable(pattern) + "'";
  const auto wrong = [&](std::string_view why) { return Unexpected{shown + " " + std::string(why)}; };
  if (pattern.empty()) return wrong("is empty");
  if (pattern.find("://") != std::string_view::npos)
    return wrong("is a URL; only the host name belongs here");
  if (pattern.find_first_of("/?#@") != std::string_view::npos) return wrong("is not a host name");
  const std::string_view bare = without_brackets(pattern);
  if (is_ipv6_like(bare)) return Done{};
  if (pattern.find(':') != std::string_view::npos)
    return wrong("has a port; only the host name belongs here");
  if (pattern.ends_with('.')) return wrong("ends with a dot, which never matches");
  const bool wildcard = pattern.starts_with('.') || pattern.starts_with('*');
  const std::string_view name = wildcard ? wildcard_domain(pattern) : pattern;
  if (name.find('*') != std::string_view::npos || (wildcard && name.empty())) {
    return wrong("may have an asterisk only as its first label, before a domain");
  }
  if (!is_name(name)) return wrong("is not a host name (write other than ASCII letters in their xn-- form)");
  if (wildcard && is_ipv4_like(name)) return wrong("is an address; addresses match as a whole only");
  if (wildcard && name.find('.') == std::string_view::npos)
    return wrong("would allow a whole top-level domain");
  return Done{};
}

bool is_loopback(std::string_view host) {
  const std::string_view bare = without_brackets(host);
  return equals_ignoring_case(host, "localhost") || bare == "::1" ||
         (host.starts_with("127.") && is_dotted_quad(host));
}

}  // namespace sfjwt
