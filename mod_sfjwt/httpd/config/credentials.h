// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/settings.h"
#include "mod_sfjwt/keys/certificate.h"
#include "mod_sfjwt/keys/expiry_reminder.h"
#include "mod_sfjwt/keys/signing_key.h"
#include "mod_sfjwt/net/curl_transport.h"

namespace sfjwt::httpd {

/// The keys, secrets and certificates that all sections use. Each file is read once and each program run
/// once, as the user that starts httpd: the children need no access.
class Credentials {
 public:
  /// Reads those of these settings, and checks that they match: certificates and keys, ids and keys. Adds the
  /// certificates to the reminder. Configuration time only.
  void read(const Settings& settings, keys::ExpiryReminder& reminder, ConfigErrors& errors,
            ConfigErrors& warnings);

  /// Passphrases are needed only while keys are read.
  void forget_passphrases() { passphrases_.clear(); }

  /// The keys in the settings; nullopt if they could not be read.
  std::optional<keys::SigningKeys> keys_of(const Settings& settings) const;

  /// The certificate of a file that read() has accepted, or null.
  const keys::Certificate* certificate(const std::string& file) const;

  /// The client secret in the settings, which may be empty; nullopt if it could not be read.
  std::optional<Secret> client_secret_of(const Settings& settings) const;

  /// The CA certificates and the client certificate in the settings, in otherwise default options; nullopt if
  /// they could not be read.
  std::optional<net::CurlOptions> transport_files_of(const Settings& settings) const;

 private:
  using Secrets = std::map<std::string, std::optional<Secret>, std::less<>>;  // nullopt: could not be read
  using Key = std::pair<std::string, std::string>;  // source, and source of the passphrase

  static const Secret* secret_from(std::string_view source, Secrets& secrets, const std::string& what,
                                   ConfigErrors& errors, ConfigErrors& warnings);
  void read_key(const KeySource& source, ConfigErrors& errors, ConfigErrors& warnings);
  void check_certificates(const Settings& settings, keys::ExpiryReminder& reminder, ConfigErrors& errors,
                          ConfigErrors& warnings);
  void read_authorities(const std::string& file, ConfigErrors& errors);
  void read_client_certificate(const std::string& file, keys::ExpiryReminder& reminder, ConfigErrors& errors,
                               ConfigErrors& warnings);

  std::map<Key, keys::SigningKey> keys_;
  std::map<std::string, keys::Certificate> certificates_;  // by file name
  Secrets passphrases_;
  Secrets client_secrets_;
  std::map<std::string, net::Authorities, std::less<>> authorities_;  // by file
  std::map<std::string, Secret, std::less<>> client_certificates_;    // PEM, by file
};

}  // namespace sfjwt::httpd
