// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/proxy_mapping.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/config_tree.h"

namespace sfjwt::httpd {
namespace {

bool begins_with(std::string_view text, std::string_view beginning) {
  return equals_ignoring_case(text.substr(0, beginning.size()), beginning);
}

const ap_directive_t* section_around(const ap_directive_t* node) {
  return node->parent && !directive_is(node->parent, "<VirtualHost") ? node->parent : nullptr;
}

// The two forms: with a path, or in a section, whose path it uses.
ProxyMapping mapping_in(const ScopedDirective& found) {
  const ap_directive_t* node = found.directive;
  const auto words = words_of(node);
  ProxyMapping mapping{node, found.scope, {}, false};
  std::size_t target = 0;
  if (!section_around(node)) {
    const bool pattern = directive_is(node, "ProxyPassMatch") || (!words.empty() && words[0] == "~");
    mapping.paths = pattern || words.empty() ? PathScope{} : PathScope{words[0]};
    target = !words.empty() && words[0] == "~" ? 2 : 1;
  }
  if (target < words.size()) mapping.target = words[target];
  mapping.literal = mapping.paths.beginning && mapping.target.find_first_of("$%") == std::string::npos;
  return mapping;
}

// Whether a RewriteRule has this flag, as in "[P,L]".
bool has_flag(const std::vector<std::string>& words, std::string_view letter, std::string_view name) {
  if (words.size() < 3 || words[2].size() < 2) return false;
  std::string_view flags = std::string_view(words[2]).substr(1, words[2].size() - 2);
  for (;;) {
    const auto comma = flags.find(',');
    const std::string_view flag = trimmed(flags.substr(0, comma));
    if (equals_ignoring_case(flag, letter) || equals_ignoring_case(flag, name)) return true;
    if (comma == flags.npos) return false;
    flags.remove_prefix(comma + 1);
  }
}

bool can_proxy(const ap_directive_t* node) {
  if (directive_is(node, "RewriteRule")) return has_flag(words_of(node), "P", "proxy");
  if (directive_is(node, "SetHandler"))
    return words_of(node).empty() || begins_with(words_of(node)[0], "proxy:");
  if (directive_is(node, "AllowOverride")) return !argument_is(node, "none");
  if (directive_is(node, "ProxyRequests") || directive_is(node, "ProxyExpressEnable"))
    return argument_is(node, "on");
  return begins_with(as_view(node->directive), "Lua") || begins_with(as_view(node->directive), "Perl");
}

}  // namespace

std::vector<ProxyMapping> mappings_near(const RegisteredSection& section, const server_rec& server) {
  const PathScope paths = paths_of(section);
  std::vector<ProxyMapping> found;
  for (const ScopedDirective& scoped : directives_for(paths, server)) {
    if (!directive_is(scoped.directive, "ProxyPass") && !directive_is(scoped.directive, "ProxyPassMatch"))
      continue;
    ProxyMapping mapping = mapping_in(scoped);
    if (mapping.paths.may_overlap(paths)) found.push_back(std::move(mapping));
  }
  return found;
}

std::vector<ProxyMapping> mappings_of(const RegisteredSection& section,
                                      const std::vector<ProxyMapping>& near) {
  const ap_directive_t* node = section.whole_server ? nullptr : section.first->parent;
  const PathScope paths = paths_of(section);
  std::vector<ProxyMapping> own;
  std::vector<ProxyMapping> inner;
  for (const ProxyMapping& mapping : near) {
    if (node && mapping.directive->parent == node) own.push_back(mapping);
    if (mapping.paths.beginning && paths.covers(mapping.paths)) inner.push_back(mapping);
  }
  if (!own.empty()) return own;
  if (!inner.empty()) return inner;
  if (near.size() == 1 && near[0].paths.covers(paths)) return near;
  return {};
}

bool proxied_otherwise() {
  const auto all = all_directives();
  return std::any_of(all.begin(), all.end(), can_proxy);
}

std::string address_of(const ProxyMapping& mapping, const PathScope& paths) {
  const bool appended =
      mapping.paths.beginning && paths.beginning && paths.beginning->starts_with(*mapping.paths.beginning);
  return mapping.target + (appended ? paths.beginning->substr(mapping.paths.beginning->size()) : "");
}

std::string scheme_of(std::string_view address) {
  const std::string_view scheme = address.substr(0, std::min(address.find(':'), address.size()));
  const bool plain = std::all_of(scheme.begin(), scheme.end(), [](char c) { return apr_isalnum(c) != 0; });
  return scheme.size() < address.size() && plain ? ascii_lower(scheme) : std::string();
}

}  // namespace sfjwt::httpd
