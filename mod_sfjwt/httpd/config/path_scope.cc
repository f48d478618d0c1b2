// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/path_scope.h"

#include <algorithm>
#include <array>

#include "mod_sfjwt/httpd/config/config_tree.h"

namespace sfjwt::httpd {
namespace {

bool is_for_files(const ap_directive_t* node) {
  constexpr std::array<std::string_view, 4> kForFiles = {"<Directory", "<DirectoryMatch", "<Files",
                                                         "<FilesMatch"};
  return std::any_of(kForFiles.begin(), kForFiles.end(),
                     [node](std::string_view name) { return directive_is(node, name); });
}

// Sections that select by something other than the path, such as the method (<Limit>) or a group of rules
// (<RequireAny>), have the paths of the section around them.
PathScope paths_within(const ap_directive_t* node, const PathScope& around) {
  for (const std::string_view condition : {"<If", "<ElseIf", "<Else"})
    if (directive_is(node, condition)) return {};
  for (const std::string_view section : {"<Location", "<LocationMatch", "<Proxy", "<ProxyMatch"})
    if (directive_is(node, section)) return paths_of(node);
  return around;
}

void collect(const ap_directive_t* first, const PathScope& around, const PathScope& wanted,
             std::vector<ScopedDirective>& found) {
  for (const ap_directive_t* node = first; node; node = node->next) {
    if (directive_is(node, "<VirtualHost") || is_for_files(node)) continue;
    const PathScope within = paths_within(node, around);
    if (!within.may_overlap(wanted)) continue;
    found.push_back({node, within});
    collect(node->first_child, within, wanted, found);
  }
}

void collect_all(const ap_directive_t* first, std::vector<const ap_directive_t*>& found) {
  for (const ap_directive_t* node = first; node; node = node->next) {
    found.push_back(node);
    collect_all(node->first_child, found);
  }
}

}  // namespace

bool PathScope::may_overlap(const PathScope& other) const {
  return !beginning || !other.beginning || beginning->starts_with(*other.beginning) ||
         other.beginning->starts_with(*beginning);
}

bool PathScope::covers(const PathScope& other) const {
  return beginning && (beginning->empty() || (other.beginning && other.beginning->starts_with(*beginning)));
}

PathScope all_paths() {
  return {std::string()};
}

PathScope paths_of(const ap_directive_t* section) {
  if (!section || directive_is(section, "<VirtualHost")) return all_paths();
  const auto words = words_of(section);
  const bool literal = directive_is(section, "<Location") && words.size() == 1 &&
                       words[0].find_first_of("*?[") == std::string::npos;
  return literal ? PathScope{words[0]} : PathScope{};
}

PathScope paths_of(const RegisteredSection& section) {
  return paths_of(section.first->parent);
}

std::vector<ScopedDirective> directives_for(const PathScope& scope, const server_rec& server) {
  std::vector<ScopedDirective> found;
  collect(ap_conftree, all_paths(), scope, found);
  if (const ap_directive_t* host = virtual_host_of(server))
    collect(host->first_child, all_paths(), scope, found);
  return found;
}

std::vector<const ap_directive_t*> all_directives() {
  std::vector<const ap_directive_t*> found;
  collect_all(ap_conftree, found);
  return found;
}

}  // namespace sfjwt::httpd
