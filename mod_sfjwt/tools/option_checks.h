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

/// Why the value of an option is invalid, to be printed after the option's name; nullopt if it is valid.
using Check = std::function<std::optional<std::string>(const std::string& value)>;

CLI::Validator checked(Check check);

/// The same for a check that also replaces the value; for Option::transform.
CLI::Validator checked_and_changed(std::function<std::optional<std::string>(std::string& value)> check);

/// One word of printable ASCII, as in the directives that set an id.
std::optional<std::string> check_word(const std::string& value);
std::optional<std::string> check_not_empty(const std::string& value);
/// The source of a secret: file:NAME, exec:/PROGRAM, or - for standard input.
std::optional<std::string> check_source(const std::string& value);
/// An https URL with a host and without user information and fragment, as in the directives.
std::optional<std::string> check_https_url(const std::string& value);
/// Such a URL that also has a path.
std::optional<std::string> check_token_endpoint(const std::string& value);

/// An option that may be given several times, with one value each time.
CLI::Option* add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                      const std::string& help);

/// An option with values of the form name=value. Repeating a name, or one that is not `allowed`, is an error.
using Pairs = std::vector<std::pair<std::string, std::string>>;
CLI::Option* add_pairs(CLI::App& command, const std::string& name, Pairs& pairs,
                       bool (*allowed)(std::string_view name), const std::string& help);

/// Adds FILE..., one or more. The option's results are the file names as given.
CLI::Option* add_files(CLI::App& command, const std::string& help);
/// Adds FILE, exactly one.
CLI::Option* add_file(CLI::App& command, std::string& file, const std::string& help);

}  // namespace sfjwt::tools
