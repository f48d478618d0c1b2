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

const ap_directive_t* last_said(const ap_directive_t* first, const ap_directive_t* otherwise) {
  for (const ap_directive_t* node = first; node; node = node->next)
    if (is(node, "ProxyErrorOverride")) otherwise = node;
  return otherwise;
}

}  // namespace

const ap_directive_t* hides_faults(const server_rec& server, const ap_directive_t& enabled_at) {
  const ap_directive_t* said = last_said(ap_conftree, nullptr);
  if (const ap_directive_t* host = virtual_host_of(server)) said = last_said(host->first_child, said);
  if (enabled_at.parent) said = last_said(enabled_at.parent->first_child, said);
  return said && overrides_500(said) ? said : nullptr;
}

}  // namespace sfjwt::httpd
