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

/// Which attributes of a SOAP namespace are allowed, besides the declared ones, on the element at the top of
/// a part of a message; with no namespace, none.
struct SoapAttributes {
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  bool encoding_style_only = false;
  bool allow(const xml::Attribute& attribute) const {
    return namespace_id != xml::kNoNamespace && attribute.namespace_id == namespace_id &&
           (!encoding_style_only || attribute.local() == "encodingStyle");
  }
};

/// The effect of xsi:nil on an element.
enum class Nil : std::uint8_t {
  no,
  yes,       // it must have no content
  if_empty,  // a relaxation for an element without declaration: it may be empty, whatever its type
};

/// What an element is validated against.
struct ElementType {
  TypeId type = kAnyType;
  Nil nil = Nil::no;
};

/// Validates the attributes and the text of the element just read by a scanner, and keeps the violation if
/// they are invalid. Allocates only for values with references or line ends to resolve.
class ElementCheck {
 public:
  ElementCheck(const Schema& schema, const xml::Scanner& scanner) : schema_(schema), scanner_(scanner) {}

  /// Whether an element is declared, by a particle or globally. An undeclared one is of type xsd:anyType, or
  /// of the type named by its xsi:type.
  enum class Declared : std::uint8_t { no, yes };

  /// Validates the attributes of a start tag against the declaration of its element, and returns the type and
  /// the nillability that apply (XML Schema Part 1 sections 3.3.4 and 3.4.4). nullopt if they are invalid.
  std::optional<ElementType> attributes(const ElementDeclaration& declaration, Declared declared,
                                        const SoapAttributes& soap);

  /// Whether the text before the end tag just read is valid for a simple type with the number `id`.
  bool value(const SimpleType& simple, TypeId id);

  /// Records a violation; returns false, so that a check can return it.
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
