// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>

#include <array>
#include <iostream>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/keys/certificate.h"
#include "mod_sfjwt/keys/key_material.h"
#include "mod_sfjwt/keys/signing_key.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/identity.h"
#include "mod_sfjwt/tools/standard_input.h"
#include "mod_sfjwt/tools/terminal_text.h"

namespace sfjwt::tools {
namespace {

struct KeyOptions {
  std::string file;
  std::string certificate;
  std::string passphrase;  // where to read it from
};

void print_facts(const keys::KeyMaterial& material) {
  const EVP_PKEY* const key = material.key.get();
  std::cout << "type: " << keys::type_name(key) << "\nbits: " << EVP_PKEY_get_bits(key)
            << "\nformat: " << material.form << "\nencrypted: " << (material.encrypted ? "yes" : "no")
            << "\npublic key SHA-256: " << keys::public_fingerprint(key) << '\n';
}

// Returns whether the gateway can sign with the key.
bool print_fitness(const NamedInput& file, const std::optional<Secret>& passphrase) {
  const auto key = keys::SigningKey::load(file.path(), passphrase);
  std::cout << "usable for RS256: " << (key ? "yes" : "no: " + escaped(file.restored(key.error()))) << '\n';
  return key.has_value();
}

bool print_certificate(const std::string& file, const keys::Certificate& certificate, const EVP_PKEY* key) {
  const bool fits = certificate.fingerprint == keys::public_fingerprint(key);
  std::cout << "certificate: " << escaped(file) << "\ncertificate matches key: " << (fits ? "yes" : "no")
            << "\nvalid from: " << keys::utc_text(certificate.not_before)
            << "\nvalid until: " << keys::utc_text(certificate.not_after) << '\n';
  const UnixTime now = SystemClock().now();
  if (const auto warning = keys::validity_warning(certificate, now)) warn(file + " " + *warning);
  return fits && now >= certificate.not_before && now < certificate.not_after;
}

// Returns whether the certificate could be read, matches the key and is valid now.
bool check_certificate(const std::string& file, const EVP_PKEY* key) {
  const auto input = NamedInput::of_secret(file);
  if (!input) return failure(input.error()) == Exit::all_well;
  const auto certificate = keys::read_certificate(input->path());
  if (!certificate) return failure(input->restored(certificate.error())) == Exit::all_well;
  return print_certificate(file, *certificate, key);
}

int print_key(const KeyOptions& options) {
  const auto passphrase = read_sourced(options.passphrase);
  if (!passphrase) return report(passphrase.error());
  const auto file = NamedInput::of_secret(options.file);
  if (!file) return failure(file.error());
  const auto material = keys::read_key_material(file->path(), *passphrase);
  if (!material) return failure(file->restored(material.error()));
  for (const std::string& warning : material->warnings) warn(file->restored(warning));
  print_facts(*material);
  bool well = print_fitness(*file, *passphrase);
  if (!options.certificate.empty())
    well = check_certificate(options.certificate, material->key.get()) && well;
  return well ? Exit::all_well : Exit::failed;
}

}  // namespace

void add_key(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<KeyOptions>();
  CLI::App& command =
      *program.add_subcommand("key", "Describe a private key and check that the gateway can sign with it");
  command
      .add_option("--certificate", options->certificate,
                  "Certificate (PEM or DER): check that it matches the key, and print its validity period")
      ->check(checked(check_not_empty))
      ->type_name("FILE");
  add_passphrase(command, options->passphrase);
  add_file(command, options->file,
           "Private key: a file (PEM, DER or PKCS#12), or a URI that OpenSSL can load");
  command.callback([options, &chosen] { chosen = [options] { return print_key(*options); }; });
}

}  // namespace sfjwt::tools
