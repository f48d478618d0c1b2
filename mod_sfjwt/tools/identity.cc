// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/identity.h"

#include <chrono>
#include <string_view>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/subject.h"
#include "mod_sfjwt/keys/secret_source.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/tools/input.h"
#include "mod_sfjwt/tools/standard_input.h"

namespace sfjwt::tools {
namespace {

constexpr long kShortestLifetime = 10;  // seconds, both as SFJwtAssertionLifetime
constexpr long kLongestLifetime = 3600;

Problem failing(std::string message) {
  return {Exit::failed, std::move(message)};
}

// production and sandbox stand for URLs.
CLI::Validator audience_url() {
  return checked_and_changed([](std::string& value) -> std::optional<std::string> {
    if (equals_ignoring_case(value, "production")) {
      value = gateway::kSalesforce.provider.production_audience;
    } else if (equals_ignoring_case(value, "sandbox")) {
      value = gateway::kSalesforce.provider.sandbox_audience;
    } else if (check_https_url(value)) {
      return "must be production, sandbox or an https URL";
    }
    return std::nullopt;
  });
}

Result<keys::SigningKey, Problem> read_key(const IdentityOptions& options) {
  const auto passphrase = read_sourced(options.passphrase);
  if (!passphrase) return Unexpected{passphrase.error()};
  const auto file = NamedInput::of_secret(options.key);
  if (!file) return Unexpected{failing(file.error())};
  auto key = keys::SigningKey::load(file->path(), *passphrase);
  if (!key) return Unexpected{failing(file->restored(key.error()))};
  for (const std::string& warning : key->warnings()) warn(file->restored(warning));
  return key->named(options.key_id);
}

}  // namespace

void add_identity(CLI::App& command, IdentityOptions& options) {
  command
      .add_option("--key", options.key,
                  "Private RSA key: a file (PEM, DER or PKCS#12), or a URI that OpenSSL can load")
      ->required()
      ->check(checked(check_not_empty))
      ->type_name("KEY");
  add_passphrase(command, options.passphrase);
  command.add_option("--key-id", options.key_id, "Id of the key, sent as header kid of the assertion")
      ->check(checked(check_word))
      ->type_name("ID");
  command
      .add_option("--client-id", options.client_id, "Consumer key of the connected app, sent as claim iss")
      ->required()
      ->check(checked(check_word))
      ->type_name("ID");
  command
      .add_option("--audience", options.audience,
                  "Audience, sent as claim aud: production, sandbox or an https URL")
      ->required()
      ->transform(audience_url())
      ->type_name("AUDIENCE");
  command.add_option("--subject", options.subject, "Salesforce username, in the form of an e-mail address")
      ->required()
      ->type_name("E-MAIL");
  command.add_option("--subject-claim", options.subject_claim, "Claim that names the user: sub or prn")
      ->check(CLI::IsMember({"sub", "prn"}))
      ->option_text("CLAIM (default: sub)");
  command.add_option("--lifetime", options.lifetime, "How long the assertion is valid")
      ->check(CLI::Range(kShortestLifetime, kLongestLifetime))
      ->option_text("SECONDS (default: 180)");
  add_pairs(command, "--claim", options.claims, oauth::claim_configurable,
            "Additional claim; can be given several times");
}

Result<Identity, Problem> read_identity(const IdentityOptions& options) {
  oauth::Client client;
  client.provider = &gateway::kSalesforce.provider;
  client.client_id = options.client_id;
  client.audience = options.audience;
  client.subject_claim = options.subject_claim;
  client.assertion_lifetime = std::chrono::seconds(options.lifetime);
  client.claims = options.claims;
  auto subject = gateway::normal_subject(options.subject, gateway::kSalesforce);
  if (!subject) return Unexpected{failing(subject.error().message)};
  auto key = read_key(options);
  if (!key) return Unexpected{key.error()};
  return Identity{std::move(client), *std::move(key), *std::move(subject)};
}

void add_passphrase(CLI::App& command, std::string& source) {
  command
      .add_option("--passphrase", source,
                  "Source of the passphrase of the key: file:NAME, exec:/PROGRAM, or - for standard input")
      ->check(checked(check_source))
      ->type_name("SOURCE");
}

Result<std::optional<Secret>, Problem> read_sourced(const std::string& source) {
  if (source.empty()) return std::optional<Secret>();
  if (source == "-") {
    auto read = read_secret(source);
    if (!read) return Unexpected{failing(read.error())};
    return std::optional(*std::move(read));
  }
  auto read = keys::read_secret_source(source);
  if (!read) return Unexpected{failing(read.error())};
  if (read->warning) warn(*read->warning);
  return std::optional(std::move(read->secret));
}

}  // namespace sfjwt::tools
