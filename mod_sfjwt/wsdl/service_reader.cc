// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/service_reader.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "mod_sfjwt/wsdl/declarations.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/fault_detail.h"
#include "mod_sfjwt/wsdl/limits.h"
#include "mod_sfjwt/wsdl/login_description.h"
#include "mod_sfjwt/wsdl/message_part.h"
#include "mod_sfjwt/wsdl/session_header.h"

namespace sfjwt::wsdl {
namespace {

constexpr std::string_view kSoap11Namespace = "http://schemas.xmlsoap.org/wsdl/soap/";
constexpr std::string_view kSoap12Namespace = "http://schemas.xmlsoap.org/wsdl/soap12/";

using Outcome = Result<Done, soap::WsdlError>;

// The binding that contains an operation.
struct Binding {
  std::string_view soap_namespace;  // of its soap: elements
  std::string style;
  xml::QName port_type_name;
  const xmlNode* port_type;
};

// A set in WSDL order; there are only a few header blocks and faults.
void add_once(std::vector<xml::QName>& names, xml::QName name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

bool over_http(std::string_view transport) {
  return transport.empty() || transport == "http://schemas.xmlsoap.org/soap/http" ||
         transport == "http://www.w3.org/2003/05/soap/bindings/HTTP/";
}

class Reading {
 public:
  Reading(const WsdlDocument& document, Declarations declared, const soap::BackendNames& names)
      : document_(document), declared_(std::move(declared)), names_(names) {}

  Result<soap::Wsdl, soap::WsdlError> run() {
    wsdl_.file = document_.file;
    if (document_.schemas.size() > kMaxSchemas) {
      return Unexpected{
          error_at(*document_.schemas[kMaxSchemas], "the WSDL has " + more_than(kMaxSchemas, "schemas"))};
    }
    wsdl_.target_namespace = attribute(root(), "targetNamespace").value_or("");
    enter_namespaces();
    for (const auto& part : document_.documents) {
      for (const xmlNode& item : ChildElements(*xmlDocGetRootElement(part.get()))) {
        if (!has_name(item, kWsdlNamespace, "binding")) continue;
        if (auto done = read_binding(item); !done) return Unexpected{std::move(done).error()};
      }
    }
    wsdl_.address = address();
    if (!wsdl_.soap11 && !wsdl_.soap12) return whole_file("has no SOAP binding over HTTP");
    if (wsdl_.operations.empty()) return whole_file("has no operation in its SOAP bindings");
    if (auto done = enter_session_header(document_, declared_, names_, wsdl_); !done) {
      return Unexpected{std::move(done).error()};
    }
    enter_fault_details(declared_, names_, wsdl_);
    enter_login_description(declared_, names_, wsdl_);
    return std::move(wsdl_);
  }

 private:
  Unexpected<soap::WsdlError> whole_file(const char* lack) const {
    return Unexpected{error_at(root(), std::string("wsdl:definitions ") + lack)};
  }
  const xmlNode& root() const { return *xmlDocGetRootElement(document_.documents.front().get()); }

  // The address of the first port that has one (WSDL 1.1 section 3.8).
  std::string address() const {
    for (const auto& part : document_.documents) {
      for (const xmlNode& service : ChildElements(*xmlDocGetRootElement(part.get()))) {
        if (!has_name(service, kWsdlNamespace, "service")) continue;
        for (const xmlNode& port : ChildElements(service)) {
          const xmlNode* address = child(port, kSoap11Namespace, "address");
          if (!address) address = child(port, kSoap12Namespace, "address");
          if (address) return attribute(*address, "location").value_or("");
        }
      }
    }
    return {};
  }

  void enter_namespaces() {
    for (const xmlNode* schema : document_.schemas) {
      std::string target = attribute(*schema, "targetNamespace").value_or("");
      auto& known = wsdl_.namespaces;
      if (std::find(known.begin(), known.end(), target) == known.end()) known.push_back(std::move(target));
    }
  }

  // Bindings of other kinds (HTTP GET and POST, MIME) are ignored; the WSDL can have SOAP bindings besides.
  Outcome read_binding(const xmlNode& node) {
    const xmlNode* soap = child(node, kSoap11Namespace, "binding");
    const bool version_1_1 = soap != nullptr;
    if (!soap) soap = child(node, kSoap12Namespace, "binding");
    if (!soap) return Done{};
    const std::string name = attribute(node, "name").value_or("");
    const std::string transport = attribute(*soap, "transport").value_or("");
    if (!over_http(transport)) {
      warn(error_at(node, "binding " + in_quotes(name) + " is left out: its transport is " + transport)
               .message);
      return Done{};
    }
    (version_1_1 ? wsdl_.soap11 : wsdl_.soap12) = true;
    auto port_type = referenced(node, "type", declared_.port_types, "portType");
    if (!port_type) return Unexpected{std::move(port_type).error()};
    const Binding binding{namespace_name(*soap), attribute(*soap, "style").value_or("document"),
                          std::move(port_type->name), port_type->node};
    for (const xmlNode& item : ChildElements(node)) {
      if (!has_name(item, kWsdlNamespace, "operation")) continue;
      if (auto done = read_operation(binding, item); !done) return done;
    }
    return Done{};
  }

  Outcome read_operation(const Binding& binding, const xmlNode& node) {
    if (++bound_operations_ > kMaxOperations)
      return Unexpected{error_at(node, "the bindings have " + more_than(kMaxOperations, "operations"))};
    soap::Operation operation;
    operation.name = attribute(node, "name").value_or("");
    std::string style = binding.style;
    if (const xmlNode* soap = child(node, binding.soap_namespace, "operation")) {
      operation.soap_action = attribute(*soap, "soapAction").value_or("");
      style = attribute(*soap, "style").value_or(style);
    }
    if (style != "document") {
      return Unexpected{error_at(node, "operation " + in_quotes(operation.name) + " has the style " +
                                           in_quotes(style) + "; only document is supported")};
    }
    auto abstract = abstract_operation(binding, operation.name, node);
    if (!abstract) return Unexpected{std::move(abstract).error()};
    if (auto done = read_input(binding, **abstract, node, operation); !done) return done;
    if (auto done = read_output(binding, **abstract, node, operation); !done) return done;
    if (auto done = read_faults(**abstract, operation); !done) return done;
    return add(binding, std::move(operation), node);
  }

  static Result<const xmlNode*, soap::WsdlError> abstract_operation(const Binding& binding,
                                                                    const std::string& name,
                                                                    const xmlNode& node) {
    const xmlNode* found = nullptr;
    for (const xmlNode& candidate : ChildElements(*binding.port_type)) {
      if (!has_name(candidate, kWsdlNamespace, "operation") || attribute(candidate, "name") != name) continue;
      if (found) {
        return Unexpected{error_at(candidate, "operation " + in_quotes(name) + " is overloaded in portType " +
                                                  shown(binding.port_type_name))};
      }
      found = &candidate;
    }
    if (found) return found;
    return Unexpected{error_at(
        node, "operation " + in_quotes(name) + " is not in portType " + shown(binding.port_type_name))};
  }

  Outcome read_input(const Binding& binding, const xmlNode& abstract, const xmlNode& node,
                     soap::Operation& operation) {
    const Direction input{child(abstract, kWsdlNamespace, "input"), child(node, kWsdlNamespace, "input"),
                          binding.soap_namespace, operation.name};
    if (!input.abstract || !input.bound) {
      return Unexpected{error_at(input.abstract ? node : abstract,
                                 "operation " + in_quotes(operation.name) + " has no input")};
    }
    std::size_t headers = 0;
    for (const xmlNode& header : ChildElements(*input.bound)) {
      if (!has_name(header, binding.soap_namespace, "header")) continue;
      if (++headers > kMaxHeaders) {
        return Unexpected{error_at(
            header, "operation " + in_quotes(operation.name) + " has " + more_than(kMaxHeaders, "headers"))};
      }
      auto block = header_element(header, declared_);
      if (!block) return Unexpected{std::move(block).error()};
      add_once(operation.header_blocks, std::move(*block));
    }
    auto body = body_element(input, declared_);
    if (!body) return Unexpected{std::move(body).error()};
    if (!*body) {
      return Unexpected{
          error_at(*input.bound, "operation " + in_quotes(operation.name) +
                                     " has a request without body part: nothing tells it from others")};
    }
    operation.input = std::move(**body);
    return Done{};
  }

  Outcome read_output(const Binding& binding, const xmlNode& abstract, const xmlNode& node,
                      soap::Operation& operation) {
    const Direction output{child(abstract, kWsdlNamespace, "output"), child(node, kWsdlNamespace, "output"),
                           binding.soap_namespace, operation.name};
    if (!output.abstract) return Done{};  // one-way
    if (!output.bound) {
      return Unexpected{error_at(
          node, "operation " + in_quotes(operation.name) + " has an output in the portType and none here")};
    }
    auto body = body_element(output, declared_);
    if (!body) return Unexpected{std::move(body).error()};
    if (*body) operation.output = std::move(**body);
    return Done{};
  }

  // A fault only describes responses, so one that is not understood is left out.
  Outcome read_faults(const xmlNode& abstract, soap::Operation& operation) {
    std::size_t faults = 0;
    for (const xmlNode& fault : ChildElements(abstract)) {
      if (!has_name(fault, kWsdlNamespace, "fault")) continue;
      if (++faults > kMaxFaults) {
        return Unexpected{error_at(
            fault, "operation " + in_quotes(operation.name) + " has " + more_than(kMaxFaults, "faults"))};
      }
      auto message = referenced(fault, "message", declared_.messages, "message");
      if (!message) return Unexpected{std::move(message).error()};
      for (const xmlNode& part : ChildElements(*message->node)) {
        if (!has_name(part, kWsdlNamespace, "part")) continue;
        auto element = part_element(part, declared_);
        if (!element) {
          warn("a fault of operation " + in_quotes(operation.name) +
               " is left out: " + element.error().message);
        } else {
          add_once(operation.faults, std::move(*element));
        }
      }
    }
    return Done{};
  }

  // The SOAP 1.1 and SOAP 1.2 bindings of a portType have the same operations; a client may use either.
  Outcome add(const Binding& binding, soap::Operation operation, const xmlNode& node) {
    const auto [place, is_new] =
        by_input_.try_emplace(operation.input, Added{wsdl_.operations.size(), binding.port_type_name});
    if (is_new) {
      wsdl_.operations.push_back(std::move(operation));
      return Done{};
    }
    soap::Operation& first = wsdl_.operations[place->second.index];
    if (first.name != operation.name || place->second.port_type != binding.port_type_name) {
      return Unexpected{error_at(node, "operations " + in_quotes(first.name) + " and " +
                                           in_quotes(operation.name) + " have the same input element " +
                                           shown(operation.input))};
    }
    for (xml::QName& block : operation.header_blocks) add_once(first.header_blocks, std::move(block));
    return Done{};
  }

  void warn(std::string message) {
    if (wsdl_.warnings.size() < kMaxWarnings) wsdl_.warnings.push_back(std::move(message));
  }

  struct Added {
    std::size_t index;
    xml::QName port_type;
  };

  const WsdlDocument& document_;
  const Declarations declared_;
  const soap::BackendNames& names_;
  std::unordered_map<xml::QName, Added, QNameHash> by_input_;
  std::size_t bound_operations_ = 0;
  soap::Wsdl wsdl_;
};

}  // namespace

Result<soap::Wsdl, soap::WsdlError> read_wsdl(const WsdlDocument& document, const soap::BackendNames& names) {
  auto declared = declarations_of(document);
  if (!declared) return Unexpected{std::move(declared).error()};
  return Reading(document, std::move(*declared), names).run();
}

Result<soap::Wsdl, soap::WsdlError> read_wsdl(const std::filesystem::path& file,
                                              const soap::BackendNames& names) {
  auto document = open_wsdl(file);
  if (!document) return Unexpected{std::move(document).error()};
  return read_wsdl(*document, names);
}

}  // namespace sfjwt::wsdl
