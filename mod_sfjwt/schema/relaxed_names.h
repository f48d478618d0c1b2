// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "mod_sfjwt/schema/validation.h"

namespace sfjwt::schema {

/// A parameter of an operation that clients send under another name.
struct KnownAlias {
  bool Relaxations::*relaxation;  // with which the alias is accepted
  std::string_view operation;     // local name of its input element
  std::string_view parameter;
  std::string_view alias;
};

/// A child element of a type or of an operation, by local names.
struct NamedChild {
  std::string_view parent;
  std::string_view child;
};

/// Ids are letters and digits, either of these numbers of them.
struct IdLengths {
  std::uint8_t declared = 0;    // by the WSDL; 0: there is no such type
  std::uint8_t short_form = 0;  // Relaxations::short_ids
};

/// The names in a backend's WSDLs that some relaxations are about. An empty name is that of no element. The
/// views are of static storage.
struct RelaxedNames {
  std::string_view object_name;  // the child of a record whose fields are open that names its object
  std::string_view record_id;    // a child that every record has
  IdLengths id;
  std::span<const KnownAlias> aliases;                      // parameter_names, singular_ids
  std::span<const std::string_view> operations_on_records;  // parameter_namespace; by their input elements
  NamedChild test_level;                                    // optional_test_level: a type and its child
  NamedChild conversions;  // lead_namespace: an operation, and its parameter whose fields are a record's
};

/// What a schema is compiled with.
struct Tolerance {
  Relaxations relaxations;
  RelaxedNames names;
};

}  // namespace sfjwt::schema
