// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config_tree.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

const ap_directive_t* last_said(std::string_view name, const ap_directive_t* first,
                                const ap_directive_t* otherwise) {
  for (const ap_directive_t* node = first; node; node = node->next)
    if (is(node, name)) otherwise = node;
  return otherwise;
}

}  // namespace

bool is(const ap_directive_t* node, std::string_view name) {
  return equals_ignoring_case(as_view(node->directive), name);
}

bool says(const ap_directive_t* node, std::string_view word) {
  std::string_view value = trimmed(as_view(node->args));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return equals_ignoring_case(value, word);
}

std::string place_of(const ap_directive_t& node) {
  return std::string(as_view(node.filename)) + ":" + std::to_string(node.line_num);
}

const ap_directive_t* virtual_host_of(const server_rec& server) {
  for (const ap_directive_t* node = ap_conftree; node; node = node->next)
    if (is(node, "<VirtualHost") && as_view(node->filename) == as_view(server.defn_name) &&
        node->line_num == static_cast<int>(server.defn_line_number))
      return node;
  return nullptr;
}

const ap_directive_t* in_force(std::string_view name, const server_rec& server,
                               const ap_directive_t& beside) {
  const ap_directive_t* said = last_said(name, ap_conftree, nullptr);
  if (const ap_directive_t* host = virtual_host_of(server)) said = last_said(name, host->first_child, said);
  if (beside.parent) said = last_said(name, beside.parent->first_child, said);
  return said;
}

}  // namespace sfjwt::httpd
