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

/// The options by which a command is told who asks for whom.
struct IdentityOptions {
  std::string key;
  std::string passphrase;  // a source; empty: none
  std::string key_id;
  std::string client_id;
  std::string audience;  // a URL
  std::string subject;
  std::string subject_claim = "sub";
  long lifetime = 180;  // seconds
  Pairs claims;
};
void add_identity(CLI::App& command, IdentityOptions& options);

/// Who asks for whom, as the gateway has it after reading its configuration and a request.
struct Identity {
  oauth::Client client;  // all of it but where the token is asked for
  keys::SigningKey key;
  std::string subject;  // in normal form
};

Result<Identity, Problem> read_identity(const IdentityOptions& options);

/// --passphrase.
void add_passphrase(CLI::App& command, std::string& source);

/// The secret of a source: file:NAME, exec:/PROGRAM, or - for standard input. Nothing when it is empty.
Result<std::optional<Secret>, Problem> read_sourced(const std::string& source);

}  // namespace sfjwt::tools
