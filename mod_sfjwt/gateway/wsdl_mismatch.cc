// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/wsdl_mismatch.h"

#include <algorithm>
#include <vector>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/api_name.h"

namespace sfjwt::gateway {
namespace {

constexpr std::size_t kMaxShownWsdls = 8;
constexpr std::size_t kMaxShownBytes = 100;

using Wsdls = std::vector<const soap::Wsdl*>;

// "urn:partner (partner API 66.0, partner.wsdl)"
std::string shown(const soap::Wsdl& wsdl, const BackendFamily& backend) {
  return printable(namespace_of(wsdl), kMaxShownBytes) + " (" + description_of(wsdl, backend) + ")";
}

// "the WSDL of this address is for ...", several as a list
std::string served(const Wsdls& wsdls, const BackendFamily& backend) {
  std::string text =
      wsdls.size() == 1 ? "the WSDL of this address is for " : "the WSDLs of this address are for ";
  for (std::size_t i = 0; i < std::min(wsdls.size(), kMaxShownWsdls); ++i)
    text += (i == 0 ? "" : ", ") + shown(*wsdls[i], backend);
  if (wsdls.size() > kMaxShownWsdls)
    text += " and " + std::to_string(wsdls.size() - kMaxShownWsdls) + " more";
  return text;
}

std::string found(const std::string& uri, const BackendFamily& backend) {
  if (uri.empty()) return " It is in no namespace";
  // No session id has a colon: what a broken client puts in the wrong place is not repeated.
  if (uri.find(':') == std::string::npos) return " Its namespace is not an absolute URI";
  const std::string api = api_of_namespace(uri, backend);
  return " Its namespace is " + printable(uri, kMaxShownBytes) + (api.empty() ? "" : " (" + api + ")");
}

// The namespace is right, so the name is of another version, or not written as the WSDL has it.
std::string unknown_name(const std::string& name, const Wsdls& same_namespace, const BackendFamily& backend) {
  for (const soap::Wsdl* wsdl : same_namespace)
    for (const soap::Operation& operation : wsdl->operations)
      if (equals_ignoring_case(operation.input.local_name, name))
        return " Names are case-sensitive: write " + operation.input.local_name + ", as " +
               shown(*wsdl, backend) + " has it.";
  return " The namespace is right; " + served(same_namespace, backend) +
         ". Use an operation of that version, or have the administrator replace the file by the WSDL of the "
         "version that has it (SFJwtWsdl).";
}

}  // namespace

std::string wsdl_mismatch(const soap::ForeignElement& element, const soap::Catalog& catalog,
                          const BackendFamily& backend) {
  if (element.wsdl) {
    return found(element.namespace_uri, backend) + ", and the operation is of " +
           shown(catalog.wsdls()[*element.wsdl], backend) + ". Take both from the same WSDL.";
  }
  Wsdls all;
  Wsdls same_namespace;
  for (const soap::Wsdl& wsdl : catalog.wsdls()) {
    all.push_back(&wsdl);
    if (namespace_of(wsdl) == element.namespace_uri) same_namespace.push_back(&wsdl);
  }
  if (!same_namespace.empty()) return unknown_name(element.local_name, same_namespace, backend);
  std::string text = found(element.namespace_uri, backend) + "; " + served(all, backend) + ". ";
  if (element.namespace_uri.empty()) return text + "Give it the namespace of the API.";
  return text +
         "Send the request to an address that serves this API, or have the administrator add its WSDL to "
         "SFJwtWsdl.";
}

}  // namespace sfjwt::gateway
