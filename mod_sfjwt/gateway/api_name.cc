// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/api_name.h"

#include <filesystem>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::gateway {
namespace {

// "66.0", as the APIs of the backend count.
bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 8 && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string api_of_namespace(std::string_view uri, const BackendFamily& backend) {
  for (const auto& [known, name] : backend.apis)
    if (uri == known) return std::string(name);
  const auto& [classes, kind] = backend.classes;
  if (classes.empty() || !uri.starts_with(classes) || uri.size() == classes.size()) return {};
  return std::string(kind) + " " + printable(uri.substr(classes.size()), 80);
}

std::string api_version(const soap::Wsdl& wsdl, const BackendFamily& backend) {
  const std::string_view address = wsdl.address;
  const auto path = address.find(backend.soap_path);
  if (path == std::string_view::npos) return {};
  const std::string_view api =
      address.substr(path + backend.soap_path.size());  // "u/66.0", "c/66.0/0DF000000000001"
  const auto slash = api.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view version = api.substr(slash + 1, api.find('/', slash + 1) - slash - 1);
  return is_version(version) ? std::string(version) : std::string();
}

const std::string& namespace_of(const soap::Wsdl& wsdl) {
  return wsdl.operations.empty() ? wsdl.target_namespace : wsdl.operations.front().input.namespace_uri;
}

std::string api_of(const soap::Wsdl& wsdl, const BackendFamily& backend) {
  std::string api = api_of_namespace(namespace_of(wsdl), backend);
  if (const std::string version = api_version(wsdl, backend); !version.empty())
    api += (api.empty() ? "API " : " ") + version;
  return api;
}

std::string description_of(const soap::Wsdl& wsdl, const BackendFamily& backend) {
  const std::string api = api_of(wsdl, backend);
  return (api.empty() ? "" : api + ", ") +
         printable(std::filesystem::path(wsdl.file).filename().string(), 100);
}

}  // namespace sfjwt::gateway
