// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/xml/scanner.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::schema {

/// Which attributes of a SOAP namespace may stand beside the declared ones on the element where a part of a
/// message begins; without namespace none.
struct SoapAttributes {
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  bool encoding_style_only = false;
  bool allow(const xml::Attribute& attribute) const {
    return namespace_id != xml::kNoNamespace && attribute.namespace_id == namespace_id &&
           (!encoding_style_only || attribute.local() == "encodingStyle");
  }
};

/// What xsi:nil says of an element.
enum class Nil : std::uint8_t {
  no,
  yes,       // it must have no content
  if_empty,  // a relaxation, where nothing is declared: without content it need not be of its type
};

/// What an element is held to.
struct ElementType {
  TypeId type = kAnyType;
  Nil nil = Nil::no;
};

/// Holds the attributes and the text of the element a scanner has just read to the schema, and keeps the
/// violation when they break it. Allocates only for values with references or line ends to resolve.
class ElementCheck {
 public:
  ElementCheck(const Schema& schema, const xml::Scanner& scanner) : schema_(schema), scanner_(scanner) {}

  /// Whether an element is declared by a particle or globally. Without a declaration it is of xsd:anyType, or
  /// of the type that its xsi:type names.
  enum class Declared : std::uint8_t { no, yes };

  /// The attributes of a start tag, for an element that is declared with a type; answers the type and
  /// nillability it is held to (XML Schema Part 1 sections 3.3.4 and 3.4.4). Nothing: they violate the
  /// schema.
  std::optional<ElementType> attributes(const ElementDeclaration& declaration, Declared declared,
                                        const SoapAttributes& soap);

  /// Whether the text before the end tag just read is of a simple type, which has the number `id`.
  bool value(const SimpleType& simple, TypeId id);

  /// Notes a violation; false, so that a check can return it.
  bool refuse_tag(const char* message, std::string_view name = {}, std::string_view expected = {}) {
    violation_ = {xml::Rule::invalid, scanner_.tag_begin(), message, name, expected};
    return false;
  }
  const xml::Violation& violation() const { return violation_; }

 private:
  bool xsi_attributes(ElementType& element, bool nillable, Declared declared);
  bool xsi_type(const xml::Attribute& attribute, TypeId& type);
  const TypeId* type_named(const xml::Name& name, TypeId declared) const;
  bool xsi_nil(const xml::Attribute& attribute, Nil& nil, bool nillable, Declared declared);
  bool declared_attributes(const Type& type, const SoapAttributes& soap);
  bool attribute_value(const xml::Attribute& attribute, TypeId type);
  bool q_name_fits(const SimpleType& simple, std::string_view text) const;

  const Schema& schema_;
  const xml::Scanner& scanner_;
  xml::Violation violation_;
  std::string resolved_;
};

}  // namespace sfjwt::schema
