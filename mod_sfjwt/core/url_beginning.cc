// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/url_beginning.h"

#include <algorithm>
#include <array>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt {
namespace {

constexpr std::string_view kAuthority = "://";
constexpr std::array<std::string_view, 4> kTokenSchemes = {"https://", "http://", "h2://", "h2c://"};
constexpr std::array<std::string_view, 2> kIndirect = {"balancer://",
                                                       "unix:"};  // the hosts are configured elsewhere

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() && equals_ignoring_case(text.substr(0, beginning.size()), beginning);
}

// Whether one of the two is a prefix of the other.
bool agree(std::string_view a, std::string_view b) {
  return begins_with(a, b) || begins_with(b, a);
}

bool plain(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

// Whether a host that matches the pattern can begin with this text.
bool may_begin_host(std::string_view beginning, std::string_view pattern) {
  const bool domain = pattern.starts_with('.') || pattern.starts_with('*');
  return domain || begins_with(pattern, beginning);
}

}  // namespace

std::string_view literal_beginning(std::string_view pattern) {
  return pattern.substr(0, pattern.find_first_of("*?[\\"));
}

bool ends_within_host(std::string_view beginning) {
  const auto authority = beginning.find(kAuthority);
  return authority == beginning.npos ||
         beginning.find_first_of(":/?#", authority + kAuthority.size()) == beginning.npos;
}

bool may_begin_token_url(std::string_view beginning, const std::vector<std::string>& allowed_hosts) {
  const auto agrees = [beginning](std::string_view scheme) { return agree(scheme, beginning); };
  if (std::any_of(kIndirect.begin(), kIndirect.end(), agrees)) return true;
  if (std::none_of(kTokenSchemes.begin(), kTokenSchemes.end(), agrees)) return false;
  const auto authority = beginning.find(kAuthority);
  if (authority == beginning.npos) return true;
  const std::string_view rest = beginning.substr(authority + kAuthority.size());
  const std::string_view host = rest.substr(0, rest.find_first_of(":/?#"));
  if (!plain(host)) return true;
  const bool incomplete = ends_within_host(beginning);
  return std::any_of(allowed_hosts.begin(), allowed_hosts.end(), [&](const std::string& pattern) {
    return incomplete ? may_begin_host(host, pattern) : host_matches(host, pattern);
  });
}

}  // namespace sfjwt
