// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/keys/signing_key.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/option_checks.h"

namespace sfjwt::tools {

/// The options that name the client, its key and the user.
struct IdentityOptions {
  std::string key;
  std::string passphrase;  // where to read it from; empty: none
  std::string key_id;
  std::string client_id;
  std::string audience;  // a URL
  std::string subject;
  std::string subject_claim = "sub";
  long lifetime = 180;  // seconds
  Pairs claims;
};
void add_identity(CLI::App& command, IdentityOptions& options);

/// The same with the values that the gateway has after reading its configuration and a request.
struct Identity {
  oauth::Client client;  // complete except for the token endpoint
  keys::SigningKey key;
  std::string subject;  // in normal form
};

Result<Identity, Problem> read_identity(const IdentityOptions& options);

/// Adds --passphrase.
void add_passphrase(CLI::App& command, std::string& source);

/// Reads the secret from a source: file:NAME, exec:/PROGRAM, or - for standard input. nullopt if `source` is
/// empty.
Result<std::optional<Secret>, Problem> read_sourced(const std::string& source);

}  // namespace sfjwt::tools
