// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/error_override.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config_tree.h"

namespace sfjwt::httpd {
namespace {

// `On` means every error, `On 502 503` these.
bool overrides_500(const ap_directive_t* node) {
  const std::string_view words = trimmed(as_view(node->args));
  const auto end = std::min(words.find_first_of(" \t"), words.size());
  const std::string_view codes = words.substr(end);
  return equals_ignoring_case(words.substr(0, end), "on") &&
         (codes.empty() || codes.find("500") != std::string_view::npos);
}

}  // namespace

const ap_directive_t* hides_faults(const server_rec& server, const ap_directive_t& enabled_at) {
  const ap_directive_t* said = in_force("ProxyErrorOverride", server, enabled_at);
  return said && overrides_500(said) ? said : nullptr;
}

}  // namespace sfjwt::httpd
