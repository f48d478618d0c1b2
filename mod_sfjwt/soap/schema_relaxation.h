// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/soap/name.h"
#include "mod_sfjwt/soap/namespaces.h"
#include "mod_sfjwt/soap/schema.h"
#include "mod_sfjwt/soap/validation.h"

namespace sfjwt::soap {

/// What relaxations change in the tables of a schema once it is compiled and checked as it was written: where
/// a relaxed element and a wildcard could both take a name, the validator prefers the element. Those that
/// decide how a single type is compiled are not here but where it is compiled.
class SchemaRelaxation {
 public:
  SchemaRelaxation(const Relaxations& relaxations, Schema& schema)
      : relaxations_(relaxations), schema_(schema) {}

  /// To a type of a WSDL whose messages have this namespace.
  void apply_to_type(const Name& name, NamespaceId messages);
  /// To the element that is the request of an operation.
  void apply_to_input(const Name& element);
  /// To the whole schema; comes last.
  void apply_to_all();

 private:
  bool open_record(TypeId id, NamespaceId own) const;
  void add_object_type(TypeId record, NamespaceId own, NamespaceId named_in);
  void make_optional();
  void open_wildcards_to_no_namespace();

  const Relaxations& relaxations_;
  Schema& schema_;
};

}  // namespace sfjwt::soap
