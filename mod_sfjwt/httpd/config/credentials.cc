// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/credentials.h"

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/keys/certificate.h"
#include "mod_sfjwt/keys/secret_source.h"
#include "mod_sfjwt/net/client_certificate.h"

namespace sfjwt::httpd {
namespace {

// The reminder reports its expiry.
void watch_validity(const std::string& what, const keys::Certificate& certificate,
                    keys::ExpiryReminder& reminder, ConfigErrors& warnings) {
  const UnixTime now = SystemClock().now();
  if (now < certificate.not_before)
    add_once(warnings, what + " " + *keys::validity_warning(certificate, now));
  reminder.add(what, certificate);
}

}  // namespace

void Credentials::read(const Settings& settings, keys::ExpiryReminder& reminder, ConfigErrors& errors,
                       ConfigErrors& warnings) {
  if (settings.client_secret) {
    secret_from(*settings.client_secret, client_secrets_, "SFJ0915: SFJwtClientSecret: ", errors, warnings);
  }
  if (settings.token_ca_file) read_authorities(std::string(*settings.token_ca_file), errors);
  if (settings.token_certificate)
    read_client_certificate(std::string(*settings.token_certificate), reminder, errors, warnings);
  if (!settings.private_keys) return;
  const KeySources& sources = **settings.private_keys;
  for (const KeySource& source : sources) read_key(source, errors, warnings);
  if (settings.key_ids && (*settings.key_ids)->size() > sources.size()) {
    add_once(errors, "SFJ0912: SFJwtKeyId is given " + std::to_string((*settings.key_ids)->size()) +
                         " times for " + std::to_string(sources.size()) + " SFJwtPrivateKey");
  }
  check_certificates(settings, reminder, errors, warnings);
}

// Null if there is none; the reason is then among the errors.
const Secret* Credentials::secret_from(std::string_view source, Secrets& secrets, const std::string& what,
                                       ConfigErrors& errors, ConfigErrors& warnings) {
  auto known = secrets.find(source);
  if (known == secrets.end()) {
    auto read = keys::read_secret_source(source);
    if (!read) add_once(errors, what + read.error());
    if (read && read->warning) add_once(warnings, what.substr(what.find("SFJwt")) + *read->warning);
    known = secrets.emplace(source, read ? std::optional(std::move(read->secret)) : std::nullopt).first;
  }
  return known->second ? &*known->second : nullptr;
}

void Credentials::read_key(const KeySource& source, ConfigErrors& errors, ConfigErrors& warnings) {
  const std::string what = "SFJwtPrivateKey: ";
  const Key name(source.key, source.passphrase);
  if (keys_.contains(name)) return;
  std::optional<Secret> passphrase;
  if (!source.passphrase.empty()) {
    const Secret* secret =
        secret_from(source.passphrase, passphrases_, "SFJ0912: " + what + "passphrase: ", errors, warnings);
    if (!secret) return;
    passphrase = *secret;
  }
  auto key = keys::SigningKey::load(source.key, passphrase);
  if (!key) return add_once(errors, "SFJ0912: " + what + key.error());
  for (const std::string& warning : key->warnings()) add_once(warnings, what + warning);
  keys_.emplace(name, std::move(*key));
}

void Credentials::check_certificates(const Settings& settings, keys::ExpiryReminder& reminder,
                                     ConfigErrors& errors, ConfigErrors& warnings) {
  const auto keys = keys_of(settings);
  if (!settings.certificates || !keys) return;
  for (const std::string& file : **settings.certificates) {
    const auto certificate = keys::read_certificate(file);
    if (!certificate) {
      add_once(errors, "SFJ0912: SFJwtCertificate: " + certificate.error());
      continue;
    }
    const bool fits = certificate->fingerprint == keys->first.fingerprint() ||
                      (keys->second && certificate->fingerprint == keys->second->fingerprint());
    if (!fits) {
      add_once(errors, "SFJ0912: SFJwtCertificate: " + printable(file) +
                           " belongs to another key than SFJwtPrivateKey names here");
    }
    watch_validity("SFJwtCertificate: " + printable(file), *certificate, reminder, warnings);
    certificates_.emplace(file, *certificate);
  }
}

std::optional<keys::SigningKeys> Credentials::keys_of(const Settings& settings) const {
  const KeySources& sources = **settings.private_keys;
  const Texts ids = settings.key_ids ? **settings.key_ids : Texts();
  const auto key = [&](std::size_t which) -> std::optional<keys::SigningKey> {
    if (which >= sources.size()) return std::nullopt;
    const auto found = keys_.find(Key(sources[which].key, sources[which].passphrase));
    if (found == keys_.end()) return std::nullopt;
    return which < ids.size() ? found->second.named(ids[which]) : found->second;
  };
  auto first = key(0);
  auto second = key(1);
  if (!first || second.has_value() != (sources.size() > 1)) return std::nullopt;
  return keys::SigningKeys(*std::move(first), std::move(second));
}

const keys::Certificate* Credentials::certificate(const std::string& file) const {
  const auto found = certificates_.find(file);
  return found == certificates_.end() ? nullptr : &found->second;
}

std::optional<Secret> Credentials::client_secret_of(const Settings& settings) const {
  if (!settings.client_secret) return Secret();
  const auto found = client_secrets_.find(*settings.client_secret);
  return found == client_secrets_.end() ? std::nullopt : found->second;
}

void Credentials::read_authorities(const std::string& file, ConfigErrors& errors) {
  if (authorities_.contains(file)) return;
  auto read = net::Authorities::read(file);
  if (!read) return add_once(errors, "SFJ0913: SFJwtTokenCAFile: " + read.error());
  authorities_.emplace(file, *std::move(read));
}

void Credentials::read_client_certificate(const std::string& file, keys::ExpiryReminder& reminder,
                                          ConfigErrors& errors, ConfigErrors& warnings) {
  const std::string what = "SFJwtTokenClientCertificate: ";
  if (client_certificates_.contains(file)) return;
  auto read = net::read_client_certificate(file);
  if (!read) return add_once(errors, "SFJ0913: " + what + read.error());
  for (const std::string& warning : read->warnings) add_once(warnings, what + warning);
  watch_validity(what + printable(file), read->certificate, reminder, warnings);
  client_certificates_.emplace(file, std::move(read->pem));
}

std::optional<net::CurlOptions> Credentials::transport_files_of(const Settings& settings) const {
  net::CurlOptions options;
  if (settings.token_ca_file) {
    const auto found = authorities_.find(*settings.token_ca_file);
    if (found == authorities_.end()) return std::nullopt;
    options.authorities = found->second;
  }
  if (settings.token_certificate) {
    const auto found = client_certificates_.find(*settings.token_certificate);
    if (found == client_certificates_.end()) return std::nullopt;
    options.client_certificate = found->second;
  }
  return options;
}

}  // namespace sfjwt::httpd
