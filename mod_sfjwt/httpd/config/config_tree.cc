// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/config_tree.h"

#include <new>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

const ap_directive_t* last_said(std::string_view name, const ap_directive_t* first,
                                const ap_directive_t* otherwise) {
  for (const ap_directive_t* node = first; node; node = node->next)
    if (directive_is(node, name)) otherwise = node;
  return otherwise;
}

}  // namespace

bool directive_is(const ap_directive_t* node, std::string_view name) {
  return equals_ignoring_case(as_view(node->directive), name);
}

std::vector<std::string> words_of(const ap_directive_t* node) {
  std::string arguments(as_view(node->args));
  if (as_view(node->directive).starts_with('<'))
    arguments.resize(std::min(arguments.rfind('>'), arguments.size()));
  apr_pool_t* created = nullptr;
  if (apr_pool_create(&created, nullptr) != APR_SUCCESS) throw std::bad_alloc();
  const Owned<apr_pool_t, apr_pool_destroy> pool(created);
  std::vector<std::string> words;
  const char* rest = arguments.c_str();
  while (apr_isspace(*rest)) ++rest;
  while (*rest) words.emplace_back(ap_getword_conf(pool.get(), &rest));
  return words;
}

bool argument_is(const ap_directive_t* node, std::string_view word) {
  const auto words = words_of(node);
  return !words.empty() && equals_ignoring_case(words[0], word);
}

std::string place_of(const ap_directive_t& node) {
  return std::string(as_view(node.filename)) + ":" + std::to_string(node.line_num);
}

std::string description_of(const server_rec& virtual_host) {
  const std::string name = printable(as_view(virtual_host.server_hostname));
  const ap_directive_t* section = virtual_host_of(virtual_host);
  return "virtual host" + (name.empty() ? name : " " + name) + (section ? " at " + place_of(*section) : "");
}

const ap_directive_t* virtual_host_of(const server_rec& server) {
  if (!server.is_virtual) return nullptr;
  // The server has a pointer to the name in the directive. A file that is included twice has two equal names,
  // so its virtual hosts are distinguished by comparing pointers.
  for (const ap_directive_t* node = ap_conftree; node; node = node->next)
    if (node->line_num == static_cast<int>(server.defn_line_number) && node->filename == server.defn_name &&
        directive_is(node, "<VirtualHost"))
      return node;
  return nullptr;
}

const ap_directive_t* in_force(std::string_view name, const server_rec& server) {
  const ap_directive_t* said = last_said(name, ap_conftree, nullptr);
  const ap_directive_t* host = virtual_host_of(server);
  return host ? last_said(name, host->first_child, said) : said;
}

const ap_directive_t* in_force(std::string_view name, const server_rec& server,
                               const ap_directive_t& beside) {
  const ap_directive_t* said = in_force(name, server);
  return beside.parent ? last_said(name, beside.parent->first_child, said) : said;
}

}  // namespace sfjwt::httpd
