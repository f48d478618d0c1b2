// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/inherited_lists.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/directive_values.h"
#include "mod_sfjwt/httpd/config/settings.h"
#include "mod_sfjwt/httpd/pool.h"

namespace sfjwt::httpd {

// The implementation of the directives: each setter checks the arguments and stores them in the section. The
// table (directives.cc) has one setter per directive. Each returns an error, or nothing.

// ---- for several settings of one kind

template <auto Member>
ArgumentError set_flag(SectionConfig& config, cmd_parms*, int on) {
  config.settings.*Member = on != 0;
  return {};
}

/// A number within bounds, in bytes or seconds.
template <auto Member, long Least, long Most>
ArgumentError set_seconds(SectionConfig& config, cmd_parms*, const char* value) {
  const auto seconds = number_between(value, Least, Most, "seconds");
  if (!seconds) return seconds.error();
  config.settings.*Member = std::chrono::seconds(*seconds);
  return {};
}

template <auto Member, long Least, long Most>
ArgumentError set_bytes(SectionConfig& config, cmd_parms*, const char* value) {
  const auto bytes = number_between(value, Least, Most, "bytes");
  if (!bytes) return bytes.error();
  config.settings.*Member = static_cast<std::size_t>(*bytes);
  return {};
}

/// A keyword and its value.
template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

inline constexpr std::array<Choice<bool>, 2> kInstance = {{{"fixed", false}, {"follow", true}}};
inline constexpr std::array<Choice<bool>, 2> kFaultDetail = {{{"full", false}, {"brief", true}}};
inline constexpr std::array<Choice<bool>, 2> kFaultStatus = {{{"soap", false}, {"http", true}}};
inline constexpr std::array<Choice<LogSubject>, 3> kLogSubject = {
    {{"clear", LogSubject::clear}, {"hash", LogSubject::hash}, {"off", LogSubject::off}}};

template <auto Member, auto& Choices>
ArgumentError set_choice(SectionConfig& config, cmd_parms*, const char* value) {
  std::string names;
  for (const auto& choice : Choices) {
    if (equals_ignoring_case(value, choice.name)) {
      config.settings.*Member = choice.value;
      return {};
    }
    if (!names.empty()) names += &choice == &Choices.back() ? " or " : ", ";
    names += choice.name;
  }
  return "must be " + names;
}

/// The arguments of a directive, parsed by `Parse`.
template <auto Member, auto Parse>
ArgumentError set_words(SectionConfig& config, cmd_parms*, int count, char* const words[]) {
  const auto parsed = Parse(count, words);
  if (!parsed) return parsed.error();
  config.settings.*Member = *parsed;
  return {};
}

// ---- for texts, files and their lists

// Lists are immutable once they are visible to others: an extended list is a new one.
template <class List>
void append(cmd_parms* cmd, std::optional<const List*>& setting, typename List::value_type item) {
  List longer = setting ? **setting : List();
  longer.push_back(std::move(item));
  setting = &make_in_pool<const List>(cmd->pool, std::move(longer));
}

// Extends the list of this section, which is used together with those it inherits.
template <class List>
void append(cmd_parms* cmd, InheritedLists<List>& setting, typename List::value_type item) {
  List longer = setting.own() ? *setting.own() : List();
  longer.push_back(std::move(item));
  setting.set_own(&make_in_pool<const List>(cmd->pool, std::move(longer)));
}

using WordCheck = ArgumentError (*)(apr_pool_t*, const char*);

template <auto Member, WordCheck Check>
ArgumentError set_text(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (auto error = Check(cmd->temp_pool, value)) return error;
  config.settings.*Member = std::string_view(apr_pstrdup(cmd->pool, value));
  return {};
}

template <auto Member>
ArgumentError set_file(SectionConfig& config, cmd_parms* cmd, const char* value) {
  const char* path = *value ? ap_server_root_relative(cmd->pool, value) : nullptr;
  if (!path) return "is not a file name";
  config.settings.*Member = path;
  return {};
}

template <auto Member>
ArgumentError add_file(SectionConfig& config, cmd_parms* cmd, const char* value) {
  const char* path = *value ? ap_server_root_relative(cmd->pool, value) : nullptr;
  if (!path) return "is not a file name";
  append<Texts>(cmd, config.settings.*Member, path);
  return {};
}

template <auto Member, WordCheck Check>
ArgumentError add_text(SectionConfig& config, cmd_parms* cmd, const char* value) {
  if (auto error = Check(cmd->temp_pool, value)) return error;
  append<Texts>(cmd, config.settings.*Member, value);
  return {};
}

template <auto Member, WordCheck CheckName>
ArgumentError add_pair(SectionConfig& config, cmd_parms* cmd, const char* name, const char* value) {
  if (auto error = CheckName(cmd->temp_pool, name)) return error;
  auto& pairs = config.settings.*Member;
  for (const auto& [other, unused] : pairs ? **pairs : Pairs())
    if (other == name) return std::string(name) + " is given twice in this section";
  append<Pairs>(cmd, pairs, {name, value});
  return {};
}

template <auto Member>
ArgumentError add_operation_rule(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]) {
  auto rule = operation_rule(cmd, count, words);
  if (!rule) return rule.error();
  append<OperationRules>(cmd, config.settings.*Member, std::move(*rule));
  return {};
}

// ---- for one directive each

ArgumentError add_private_key(SectionConfig& config, cmd_parms* cmd, const char* key, const char* passphrase);
ArgumentError set_client_secret(SectionConfig& config, cmd_parms* cmd, const char* value);
ArgumentError set_subject_claim(SectionConfig& config, cmd_parms*, const char* value);
ArgumentError set_enabled(SectionConfig& config, cmd_parms* cmd, int on);
ArgumentError set_audience(SectionConfig& config, cmd_parms* cmd, const char* value);
ArgumentError set_token_timeout(SectionConfig& config, cmd_parms*, const char* total, const char* connect);
ArgumentError add_silenced_check(SectionConfig& config, cmd_parms*, const char* word);
ArgumentError set_max_buffered(SectionConfig&, cmd_parms* cmd, const char* value);
ArgumentError set_token_cache(SectionConfig&, cmd_parms* cmd, const char* value);
ArgumentError add_token_cache_key(SectionConfig&, cmd_parms* cmd, const char* value);
ArgumentError add_login_key(SectionConfig&, cmd_parms* cmd, const char* value);
ArgumentError set_login(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]);
ArgumentError set_subject(SectionConfig& config, cmd_parms* cmd, const char* value);
ArgumentError add_map_rule(SectionConfig& config, cmd_parms* cmd, const char* expression,
                           const char* replacement);

/// `none` discards what is inherited from outer sections; anything else is added to it.
ArgumentError add_stripped_header(SectionConfig& config, cmd_parms* cmd, const char* name);
ArgumentError add_denied_operations(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]);

ArgumentError add_allow_rule(SectionConfig& config, cmd_parms* cmd, int count, char* const words[]);

}  // namespace sfjwt::httpd
