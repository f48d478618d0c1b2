// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/identity.h"

#include <charconv>
#include <chrono>

#include "mod_sfjwt/gateway/subject.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/oauth/secret_source.h"
#include "mod_sfjwt/tools/input.h"

namespace sfjwt::tools {
namespace {

constexpr long kLongestLifetime = 3600;  // seconds; the server decides what it takes

Problem wrong(std::string message) {
  return {Exit::wrong_usage, std::move(message)};
}
Problem failing(std::string message) {
  return {Exit::failed, std::move(message)};
}

std::string audience_of(const std::string& value) {
  if (value == "production") return "https://login.salesforce.com";
  if (value == "sandbox") return "https://test.salesforce.com";
  return value;
}

Result<oauth::Client, Problem> read_client(const Arguments& arguments) {
  oauth::Client client;
  client.client_id = arguments.value("client-id");
  client.audience = audience_of(arguments.value("audience"));
  if (arguments.has("subject-claim")) client.subject_claim = arguments.value("subject-claim");
  if (client.subject_claim != "sub" && client.subject_claim != "prn") {
    return Unexpected{wrong("--subject-claim is sub or prn")};
  }
  if (arguments.has("lifetime")) {
    const auto lifetime = number_between(arguments.value("lifetime"), 1, kLongestLifetime);
    if (!lifetime) return Unexpected{wrong("--lifetime is a number of seconds from 1 to 3600")};
    client.assertion_lifetime = std::chrono::seconds(*lifetime);
  }
  auto claims = read_pairs(arguments, "claim", oauth::claim_configurable);
  if (!claims) return Unexpected{claims.error()};
  client.claims = *std::move(claims);
  return client;
}

Result<oauth::SigningKey, Problem> read_key(const Arguments& arguments) {
  const auto passphrase = read_sourced(arguments, "passphrase");
  if (!passphrase) return Unexpected{passphrase.error()};
  auto key = oauth::SigningKey::load(arguments.value("key"), *passphrase);
  if (!key) return Unexpected{failing(key.error())};
  for (const std::string& warning : key->warnings()) warn(warning);
  return key->named(arguments.value("key-id"));
}

}  // namespace

Result<Identity, Problem> read_identity(const Arguments& arguments) {
  auto client = read_client(arguments);
  if (!client) return Unexpected{client.error()};
  auto subject = gateway::normal_subject(arguments.value("subject"));
  if (!subject) return Unexpected{failing(subject.error().message)};
  auto key = read_key(arguments);
  if (!key) return Unexpected{key.error()};
  return Identity{*std::move(client), *std::move(key), *std::move(subject)};
}

Result<std::optional<Secret>, Problem> read_sourced(const Arguments& arguments, std::string_view option) {
  if (!arguments.has(option)) return std::optional<Secret>();
  const std::string source = arguments.value(option);
  if (source == "-") {
    auto read = read_secret(source);
    if (!read) return Unexpected{failing(read.error())};
    return std::optional(*std::move(read));
  }
  if (const auto problem = oauth::source_problem(source)) {
    return Unexpected{wrong("--" + std::string(option) + " " + *problem + ", or - for standard input")};
  }
  auto read = oauth::read_secret_source(source);
  if (!read) return Unexpected{failing(read.error())};
  if (read->warning) warn(*read->warning);
  return std::optional(std::move(read->secret));
}

std::optional<long> number_between(std::string_view text, long least, long most) {
  long number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (number < least || number > most) return std::nullopt;
  return number;
}

Result<Pairs, Problem> read_pairs(const Arguments& arguments, std::string_view option,
                                  bool (*allowed)(std::string_view name)) {
  Pairs pairs;
  for (const std::string& written : arguments.values(option)) {
    const auto equals = written.find('=');
    const std::string name = written.substr(0, equals);
    if (equals == std::string::npos || name.empty()) {
      return Unexpected{wrong("--" + std::string(option) + " is written name=value")};
    }
    if (!allowed(name)) return Unexpected{wrong("--" + std::string(option) + " " + name + " cannot be set")};
    pairs.emplace_back(name, written.substr(equals + 1));
  }
  return pairs;
}

}  // namespace sfjwt::tools
