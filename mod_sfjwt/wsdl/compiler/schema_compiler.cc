// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/schema_compiler.h"

#include <memory>
#include <utility>

#include "mod_sfjwt/schema/relaxation.h"
#include "mod_sfjwt/wsdl/compiler/builtin_types.h"
#include "mod_sfjwt/wsdl/compiler/content_model.h"
#include "mod_sfjwt/wsdl/compiler/determinism.h"
#include "mod_sfjwt/wsdl/compiler/element_declarations.h"
#include "mod_sfjwt/wsdl/compiler/schema_components.h"
#include "mod_sfjwt/wsdl/compiler/schema_warnings.h"
#include "mod_sfjwt/wsdl/compiler/type_compiler.h"
#include "mod_sfjwt/wsdl/compiler/type_numbers.h"
#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::wsdl {
namespace {

// Fills the flat tables from the components.
Failure fill_tables(const SchemaComponents& components, xml::Namespaces& namespaces,
                    const schema::Tolerance& tolerance, schema::Schema& tables, SchemaWarnings& warnings) {
  TypeNumbers types(components, namespaces, tables, warnings);
  ElementDeclarations elements(namespaces, tables, types);
  ContentCompiler contents(components, namespaces, tables, warnings, types, elements);
  TypeCompiler compiler(namespaces, tolerance, tables, types, contents);
  for (const ComponentTable::Entry& type : components.types) types.of(type);
  if (auto failure = compiler.compile_waiting()) return failure;
  for (const ComponentTable::Entry& element : components.elements) {
    const auto declaration = elements.declare(element);
    if (!declaration) return declaration.error();
  }
  if (auto failure = compiler.compile_waiting()) return failure;  // the anonymous types of global elements
  check_determinism(tables, types, warnings);
  return {};
}

void relax(std::span<const WsdlDocument> documents, std::span<const soap::Wsdl> wsdls,
           const ComponentTable& types, xml::Namespaces& namespaces, const schema::Tolerance& tolerance,
           schema::Schema& tables) {
  schema::SchemaRelaxation relaxation(tolerance, namespaces, tables);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const xmlDoc* own = documents[i].documents.front().get();
    relaxation.begin(namespaces.add(wsdls[i].target_namespace));
    for (const auto& [name, component] : types) {
      if (component.node->doc != own) continue;
      relaxation.apply_to_type({namespaces.id_of(name.namespace_uri), name.local_name});
    }
    for (const soap::Operation& operation : wsdls[i].operations) {
      const xml::QName& input = operation.input;
      relaxation.apply_to_input({namespaces.id_of(input.namespace_uri), input.local_name});
    }
  }
  relaxation.apply_to_all();
}

}  // namespace

Result<schema::CompiledSchema, soap::WsdlError> compile_schema(std::span<const WsdlDocument> documents,
                                                               std::span<const soap::Wsdl> wsdls,
                                                               xml::Namespaces& namespaces,
                                                               const schema::Tolerance& tolerance) {
  SchemaWarnings warnings;
  const auto tables = std::make_shared<schema::Schema>();
  add_builtin_types(*tables, tolerance);
  const auto components = collect_components(documents, namespaces, warnings);
  if (!components) return Unexpected{components.error()};
  if (auto failure = fill_tables(*components, namespaces, tolerance, *tables, warnings))
    return Unexpected{*std::move(failure)};
  relax(documents, wsdls, components->types, namespaces, tolerance, *tables);
  return schema::CompiledSchema{tables, std::move(warnings).take()};
}

}  // namespace sfjwt::wsdl
