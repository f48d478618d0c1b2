// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/option_checks.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/keys/secret_source.h"
#include "mod_sfjwt/oauth/audience.h"

namespace sfjwt::tools {
namespace {}  // namespace

CLI::Validator checked(Check check) {
  return checked_and_changed([check = std::move(check)](std::string& value) { return check(value); });
}

CLI::Validator checked_and_changed(std::function<std::optional<std::string>(std::string& value)> check) {
  return CLI::Validator(
      [check = std::move(check)](std::string& value) { return check(value).value_or(std::string()); }, "");
}

std::optional<std::string> check_word(const std::string& value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (value.empty() || !plain) return "must be one word of printable ASCII";
  return std::nullopt;
}

std::optional<std::string> check_not_empty(const std::string& value) {
  if (value.empty()) return "must not be empty";
  return std::nullopt;
}

std::optional<std::string> check_source(const std::string& value) {
  if (value == "-") return std::nullopt;
  const auto problem = keys::source_problem(value);
  if (problem) return *problem + ", or - for standard input";
  return std::nullopt;
}

std::optional<std::string> check_https_url(const std::string& value) {
  return https_url_defect(value);
}

std::optional<std::string> check_token_endpoint(const std::string& value) {
  auto problem = check_https_url(value);
  return problem ? problem : oauth::missing_endpoint_path(value, gateway::kSalesforce.provider);
}

CLI::Option* add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                      const std::string& help) {
  return command.add_option(name, values, help)->allow_extra_args(false);
}

CLI::Option* add_pairs(CLI::App& command, const std::string& name, Pairs& pairs,
                       bool (*allowed)(std::string_view name), const std::string& help) {
  const auto take = [name, &pairs, allowed](const std::vector<std::string>& values) {
    for (const std::string& written : values) {
      const auto equals = written.find('=');
      const std::string key = written.substr(0, equals);
      const auto wrong = [&](const std::string& why) { return CLI::ValidationError(name, why); };
      if (equals == std::string::npos || key.empty()) throw wrong("must have the form name=value");
      if (!allowed(key)) throw wrong(key + " cannot be set");
      for (const auto& [other, value] : pairs)
        if (other == key) throw wrong(key + " is given twice");
      pairs.emplace_back(key, written.substr(equals + 1));
    }
  };
  return command.add_option_function<std::vector<std::string>>(name, take, help)
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
}

// Without expected(), CLI11 reads an operand such as [a,b] as two values. With a large number of expected
// values it takes each operand literally.
CLI::Option* add_files(CLI::App& command, const std::string& help) {
  constexpr int kMost = 1 << 24;
  return command.add_option("FILE", help)
      ->required()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->expected(kMost, -1)
      ->option_text("(- for standard input)");
}

CLI::Option* add_file(CLI::App& command, std::string& file, const std::string& help) {
  return command.add_option("FILE", file, help)->required()->option_text("(- for standard input)");
}

}  // namespace sfjwt::tools
