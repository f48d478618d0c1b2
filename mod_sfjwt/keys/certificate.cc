// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/certificate.h"

#include <array>
#include <ctime>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/keys/key_material.h"
#include "mod_sfjwt/keys/openssl_error.h"
#include "mod_sfjwt/keys/secret_file.h"
#include "mod_sfjwt/keys/stored_objects.h"

namespace sfjwt::keys {
namespace {

std::optional<UnixTime> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return UnixTime{std::chrono::seconds{::timegm(&parts)}};
}

}  // namespace

Result<Certificate, std::string> read_certificate(const std::string& file) {
  const ErrorMark mark;
  // Its warning about other users with access does not apply to a certificate.
  const auto read = read_secret_file(file);
  if (!read) return Unexpected{read.error()};
  const std::string shown = printable(file);
  const auto found = objects_in(read->bytes, std::nullopt);
  if (!found || !found->certificate) {
    return Unexpected{shown + " holds no certificate that could be read: PEM or DER is expected" +
                      ErrorMark::last_reason()};
  }
  X509* const certificate = found->certificate.get();
  const auto from = time_of(X509_get0_notBefore(certificate));
  const auto until = time_of(X509_get0_notAfter(certificate));
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (!from || !until || !key) return Unexpected{shown + " holds a certificate that is damaged"};
  return Certificate{public_fingerprint(key), *from, *until};
}

std::optional<std::string> validity_warning(const Certificate& certificate, UnixTime now) {
  if (now >= certificate.not_after) {
    return "expired on " + utc_text(certificate.not_after) +
           ": the app at the authorization server needs a new one";
  }
  if (now < certificate.not_before) return "is not valid before " + utc_text(certificate.not_before);
  if (certificate.not_after - now > kExpiryIsNear) return std::nullopt;
  const auto left = std::chrono::floor<std::chrono::days>(certificate.not_after - now);
  return "expires on " + utc_text(certificate.not_after) + ", in " + std::to_string(left.count()) + " days";
}

std::string utc_text(UnixTime time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  std::array<char, 64> text{};
  if (!::gmtime_r(&seconds, &parts)) return "a time out of range";
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

}  // namespace sfjwt::keys
