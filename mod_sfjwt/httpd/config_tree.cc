// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config_tree.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {

bool is(const ap_directive_t* node, std::string_view name) {
  return equals_ignoring_case(as_view(node->directive), name);
}

bool says(const ap_directive_t* node, std::string_view word) {
  std::string_view value = trimmed(as_view(node->args));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return equals_ignoring_case(value, word);
}

const ap_directive_t* virtual_host_of(const server_rec& server) {
  for (const ap_directive_t* node = ap_conftree; node; node = node->next)
    if (is(node, "<VirtualHost") && as_view(node->filename) == as_view(server.defn_name) &&
        node->line_num == static_cast<int>(server.defn_line_number))
      return node;
  return nullptr;
}

}  // namespace sfjwt::httpd
