// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <cstdint>
#include <vector>

#include "mod_sfjwt/schema/relaxed_names.h"
#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/wsdl/compiler/content_model.h"
#include "mod_sfjwt/wsdl/compiler/schema_element.h"
#include "mod_sfjwt/wsdl/compiler/type_numbers.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::wsdl {

/// Fills the rows of the tables that TypeNumbers has reserved, each type after its base. The constructor's
/// arguments must outlive it.
class TypeCompiler {
 public:
  TypeCompiler(xml::Namespaces& namespaces, const schema::Tolerance& tolerance, schema::Schema& tables,
               TypeNumbers& types, ContentCompiler& contents)
      : namespaces_(namespaces), tolerance_(tolerance), tables_(tables), types_(types), contents_(contents) {}

  /// Compiles the waiting types, and those that are added meanwhile.
  Failure compile_waiting();

 private:
  struct Progress {
    enum class Step : std::uint8_t { numbered, compiling, compiled } step = Step::numbered;
    int derivations = 0;  // steps from a type that is not derived
  };

  // Valid until the next call: compiling a type can add others.
  Progress& progress(schema::TypeId id);
  Failure compile(schema::TypeId id);
  Failure derive(schema::TypeId id, schema::TypeId base);
  soap::WsdlError too_derived(schema::TypeId id) const;

  Failure compile_simple(schema::TypeId id);
  Compiled<schema::TypeId> base_of_simple(const Component& definition, const xmlNode& restriction);
  Failure restrict_simple(schema::TypeId id, const xmlNode& restriction, schema::TypeId base);
  Failure count_facets(const schema::SimpleType& simple, const xmlNode& node);

  Failure compile_complex(schema::TypeId id);
  Compiled<ContentModel> content_of(const Component& definition);
  Failure inherit(const xmlNode& extension, ContentModel& model);
  Failure store(schema::TypeId id, ContentModel model, bool abstract);
  schema::Type::Content kind_of(const ContentModel& model) const;

  xml::Namespaces& namespaces_;
  const schema::Tolerance& tolerance_;
  schema::Schema& tables_;
  TypeNumbers& types_;
  ContentCompiler& contents_;
  std::vector<Progress> progress_;  // by type
  int depth_ = 0;                   // recursion depth of compile(), from a type to its base
  std::size_t facets_ = 0;          // of all simple types
};

}  // namespace sfjwt::wsdl
