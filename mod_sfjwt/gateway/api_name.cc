// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/api_name.h"

#include <filesystem>
#include <utility>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::gateway {
namespace {

constexpr std::pair<std::string_view, const char*> kApis[] = {
    {"urn:partner.soap.sforce.com", "partner API"},
    {"urn:enterprise.soap.sforce.com", "enterprise API"},
    {"urn:tooling.soap.sforce.com", "tooling API"},
    {"http://soap.sforce.com/2006/04/metadata", "metadata API"},
    {"http://soap.sforce.com/2006/08/apex", "Apex API"}};
constexpr std::string_view kClasses = "http://soap.sforce.com/schemas/class/";

// "66.0", as the APIs of Salesforce count.
bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 8 && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string api_of_namespace(std::string_view uri) {
  for (const auto& [known, name] : kApis)
    if (uri == known) return name;
  if (!uri.starts_with(kClasses) || uri.size() == kClasses.size()) return {};
  return "Apex class " + printable(uri.substr(kClasses.size()), 80);
}

std::string api_version(const soap::Wsdl& wsdl) {
  constexpr std::string_view kSoapPath = "/services/Soap/";
  const std::string_view address = wsdl.address;
  const auto path = address.find(kSoapPath);
  if (path == std::string_view::npos) return {};
  const std::string_view api = address.substr(path + kSoapPath.size());  // "u/66.0", "c/66.0/0DF000000000001"
  const auto slash = api.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view version = api.substr(slash + 1, api.find('/', slash + 1) - slash - 1);
  return is_version(version) ? std::string(version) : std::string();
}

const std::string& namespace_of(const soap::Wsdl& wsdl) {
  return wsdl.operations.empty() ? wsdl.target_namespace : wsdl.operations.front().input.namespace_uri;
}

std::string api_of(const soap::Wsdl& wsdl) {
  std::string api = api_of_namespace(namespace_of(wsdl));
  if (const std::string version = api_version(wsdl); !version.empty())
    api += (api.empty() ? "API " : " ") + version;
  return api;
}

std::string description_of(const soap::Wsdl& wsdl) {
  const std::string api = api_of(wsdl);
  return (api.empty() ? "" : api + ", ") +
         printable(std::filesystem::path(wsdl.file).filename().string(), 100);
}

}  // namespace sfjwt::gateway
