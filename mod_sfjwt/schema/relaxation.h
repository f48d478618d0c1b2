// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/schema/relaxed_names.h"
#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/schema/validation.h"
#include "mod_sfjwt/xml/name.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::schema {

/// What relaxations change in the tables of a schema once it is compiled and checked as it was written: where
/// a relaxed element and a wildcard could both take a name, the validator prefers the element. Whatever the
/// schema accepts without relaxations it accepts with any of them; a type where that cannot be had keeps its
/// strict form. Those that decide how a simple type is compiled are not here but where it is compiled.
class SchemaRelaxation {
 public:
  SchemaRelaxation(const Tolerance& tolerance, xml::Namespaces& namespaces, Schema& schema)
      : relaxations_(tolerance.relaxations),
        names_(tolerance.names),
        namespaces_(namespaces),
        schema_(schema) {}

  /// What follows is of a WSDL whose messages have this namespace.
  void begin(xml::NamespaceId messages);
  /// To a type; all of a WSDL come before its inputs.
  void apply_to_type(const xml::Name& name);
  /// To the element that is the request of an operation.
  void apply_to_input(const xml::Name& element);
  /// To the whole schema; comes last.
  void apply_to_all();

 private:
  bool names_object(const Particle& particle) const;
  bool open_record(TypeId id, xml::NamespaceId own) const;
  void add_object_type(TypeId record, xml::NamespaceId own, xml::NamespaceId named_in);
  TypeId record_extended_by(TypeId id, xml::NamespaceId own);
  void add_unprefixed_records(TypeId declared, xml::NamespaceId own);
  void add_alias(TypeId input, std::string_view parameter, std::string_view alias);
  void make_test_level_optional(const xml::Name& name, TypeId id);
  void accept_alternative(TypeId id, xml::NamespaceId declared, xml::NamespaceId alternative);
  xml::NamespaceId parameter_namespace() const;
  Particle* particle(TypeId id, std::string_view name);

  void free_order(Type& type);
  void make_optional(Type& type);
  void make_object_optional(Type& type);
  void accept_unqualified(Type& type) const;
  void open_wildcards_to_no_namespace();
  void ignore_types_of_values();

  const Relaxations& relaxations_;
  const RelaxedNames& names_;
  xml::Namespaces& namespaces_;
  Schema& schema_;
  xml::NamespaceId messages_ = xml::kNoNamespace;  // of this WSDL
  xml::NamespaceId records_ = xml::kNoNamespace;   // of its open records, if it has any
};

}  // namespace sfjwt::schema
