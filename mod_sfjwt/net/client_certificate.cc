// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/client_certificate.h"

#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/keys/key_material.h"
#include "mod_sfjwt/keys/secret_file.h"

namespace sfjwt::net {

Result<ClientCertificate, std::string> read_client_certificate(const std::string& file) {
  auto key = keys::read_key_material(file);
  if (!key) return Unexpected{key.error()};
  const auto certificate = keys::read_certificate(file);
  if (!certificate) return Unexpected{certificate.error()};
  const std::string shown = printable(file);
  if (certificate->fingerprint != keys::public_fingerprint(key->key.get()))
    return Unexpected{shown + " holds a certificate and the key of another"};
  if (!key->form.starts_with("PEM")) return Unexpected{shown + " is " + key->form + "; PEM is expected"};
  auto bytes = keys::read_secret_file(file);
  if (!bytes) return Unexpected{bytes.error()};
  return ClientCertificate{std::move(bytes->bytes), *certificate, std::move(key->warnings)};
}

}  // namespace sfjwt::net
