// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/arguments.h"

#include <algorithm>

namespace sfjwt::tools {
namespace {

bool is_repeatable(const Option& option) {
  return option.kind == Option::repeated || option.kind == Option::required_repeated;
}

bool is_required(const Option& option) {
  return option.kind == Option::required || option.kind == Option::required_repeated;
}

}  // namespace

Result<Arguments, std::string> Arguments::read(std::span<const Option> options,
                                               std::span<const char* const> words) {
  Arguments arguments;
  bool operands_only = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (operands_only || !word.starts_with('-') || word == "-") {
      arguments.operands_.emplace_back(word);
    } else if (word == "--") {
      operands_only = true;
    } else {
      bool took_next = false;
      const char* next = i + 1 < words.size() ? words[i + 1] : nullptr;
      if (auto error = arguments.add(options, word, next, took_next)) return Unexpected{std::move(*error)};
      if (took_next) ++i;
    }
  }
  for (const Option& option : options) {
    if (is_required(option) && !arguments.has(option.name)) {
      return Unexpected{"--" + std::string(option.name) + " is missing"};
    }
  }
  return arguments;
}

std::optional<std::string> Arguments::add(std::span<const Option> options, std::string_view word,
                                          const char* next, bool& took_next) {
  const auto equals = word.find('=');
  const std::string_view written = word.substr(0, equals);
  const auto option = std::find_if(options.begin(), options.end(), [&](const Option& candidate) {
    return written.starts_with("--") && candidate.name == written.substr(2);
  });
  if (option == options.end()) return "there is no option " + std::string(written);
  if (has(option->name) && !is_repeatable(*option)) return std::string(written) + " is given twice";
  const bool has_value = equals != std::string_view::npos;
  if (option->kind == Option::flag) {
    if (has_value) return std::string(written) + " takes no value";
    given_.push_back({option->name, {}});
    return std::nullopt;
  }
  if (!has_value && next == nullptr) return std::string(written) + " needs a value";
  took_next = !has_value;
  given_.push_back({option->name, std::string(has_value ? word.substr(equals + 1) : next)});
  return std::nullopt;
}

bool Arguments::has(std::string_view name) const {
  return std::any_of(given_.begin(), given_.end(), [&](const Given& given) { return given.name == name; });
}

std::string Arguments::value(std::string_view name) const {
  const auto given = std::find_if(given_.begin(), given_.end(),
                                  [&](const Given& candidate) { return candidate.name == name; });
  return given == given_.end() ? std::string() : given->value;
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  std::vector<std::string> values;
  for (const Given& given : given_) {
    if (given.name == name) values.push_back(given.value);
  }
  return values;
}

}  // namespace sfjwt::tools
