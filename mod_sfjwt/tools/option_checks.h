// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sfjwt::tools {

/// What is wrong with the value of an option, to be read behind its name; nothing: it is right.
using Check = std::function<std::optional<std::string>(const std::string& value)>;

CLI::Validator checked(Check check);

/// The same of one that puts another value in place of what it checks; for Option::transform.
CLI::Validator checked_and_changed(std::function<std::optional<std::string>(std::string& value)> check);

/// One word of printable ASCII, as the directives with an id take it.
std::optional<std::string> check_word(const std::string& value);
std::optional<std::string> check_not_empty(const std::string& value);
/// Where a secret comes from: file:NAME, exec:/PROGRAM, or - for standard input.
std::optional<std::string> check_source(const std::string& value);
/// An https URL with a host and without user information and fragment, as the directives take it.
std::optional<std::string> check_https_url(const std::string& value);
/// The same with a path.
std::optional<std::string> check_token_endpoint(const std::string& value);

/// An option that may be given several times, with one value each time.
CLI::Option* add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                      const std::string& help);

/// An option whose values are written name=value, no name twice.
using Pairs = std::vector<std::pair<std::string, std::string>>;
CLI::Option* add_pairs(CLI::App& command, const std::string& name, Pairs& pairs,
                       bool (*allowed)(std::string_view name), const std::string& help);

/// FILE..., one or more. The values are the results of the option as they were written.
CLI::Option* add_files(CLI::App& command, const std::string& help);
/// FILE, exactly one.
CLI::Option* add_file(CLI::App& command, std::string& file, const std::string& help);

}  // namespace sfjwt::tools
