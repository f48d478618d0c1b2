// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/secret_source.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/keys/command.h"
#include "mod_sfjwt/keys/secret_file.h"

namespace sfjwt::keys {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kExec = "exec:";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// Extracts the secret; the error names its place.
Result<Secret, std::string> secret_in(const Secret& bytes, std::string_view place) {
  const auto line = only_line(bytes.reveal());
  if (!line) return Unexpected{printable(place) + " " + line.error()};
  return Secret(std::string(*line));
}

}  // namespace

std::optional<std::string> source_problem(std::string_view source) {
  if (source.starts_with(kFile) && source.size() > kFile.size()) return std::nullopt;
  if (source.starts_with(kExec) && source.substr(kExec.size()).starts_with('/')) return std::nullopt;
  return "must be file:NAME, or exec: and the absolute path of a program, with arguments separated by blanks";
}

Result<SourcedSecret, std::string> read_secret_source(std::string_view source) {
  if (auto problem = source_problem(source)) return Unexpected{"a source of a secret " + *problem};
  std::string place(source.substr(kFile.size()));  // both prefixes have the same length
  Secret bytes;
  std::optional<std::string> warning;
  if (source.starts_with(kFile)) {
    auto file = read_secret_file(place);
    if (!file) return Unexpected{file.error()};
    bytes = std::move(file->bytes);
    warning = std::move(file->warning);
  } else {
    const auto words = words_of(place);
    auto output = run_command(words);
    if (!output) return Unexpected{output.error()};
    bytes = *std::move(output);
    place = words[0];  // arguments may be confidential
  }
  auto secret = secret_in(bytes, place);
  if (!secret) return Unexpected{secret.error()};
  return SourcedSecret{*std::move(secret), std::move(warning)};
}

Result<std::string_view, std::string> only_line(std::string_view bytes) {
  if (bytes.ends_with('\n')) bytes.remove_suffix(1);
  if (bytes.ends_with('\r')) bytes.remove_suffix(1);
  if (bytes.empty()) return Unexpected{std::string("holds nothing")};
  if (bytes.starts_with("\xEF\xBB\xBF")) return Unexpected{std::string("begins with a byte order mark")};
  const bool plain =
      std::none_of(bytes.begin(), bytes.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (!plain) return Unexpected{std::string("holds more than one line of text")};
  return bytes;
}

}  // namespace sfjwt::keys
