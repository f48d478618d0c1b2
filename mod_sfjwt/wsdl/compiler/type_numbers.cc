// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/type_numbers.h"

#include <cassert>
#include <string>

#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::wsdl {

TypeNumbers::TypeNumbers(const SchemaComponents& components, xml::Namespaces& namespaces,
                         schema::Schema& tables, SchemaWarnings& warnings)
    : components_(components),
      namespaces_(namespaces),
      tables_(tables),
      warnings_(warnings),
      builtin_count_(tables.all_types.size()) {}

schema::TypeId TypeNumbers::of(const ComponentTable::Entry& type) {
  const auto& [qname, component] = type;
  const xml::Name name{namespaces_.add(qname.namespace_uri), qname.local_name};
  const schema::TypeId* id = tables_.types_by_name.find(name);
  return id ? *id : add(component, name);
}

schema::TypeId TypeNumbers::add(const Component& type, const xml::Name& name) {
  assert(tables_.all_types.size() == builtin_count_ + definitions_.size());
  const auto id = static_cast<schema::TypeId>(tables_.all_types.size());
  tables_.all_types.emplace_back();
  tables_.type_names.push_back(name.local.empty() ? "the type of an element" : std::string(name.local));
  if (!name.local.empty()) tables_.types_by_name.insert(name, id);
  definitions_.push_back(type);
  waiting_.push_back(id);
  return id;
}

Compiled<schema::TypeId> TypeNumbers::named_by(const xmlNode& element, const char* attribute_name) {
  const auto value = attribute(element, attribute_name);
  assert(value);
  const auto name = resolved(element, *value);
  if (!name) {
    return Unexpected{error_at(
        element, "the prefix of " + std::string(attribute_name) + "=\"" + *value + "\" is not declared")};
  }
  if (name->namespace_uri == kXsdNamespace) {
    const schema::TypeId* id = tables_.types_by_name.find({xml::kXsd, name->local_name});
    if (id && *id != schema::id_of(schema::Builtin::id) && *id != schema::id_of(schema::Builtin::id_ref))
      return *id;
    return Unexpected{error_at(element, "the type xsd:" + name->local_name + " is not supported")};
  }
  if (const auto* type = components_.types.find(*name)) return of(*type);
  warnings_.add_missing(element, "type " + shown(*name) + " is not defined");
  return schema::kUnresolvedType;
}

Component TypeNumbers::definition(schema::TypeId id) const {
  assert(!is_builtin(id));
  return definitions_[id - builtin_count_];
}

std::optional<schema::TypeId> TypeNumbers::next_waiting() {
  if (waiting_.empty()) return std::nullopt;
  const schema::TypeId id = waiting_.back();
  waiting_.pop_back();
  return id;
}

}  // namespace sfjwt::wsdl
