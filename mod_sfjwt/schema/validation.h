// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace sfjwt::schema {

/// How strictly messages are held to the schemas of the WSDL (SFJwtValidate). Whatever the mode, a message
/// must be well-formed, within the limits, a right envelope and a known operation.
enum class Mode : std::uint8_t {
  strict,     // the WSDL to the letter
  tolerant,   // with relaxations
  report,     // like tolerant, but a violation is noted and the message accepted
  structure,  // the schemas are not looked at
};

/// Where the backend takes more than its WSDL says, and widely used clients count on it. Applied when a
/// schema is compiled; the validator knows nothing of them. Each has its reason and an example in
/// conf/directives.md.
struct Relaxations {
  bool optional_nillable = false;    // an element that may be nil may be left out
  bool optional_booleans = false;    // an xsd:boolean may be left out and means false
  bool nil_anywhere = false;         // xsi:nil on elements that are not nillable
  bool value_types = false;          // xsi:type on an element of simple type says whatever it likes
  bool message_namespace = false;    // xsi:type with the namespace of the messages for a type of the objects
  bool unqualified = false;          // local names without the namespace the schema asks for
  bool any_order = false;            // children of a sequence in another order
  bool short_ids = false;            // ids of 15 characters where the WSDL says 18
  bool date_time_for_date = false;   // an xsd:dateTime where the WSDL says xsd:date
  bool blank_empty = false;          // white space in an element that holds nothing
  bool object_types = false;         // xsi:type on an open record names an object that the WSDL cannot know
  bool generated_names = false;      // parameters of an operation with the names SOAP::Lite makes up
  bool parameter_names = false;      // parameters of retrieve, merge and cancelDeploy as jsforce calls them
  bool parameter_namespace = false;  // parameters of create and the like in the namespace jsforce has
  bool optional_test_level = false;  // metadata deploy without testLevel
  bool record_namespace = false;     // fields of a record in the namespace of the messages
  bool unprefixed_types = false;     // xsi:type on a record names its object without a prefix
  bool singular_ids = false;         // ids of delete and undelete are called id
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
  Relaxations relaxations = Relaxations::all();         // what modes tolerant and report relax
  auto operator<=>(const Validation&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

}  // namespace sfjwt::schema
