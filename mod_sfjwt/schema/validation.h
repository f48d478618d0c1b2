// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace sfjwt::schema {

/// How strictly messages are validated against the schemas of the WSDL (SFJwtValidate). In every mode a
/// message must be well-formed, within the limits, a correct envelope and a known operation.
enum class Mode : std::uint8_t {
  strict,     // exactly the WSDL
  tolerant,   // the WSDL with relaxations
  report,     // like tolerant, but a violation is only reported and the message is accepted
  structure,  // the schemas are ignored
};

/// Deviations from the WSDL that the backend accepts and widely used clients rely on. They are applied when a
/// schema is compiled; the validator does not know them. conf/directives.md has the reason and an example for
/// each.
struct Relaxations {
  bool optional_nillable = false;    // a nillable element can be left out
  bool optional_booleans = false;    // an xsd:boolean can be left out and means false
  bool nil_anywhere = false;         // xsi:nil on elements that are not nillable
  bool value_types = false;          // any xsi:type on an element of simple type
  bool message_namespace = false;    // xsi:type with the namespace of the messages for a type of the objects
  bool unqualified = false;          // local names without the required namespace
  bool any_order = false;            // children of a sequence in another order
  bool short_ids = false;            // ids of 15 characters where the WSDL requires 18
  bool date_time_for_date = false;   // an xsd:dateTime where the WSDL requires an xsd:date
  bool blank_empty = false;          // white space in an element that must be empty
  bool object_types = false;         // xsi:type on an open record names an object that is not in the WSDL
  bool generated_names = false;      // parameters of an operation with the names that SOAP::Lite generates
  bool parameter_names = false;      // parameters of retrieve, merge and cancelDeploy as jsforce names them
  bool parameter_namespace = false;  // parameters of create and others in the namespace that jsforce uses
  bool optional_test_level = false;  // metadata deploy without testLevel
  bool record_namespace = false;     // fields of a record in the namespace of the messages
  bool unprefixed_types = false;     // xsi:type on a record names its object without a prefix
  bool singular_ids = false;         // the ids of delete and undelete are named id
  bool lead_namespace = false;       // fields of a LeadConvert in the namespace of records
  bool encoding_style = false;       // encodingStyle of SOAP 1.1 on the element of the operation

  auto operator<=>(const Relaxations&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
  static constexpr Relaxations none() { return {}; }
  static constexpr Relaxations all() {
    return {true, true, true, true, true, true, true, true, true, true,
            true, true, true, true, true, true, true, true, true, true};
  }
};

struct NamedRelaxation {
  std::string_view name;  // as in SFJwtValidate tolerant -name
  bool Relaxations::*member;
};

inline constexpr std::array<NamedRelaxation, 20> kRelaxations = {{
    {"optional-nillable", &Relaxations::optional_nillable},
    {"optional-booleans", &Relaxations::optional_booleans},
    {"nil-anywhere", &Relaxations::nil_anywhere},
    {"value-types", &Relaxations::value_types},
    {"message-namespace", &Relaxations::message_namespace},
    {"unqualified", &Relaxations::unqualified},
    {"any-order", &Relaxations::any_order},
    {"short-ids", &Relaxations::short_ids},
    {"date-time-for-date", &Relaxations::date_time_for_date},
    {"blank-empty", &Relaxations::blank_empty},
    {"object-types", &Relaxations::object_types},
    {"generated-names", &Relaxations::generated_names},
    {"parameter-names", &Relaxations::parameter_names},
    {"parameter-namespace", &Relaxations::parameter_namespace},
    {"optional-test-level", &Relaxations::optional_test_level},
    {"record-namespace", &Relaxations::record_namespace},
    {"unprefixed-types", &Relaxations::unprefixed_types},
    {"singular-ids", &Relaxations::singular_ids},
    {"lead-namespace", &Relaxations::lead_namespace},
    {"encoding-style", &Relaxations::encoding_style},
}};

struct Validation {
  Mode mode = Mode::tolerant;
  Relaxations relaxations = Relaxations::all();         // the relaxations of the modes tolerant and report
  auto operator<=>(const Validation&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

}  // namespace sfjwt::schema
