// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/assertion.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/oauth/json.h"

namespace sfjwt::oauth {
namespace {

constexpr std::string_view kGrant =
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
constexpr std::string_view kClientId = "&client_id=";
constexpr std::string_view kClientSecret = "&client_secret=";

// The members of one JSON object, in the order they are added.
class Claims {
 public:
  bool add(std::string_view name, std::string_view text) {
    const auto written = json_string(text);
    return written && add_written(name, *written);
  }
  bool add(std::string_view name, std::chrono::seconds number) {
    return add_written(name, std::to_string(number.count()));
  }
  std::string object() && { return std::move(text_) + "}"; }

 private:
  bool add_written(std::string_view name, std::string_view value) {
    const auto written_name = json_string(name);
    if (!written_name) return false;
    text_ += text_.size() > 1 ? "," : "";
    text_ += *written_name;
    text_ += ":";
    text_ += value;
    return true;
  }

  std::string text_ = "{";
};

Result<std::string, std::string> claims_of(const Client& client, std::string_view subject, UnixTime now) {
  const auto not_utf8 = [](std::string_view which) {
    return Unexpected{"the " + std::string(which) + " is not UTF-8, so no assertion can be made of it"};
  };
  Claims claims;
  if (!claims.add("iss", client.client_id)) return not_utf8("client id");
  if (!claims.add(client.subject_claim, subject)) return not_utf8("subject");
  if (!claims.add("aud", client.audience)) return not_utf8("audience");
  claims.add("exp", now.time_since_epoch() + client.assertion_lifetime);
  for (const auto& [name, text] : client.claims) {
    if (!claim_configurable(name))
      return Unexpected{"the claim " + printable(name) + " cannot be configured"};
    if (!claims.add(name, text)) return not_utf8("claim " + printable(name));
  }
  return std::move(claims).object();
}

// The algorithm is fixed; it is never taken from data.
Result<std::string, std::string> header_of(const keys::SigningKey& key) {
  std::string header = R"({"alg":"RS256","typ":"JWT")";
  if (!key.id().empty()) {
    const auto id = json_string(key.id());
    if (!id) return Unexpected{std::string("the key id is not UTF-8, so no assertion can be made with it")};
    header += ",\"kid\":" + *id;
  }
  return header + "}";
}

// application/x-www-form-urlencoded (WHATWG URL section 5.2), with %20 for the space, which every server
// understands.
void append_form_encoded(std::string& form, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '*';
    if (plain) {
      form += c;
    } else {
      form += '%';
      form += kHex[byte >> 4];
      form += kHex[byte & 15];
    }
  }
}

template <std::size_t N>
bool configurable(std::string_view name, const std::array<std::string_view, N>& reserved) {
  const bool well_formed = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '\'';
  });
  return well_formed && std::none_of(reserved.begin(), reserved.end(), [name](std::string_view word) {
           return equals_ignoring_case(name, word);
         });
}

}  // namespace

Result<Secret, std::string> signed_assertion(const Client& client, std::string_view subject,
                                             const keys::SigningKey& key, UnixTime now) {
  const auto claims = claims_of(client, subject, now);
  if (!claims) return Unexpected{claims.error()};
  const auto header = header_of(key);
  if (!header) return Unexpected{header.error()};
  constexpr std::size_t kRoomForSignature =
      base64url_size(16384 / 8);  // the largest RSA key that OpenSSL accepts for verification
  std::string jwt;
  jwt.reserve(base64url_size(header->size()) + base64url_size(claims->size()) + kRoomForSignature + 2);
  append_base64url(jwt, *header);
  jwt += '.';
  append_base64url(jwt, *claims);
  const auto signature = key.sign_rs256(jwt);
  if (!signature) return Unexpected{signature.error()};
  jwt += '.';
  append_base64url(jwt, *signature);
  return Secret(std::move(jwt));
}

Secret token_request_form(const Client& client, const Secret& assertion) {
  std::size_t room = kGrant.size() + assertion.size();
  for (const auto& [name, text] : client.token_params) room += 3 * (name.size() + text.size()) + 2;
  if (!client.client_secret.empty()) {
    room +=
        kClientId.size() + kClientSecret.size() + 3 * (client.client_id.size() + client.client_secret.size());
  }
  std::string form;
  form.reserve(room);
  form += kGrant;
  form += assertion.reveal();  // only base64url and dots: no encoding needed
  for (const auto& [name, text] : client.token_params) {
    form += '&';
    append_form_encoded(form, name);
    form += '=';
    append_form_encoded(form, text);
  }
  if (!client.client_secret.empty()) {
    form += kClientId;
    append_form_encoded(form, client.client_id);
    form += kClientSecret;
    append_form_encoded(form, client.client_secret.reveal());
  }
  return Secret(std::move(form));
}

bool claim_configurable(std::string_view name) {
  constexpr std::array<std::string_view, 7> kReserved{"iss", "sub", "prn", "aud", "exp", "iat", "nbf"};
  return configurable(name, kReserved);
}

bool token_param_configurable(std::string_view name) {
  constexpr std::array<std::string_view, 4> kReserved{"grant_type", "assertion", "client_id",
                                                      "client_secret"};
  return configurable(name, kReserved);
}

}  // namespace sfjwt::oauth
