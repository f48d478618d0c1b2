// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/soap_action.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::gateway {
namespace {

constexpr std::size_t kMaxAction = 1024;
constexpr std::string_view kOutsideOfWords = ".~:/?#[]@!$&()*+=";

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Without its quotes, if it has both; a single one stays, and makes it unreadable.
std::string_view unquoted(std::string_view text) {
  if (text == "''") return {};
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

bool is_reference(std::string_view text) {
  return text.size() <= kMaxAction && std::all_of(text.begin(), text.end(), [](char c) {
           return in_word(c) || kOutsideOfWords.find(c) != std::string_view::npos;
         });
}

bool names_another(std::string_view word, const soap::Catalog& catalog,
                   const soap::CatalogOperation& operation) {
  if (equals_ignoring_case(word, operation.name)) return false;
  const auto& all = catalog.operations();
  return std::any_of(all.begin(), all.end(), [word](const soap::CatalogOperation& other) {
    return equals_ignoring_case(word, other.name);
  });
}

bool is_declared_for_another(std::string_view action, const soap::Catalog& catalog) {
  const auto& all = catalog.operations();
  return std::any_of(all.begin(), all.end(),
                     [action](const soap::CatalogOperation& other) { return other.soap_action == action; });
}

}  // namespace

ActionVerdict judge_action(std::string_view action, const soap::Catalog& catalog,
                           const soap::CatalogOperation& operation) {
  const std::string_view reference = unquoted(trimmed(action));
  if (reference.empty() || reference == operation.soap_action) return ActionVerdict::agrees;
  if (!is_reference(reference)) return ActionVerdict::unreadable;
  if (is_declared_for_another(reference, catalog)) return ActionVerdict::names_other;
  for (auto begin = reference.begin(); begin != reference.end();) {
    begin = std::find_if(begin, reference.end(), in_word);
    const auto end = std::find_if_not(begin, reference.end(), in_word);
    if (begin != end && names_another({begin, end}, catalog, operation)) return ActionVerdict::names_other;
    begin = end;
  }
  return ActionVerdict::agrees;
}

}  // namespace sfjwt::gateway
