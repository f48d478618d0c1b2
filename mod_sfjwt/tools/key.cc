// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>

#include <array>
#include <iostream>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/oauth/certificate.h"
#include "mod_sfjwt/oauth/key_material.h"
#include "mod_sfjwt/oauth/signing_key.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/identity.h"

namespace sfjwt::tools {
namespace {

constexpr auto kOptions =
    std::to_array<Option>({{Option::optional, "certificate"}, {Option::optional, "passphrase"}});

void print_facts(const oauth::KeyMaterial& material) {
  const EVP_PKEY* const key = material.key.get();
  std::cout << "type: " << oauth::type_name(key) << "\nbits: " << EVP_PKEY_get_bits(key)
            << "\nform: " << material.form << "\nencrypted: " << (material.encrypted ? "yes" : "no")
            << "\npublic key SHA-256: " << oauth::public_fingerprint(key) << '\n';
}

// Whether the gateway would sign with it.
bool print_fitness(const std::string& file, const std::optional<Secret>& passphrase) {
  const auto key = oauth::SigningKey::load(file, passphrase);
  std::cout << "fit for RS256: " << (key ? "yes" : "no: " + key.error()) << '\n';
  return key.has_value();
}

bool print_certificate(const std::string& file, const oauth::Certificate& certificate, const EVP_PKEY* key) {
  const bool fits = certificate.fingerprint == oauth::public_fingerprint(key);
  std::cout << "certificate: " << file << "\ncertificate belongs to the key: " << (fits ? "yes" : "no")
            << "\nvalid from: " << oauth::utc_text(certificate.not_before)
            << "\nvalid until: " << oauth::utc_text(certificate.not_after) << '\n';
  const UnixTime now = SystemClock().now();
  if (const auto warning = oauth::validity_warning(certificate, now)) warn(file + " " + *warning);
  return fits && now >= certificate.not_before && now < certificate.not_after;
}

int print_key(const Arguments& arguments) {
  const std::string& file = arguments.operands().front();
  const auto passphrase = read_sourced(arguments, "passphrase");
  if (!passphrase) return report(passphrase.error());
  const auto material = oauth::read_key_material(file, *passphrase);
  if (!material) return failure(material.error());
  for (const std::string& warning : material->warnings) warn(warning);
  print_facts(*material);
  bool well = print_fitness(file, *passphrase);
  if (arguments.has("certificate")) {
    const auto certificate = oauth::read_certificate(arguments.value("certificate"));
    if (!certificate) return failure(certificate.error());
    well = print_certificate(arguments.value("certificate"), *certificate, material->key.get()) && well;
  }
  return well ? Exit::all_well : Exit::failed;
}

}  // namespace

const Command kKey = {
    "key",
    "FILE [--certificate FILE] [--passphrase SOURCE]",
    "Tells what a private key is, and whether the gateway can sign with it; never the key itself.\n"
    "\n"
    "  --certificate FILE   a certificate, PEM or DER: whether it belongs to the key, and how long\n"
    "                       it is valid\n"
    "  --passphrase SOURCE  of the key: file:NAME, exec:/PROGRAM, or - for standard input\n",
    kOptions,
    1,
    1,
    print_key};

}  // namespace sfjwt::tools
