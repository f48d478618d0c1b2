// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>
#include <iostream>
#include <span>
#include <string_view>

#include "mod_sfjwt/tools/commands.h"

namespace sfjwt::tools {
namespace {

constexpr const Command* kCommands[] = {&kValidate, &kWellFormed, &kRewrite, &kWsdl,
                                        &kBench,    &kAssert,     &kToken,   &kKey};

int print_help() {
  std::cout << "sfjwtctl: what mod_sfjwt does to a request, from the command line\n\n";
  for (const Command* command : kCommands) {
    std::cout << "  sfjwtctl " << command->name << ' ' << command->synopsis << '\n';
  }
  std::cout << "  sfjwtctl COMMAND --help\n"
               "  sfjwtctl --help | --version\n\n"
               "Ends with 0 if all is well, 1 if something was refused or failed, 2 if the command line is "
               "wrong.\n";
  return Exit::all_well;
}

int print_help_of(const Command& command) {
  std::cout << "usage: sfjwtctl " << command.name << ' ' << command.synopsis << "\n\n" << command.help;
  return Exit::all_well;
}

bool asks_for_help(std::span<const char* const> words) {
  const auto end = std::find(words.begin(), words.end(), std::string_view("--"));
  return std::find(words.begin(), end, std::string_view("--help")) != end;
}

int run_command(const Command& command, std::span<const char* const> words) {
  if (asks_for_help(words)) return print_help_of(command);
  const auto arguments = Arguments::read(command.options, words);
  const auto wrong = [&command](const std::string& why) {
    return usage_error(why + "\nusage: sfjwtctl " + std::string(command.name) + ' ' +
                       std::string(command.synopsis));
  };
  if (!arguments) return wrong(arguments.error());
  const std::size_t operands = arguments->operands().size();
  if (operands < command.least_operands) return wrong("FILE is missing");
  if (operands > command.most_operands) return wrong("too many arguments");
  return command.run(*arguments);
}

int run(std::span<const char* const> words) {
  if (words.empty()) return usage_error("a command is missing; see sfjwtctl --help");
  const std::string_view name = words.front();
  if (name == "--help" || name == "help") return print_help();
  if (name == "--version") {
    std::cout << "sfjwtctl " SFJWT_VERSION "\n";
    return Exit::all_well;
  }
  for (const Command* command : kCommands) {
    if (command->name == name) return run_command(*command, words.subspan(1));
  }
  return usage_error("there is no command " + std::string(name) + "; see sfjwtctl --help");
}

}  // namespace

int report(const Problem& problem) {
  std::cout.flush();  // so that the lines stand in their order where both streams go to one place
  std::cerr << "sfjwtctl: " << problem.message << '\n';
  return problem.exit;
}

int failure(const std::string& message) {
  return report({Exit::failed, message});
}

int usage_error(const std::string& message) {
  return report({Exit::wrong_usage, message});
}

void warn(const std::string& message) {
  std::cout.flush();
  std::cerr << "sfjwtctl: warning: " << message << '\n';
}

}  // namespace sfjwt::tools

int main(int argc, char** argv) {
  try {
    const std::span<const char* const> words(argv, static_cast<std::size_t>(std::max(argc, 0)));
    const int answer = sfjwt::tools::run(words.subspan(std::min<std::size_t>(1, words.size())));
    if (std::cout.flush()) return answer;
    return sfjwt::tools::failure("standard output cannot be written");
  } catch (const std::exception& unforeseen) {
    return sfjwt::tools::failure(unforeseen.what());
  }
}
