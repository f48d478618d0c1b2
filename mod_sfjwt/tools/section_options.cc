// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/section_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <utility>

#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/tools/option_checks.h"
#include "mod_sfjwt/tools/standard_input.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace sfjwt::tools {
namespace {

constexpr std::size_t kLeastBytes = 1024;
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

constexpr std::array<std::pair<std::string_view, schema::Mode>, 4> kModes = {
    {{"strict", schema::Mode::strict},
     {"tolerant", schema::Mode::tolerant},
     {"report", schema::Mode::report},
     {"structure", schema::Mode::structure}}};

template <class List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& named : list) names.emplace_back(named.name);
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

void set_limit(xml::Limits& limits, const std::string& option, std::string_view written) {
  const auto equals = written.find('=');
  const auto* limit = std::find_if(xml::kLimits.begin(), xml::kLimits.end(), [&](const auto& candidate) {
    return candidate.name == written.substr(0, equals);
  });
  if (equals == std::string_view::npos || limit == xml::kLimits.end()) {
    throw CLI::ValidationError(
        option, "must have the form name=number, with one of these names: " + joined(names_of(xml::kLimits)));
  }
  const std::string_view text = written.substr(equals + 1);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > limit->most) {
    throw CLI::ValidationError(
        option, std::string(limit->name) + " must be a number from 1 to " + std::to_string(limit->most));
  }
  limits.*(limit->member) = number;
}

std::string sentence(const soap::WsdlError& error) {
  const std::string place = error.line > 0 ? ":" + std::to_string(error.line) : "";
  return error.file + place + ": " + error.message;
}

}  // namespace

void add_limits(CLI::App& command, DocumentLimits& limits) {
  const std::string name = "--xml-limit";
  const auto take = [name, &limits](const std::vector<std::string>& values) {
    for (const std::string& value : values) set_limit(limits.xml, name, value);
  };
  command
      .add_option_function<std::vector<std::string>>(
          name, take, "Set a limit of SFJwtXmlLimits; can be given several times")
      ->allow_extra_args(false)
      ->type_name("NAME=NUMBER");
  command.add_option("--max-body", limits.bytes, "Refuse a FILE that is larger, compressed or decompressed")
      ->check(CLI::Range(kLeastBytes, kMaxBytes))
      ->option_text("BYTES (default: " + std::to_string(kDefaultMessageBytes) + ")");
}

void add_validation(CLI::App& command, ValidationOptions& options) {
  std::vector<std::string> modes;
  for (const auto& [name, mode] : kModes) modes.emplace_back(name);
  command.add_option("--mode", options.mode, "Validation mode, as in SFJwtValidate")
      ->check(CLI::IsMember(modes, CLI::ignore_case))
      ->option_text("MODE (strict, tolerant, report or structure; default: tolerant)");
  const auto relaxations = names_of(schema::kRelaxations);
  add_list(command, "--no-relaxation", options.switched_off,
           "Disable a relaxation of the modes tolerant and report; can be given several times")
      ->check(checked([relaxations](const std::string& name) -> std::optional<std::string> {
        if (std::find(relaxations.begin(), relaxations.end(), name) != relaxations.end()) return std::nullopt;
        return "must be one of " + joined(relaxations);
      }))
      ->option_text("NAME");
}

Result<schema::Validation, Problem> ValidationOptions::validation() const {
  schema::Validation validation;
  for (const auto& [name, value] : kModes)
    if (name == mode) validation.mode = value;
  const bool relaxed = validation.mode == schema::Mode::tolerant || validation.mode == schema::Mode::report;
  if (!relaxed && !switched_off.empty()) {
    return Unexpected{Problem{Exit::wrong_usage, "--no-relaxation: mode " + mode + " has no relaxations"}};
  }
  for (const schema::NamedRelaxation& relaxation : schema::kRelaxations) {
    if (std::find(switched_off.begin(), switched_off.end(), relaxation.name) != switched_off.end())
      validation.relaxations.*(relaxation.member) = false;
  }
  return validation;
}

void add_wsdls(CLI::App& command, std::vector<std::string>& files) {
  add_list(command, "--wsdl", files, "WSDL of the gateway; can be given several times")
      ->required()
      ->type_name("FILE");
}

Result<std::shared_ptr<const soap::Catalog>, Problem> read_catalog(const std::vector<std::string>& files,
                                                                   const schema::Validation& validation) {
  std::vector<NamedInput> inputs;
  std::vector<std::filesystem::path> paths;
  for (const std::string& file : files) {
    auto input = NamedInput::of_document(file);
    if (!input) return Unexpected{Problem{Exit::failed, input.error()}};
    paths.emplace_back(input->path());
    inputs.push_back(*std::move(input));
  }
  const auto restored = [&inputs](std::string message) {
    for (const NamedInput& input : inputs) message = input.restored(std::move(message));
    return message;
  };
  auto catalog = wsdl::load_catalog(paths, validation, gateway::kSalesforce.names);
  if (!catalog) return Unexpected{Problem{Exit::failed, restored(sentence(catalog.error()))}};
  for (const std::string& warning : (*catalog)->warnings()) warn(restored(warning));
  return *std::move(catalog);
}

}  // namespace sfjwt::tools
