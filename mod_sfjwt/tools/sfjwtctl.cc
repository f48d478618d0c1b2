// SPDX-License-Identifier: Apache-2.0
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/version.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/terminal_text.h"

namespace sfjwt::tools {
namespace {

// CLI11 expects the arguments in reverse order. It reads --name= as --name without a value and takes the next
// argument as the value; hence an empty value is passed as an argument of its own.
std::vector<std::string> reversed_words(int argc, char** argv) {
  std::vector<std::string> words;
  bool operands_only = false;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    operands_only = operands_only || word == "--";
    const bool empty_value = !operands_only && word.starts_with("--") && word.find('=') == word.size() - 1;
    if (empty_value) word.pop_back();
    words.push_back(std::move(word));
    if (empty_value) words.emplace_back();
  }
  std::reverse(words.begin(), words.end());
  return words;
}

// How many options and operands of a command read standard input.
std::size_t uses_of_standard_input(const CLI::App& command) {
  std::size_t uses = 0;
  for (const CLI::Option* option : command.get_options()) {
    const auto& values = option->results();
    const std::string type = option->get_type_name();
    if (type == "ID" || type == "AUDIENCE" || type == "E-MAIL" || type == "URL") continue;
    uses += static_cast<std::size_t>(std::count(values.begin(), values.end(), "-"));
  }
  return uses;
}

// Replaces CLI11's messages about a wrong number of values, as far as they are known.
std::string plain(const CLI::ParseError& error) {
  const std::string said = error.what();
  const auto says = [&said](const char* words) { return said.find(words) != std::string::npos; };
  const std::string option = said.substr(0, said.find_first_of(": "));
  if (error.get_name() != "ArgumentMismatch") return said;
  if (says("At Most") || says("At most")) return option + " is given more than once";
  if (says("flag override")) return "--" + option + " takes no value";
  if (says("missing")) return option + " needs a value";
  return said;
}

// Why a command line is wrong. An unknown option is reported before a missing one, since it can be a
// misspelling of it.
std::string explanation(const CLI::App& program, const CLI::ParseError& error, const std::string& first) {
  const auto commands = program.get_subcommands();
  if (commands.empty() && first.empty()) return "no command given";
  if (commands.empty()) return "unknown command " + first;
  const auto unexpected = commands.front()->remaining();
  if (error.get_name() != "RequiredError" || unexpected.empty()) return plain(error);
  return CLI::ExtrasError(unexpected).what();
}

int wrong_command_line(const CLI::App& program, const std::string& why) {
  const auto commands = program.get_subcommands();
  const std::string command = commands.empty() ? "" : " " + commands.front()->get_name();
  usage_error(why);
  std::cerr << "Try 'sfjwtctl" << command << " --help' for more information.\n";
  return Exit::wrong_usage;
}

void add_commands(CLI::App& program, Run& chosen) {
  for (const auto add :
       {add_validate, add_well_formed, add_rewrite, add_wsdl, add_bench, add_assert, add_token, add_key}) {
    add(program, chosen);
  }
  for (CLI::App* command : program.get_subcommands({})) command->group("Commands");
  program.require_subcommand(1);
}

int run(int argc, char** argv) {
  CLI::App program("Validate requests and request tokens as mod_sfjwt does", "sfjwtctl");
  program.set_version_flag("--version", std::string("sfjwtctl ") + kVersion, "Print the version and exit");
  program.set_help_flag("-h,--help", "Print this help and exit");
  program.footer(
      "Exit status: 0 on success, 1 if a request was refused or a step failed, 2 if the command line is "
      "wrong.");
  program.get_formatter()->label("OPTIONS", "OPTION...");
  program.get_formatter()->label("SUBCOMMAND", "COMMAND");
  program.get_formatter()->label("Positionals", "Arguments");
  Run chosen;
  add_commands(program, chosen);
  auto words = reversed_words(argc, argv);
  const std::string first = words.empty() ? "" : words.back();
  try {
    program.parse(std::move(words));
  } catch (const CLI::Success& asked) {
    return program.exit(asked, std::cout, std::cerr);
  } catch (const CLI::ParseError& error) {
    return wrong_command_line(program, explanation(program, error, first));
  }
  if (uses_of_standard_input(*program.get_subcommands().front()) > 1) {
    return wrong_command_line(program, "only one argument can be standard input");
  }
  return chosen();
}

void say(const char* kind, const std::string& message) {
  std::cout.flush();  // keeps the order of lines if both streams go to the same place
  std::cerr << "sfjwtctl: " << kind << escaped(message) << '\n';
}

}  // namespace

int report(const Problem& problem) {
  say("", problem.message);
  return problem.exit;
}

int failure(const std::string& message) {
  return report({Exit::failed, message});
}

int usage_error(const std::string& message) {
  return report({Exit::wrong_usage, message});
}

void warn(const std::string& message) {
  say("warning: ", message);
}

void note(const std::string& message) {
  say("note: ", message);
}

}  // namespace sfjwt::tools

int main(int argc, char** argv) {
  try {
    const int answer = sfjwt::tools::run(argc, argv);
    if (std::cout.flush()) return answer;
    return sfjwt::tools::failure("cannot write to standard output");
  } catch (const std::exception& unforeseen) {
    return sfjwt::tools::failure(unforeseen.what());
  }
}
