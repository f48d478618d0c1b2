// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/section_summary.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/api_name.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/keys/key_material.h"

namespace sfjwt::httpd {
namespace {

std::string wsdls_in(const soap::Catalog& catalog) {
  std::string text;
  for (const soap::Wsdl& wsdl : catalog.wsdls()) {
    const std::string api = gateway::api_of(wsdl, gateway::kSalesforce);
    text += (text.empty() ? "WSDL " : ", ") + printable(wsdl.file) + " (" + (api.empty() ? "" : api + ", ") +
            std::to_string(wsdl.operations.size()) + " operations)";
  }
  return text;
}

std::string described(const KeySource& source, const keys::SigningKey& key) {
  return keys::shown_source(source.key) + " (" + key.description() +
         (key.id().empty() ? "" : ", kid " + printable(key.id())) + ", public key SHA-256 " +
         key.fingerprint() + ")";
}

std::string keys_in(const KeySources& sources, const keys::SigningKeys& keys) {
  std::string text = "private key " + described(sources[0], keys.first);
  if (keys.second) text += ", then " + described(sources[1], *keys.second);
  return text;
}

std::string certificates_in(const Settings& settings, const Credentials& credentials) {
  std::string text;
  if (!settings.certificates) return text;
  for (const std::string& file : **settings.certificates)
    if (const keys::Certificate* certificate = credentials.certificate(file))
      text += "; certificate " + printable(file) + " expires on " + keys::utc_text(certificate->not_after);
  return text;
}

std::string subject_of(const Settings& settings) {
  const ap_expr_info_t* expression = settings.subject_expression.value_or(nullptr);
  std::string text = expression ? "user from SFJwtSubject at " + std::string(as_view(expression->filename)) +
                                      ":" + std::to_string(expression->line_number)
                                : std::string("user from SessionHeader/sessionId");
  if (settings.subject_map) text += " through SFJwtSubjectMap";
  return text;
}

std::string hosts_in(const Texts& hosts) {
  std::string text;
  for (const std::string& host : hosts) text += (text.empty() ? "" : ", ") + printable(host);
  return text;
}

}  // namespace

std::string section_summary(const Settings& settings, const soap::Catalog& catalog,
                            const Credentials& credentials, const Texts& allowed_hosts) {
  const auto keys = credentials.keys_of(settings);
  return wsdls_in(catalog) + "; " + (keys ? keys_in(**settings.private_keys, *keys) : std::string()) +
         certificates_in(settings, credentials) + "; " + subject_of(settings) + "; tokens may go to " +
         hosts_in(allowed_hosts) + (settings.follow.value_or(false) ? ", to the instance of each token" : "");
}

}  // namespace sfjwt::httpd
