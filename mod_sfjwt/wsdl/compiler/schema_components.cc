// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/schema_components.h"

#include <cassert>
#include <string>

#include "mod_sfjwt/wsdl/compiler/same_definition.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/limits.h"

namespace sfjwt::wsdl {
namespace {

class Collector {
 public:
  Collector(xml::Namespaces& namespaces, SchemaWarnings& warnings)
      : namespaces_(namespaces), warnings_(warnings) {}

  Failure add_schema(const xmlNode& schema) {
    const std::string target = attribute(schema, "targetNamespace").value_or("");
    namespaces_.add(target);
    if (auto failure = refuse_attribute(schema, "blockDefault")) return failure;
    for (const xmlNode& child : ChildElements(schema)) {
      if (namespace_name(child) != kXsdNamespace) return error_at(child, "an element that is not XML Schema");
      const std::string_view kind = local_name(child);
      if (kind == "annotation" || kind == "import" || kind == "include") continue;
      if (auto failure = add(target, {&child, &schema})) return failure;
    }
    return {};
  }

  SchemaComponents take() && { return std::move(components_); }

 private:
  struct Kind {
    ComponentTable* table;
    const char* plural;
  };

  Kind kind_of(std::string_view local) {
    if (local == "complexType" || local == "simpleType") return {&components_.types, "named types"};
    if (local == "element") return {&components_.elements, "global elements"};
    if (local == "attribute") return {&components_.attributes, "global attributes"};
    return {nullptr, ""};
  }

  Failure add(const std::string& target, const Component& component) {
    const xmlNode& node = *component.node;
    const Kind kind = kind_of(local_name(node));
    if (!kind.table) return unsupported(node);
    const auto name = attribute(node, "name");
    if (!name || name->empty())
      return error_at(node, "xsd:" + std::string(local_name(node)) + " has no name");
    xml::QName qname{target, *name};
    if (const auto* first = kind.table->find(qname)) return check_repetition(*first, node);
    if (kind.table->size() == kMaxComponents)
      return error_at(node, "the schemas have " + more_than(kMaxComponents, kind.plural));
    kind.table->add(std::move(qname), component);
    return {};
  }

  // The backend has published WSDLs that repeat the definition of a type.
  Failure check_repetition(const ComponentTable::Entry& first, const xmlNode& again) {
    const auto& [name, component] = first;
    if (!same_definition(*component.node, again))
      return error_at(again, shown(name) + " is defined twice, and not alike");
    warnings_.add(again, shown(name) + " is defined twice, alike both times",
                  std::string(local_name(again)) + shown(name));
    return {};
  }

  xml::Namespaces& namespaces_;
  SchemaWarnings& warnings_;
  SchemaComponents components_;
};

}  // namespace

const ComponentTable::Entry* ComponentTable::find(const xml::QName& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &entries_[found->second];
}

void ComponentTable::add(xml::QName name, const Component& component) {
  [[maybe_unused]] const bool fresh = index_.emplace(name, entries_.size()).second;
  assert(fresh);
  entries_.emplace_back(std::move(name), component);
}

Compiled<SchemaComponents> collect_components(std::span<const WsdlDocument> documents,
                                              xml::Namespaces& namespaces, SchemaWarnings& warnings) {
  Collector collector(namespaces, warnings);
  for (const WsdlDocument& document : documents) {
    for (const xmlNode* schema : document.schemas) {
      if (auto failure = collector.add_schema(*schema)) return Unexpected{*std::move(failure)};
    }
  }
  return std::move(collector).take();
}

}  // namespace sfjwt::wsdl
