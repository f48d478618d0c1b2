// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/element_check.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/xml/character_data.h"

namespace sfjwt::schema {
namespace {

// The four attributes that are allowed on every element (section 2.6).
bool is_of_instances(const xml::Attribute& attribute) {
  const std::string_view local = attribute.local();
  return attribute.namespace_id == xml::kXsi &&
         (local == "type" || local == "nil" || local == "schemaLocation" ||
          local == "noNamespaceSchemaLocation");
}

// A QName as written; the prefix is empty if there is no colon.
struct Prefixed {
  std::string_view prefix;
  std::string_view local;
};

Prefixed split(std::string_view qname) {
  const auto colon = qname.find(':');
  if (colon == std::string_view::npos) return {{}, qname};
  return {qname.substr(0, colon), qname.substr(colon + 1)};
}

}  // namespace

std::optional<ElementType> ElementCheck::attributes(const ElementDeclaration& declaration, Declared declared,
                                                    const SoapAttributes& soap) {
  ElementType element{declaration.type, Nil::no};
  if (!xsi_attributes(element, declaration.nillable, declared) ||
      !declared_attributes(schema_.type(element.type), soap)) {
    return std::nullopt;
  }
  return element;
}

// xsi:nil refers to a declaration (section 3.3.4, clause 3). Without a declaration it is an ordinary
// attribute, and the value must be valid for the type that xsi:type names. The relaxation still allows such
// an element to be empty.
bool ElementCheck::xsi_attributes(ElementType& element, bool nillable, Declared declared) {
  for (const xml::Attribute& attribute : scanner_.attributes()) {
    if (attribute.namespace_id != xml::kXsi) continue;
    const std::string_view local = attribute.local();
    if (local == "type") {
      if (!xsi_type(attribute, element.type)) return false;
    } else if (local == "nil" && (declared == Declared::yes || schema_.nil_anywhere)) {
      if (!xsi_nil(attribute, element.nil, nillable, declared)) return false;
    }
  }
  return true;
}

bool ElementCheck::xsi_type(const xml::Attribute& attribute, TypeId& type) {
  if (schema_.type(type).any_xsi_type) return true;
  const std::string text = attribute.plain ? std::string() : xml::attribute_text(attribute.raw_value);
  const std::string_view qname = trimmed(attribute.plain ? attribute.raw_value : std::string_view(text));
  const auto [prefix, local] = split(qname);
  const auto namespace_id = scanner_.namespace_of(prefix);
  if (qname.starts_with(':') || !namespace_id)
    return refuse_tag("the prefix of xsi:type is not declared on", scanner_.raw_name());
  const TypeId* named = type_named({*namespace_id, local}, type);
  if (!named) return refuse_tag("xsi:type does not name a type of the WSDL on", scanner_.raw_name());
  if (!schema_.may_replace(*named, type)) {
    return refuse_tag("xsi:type names a type that is not allowed here, on", scanner_.raw_name(),
                      schema_.name_of(type));
  }
  type = *named;
  return true;
}

const TypeId* ElementCheck::type_named(const xml::Name& name, TypeId declared) const {
  if (const TypeId* named = schema_.type_named(name)) return named;
  if (const TypeId* object = schema_.object_named(name, declared)) return object;
  return schema_.unprefixed_record(name, declared);
}

bool ElementCheck::xsi_nil(const xml::Attribute& attribute, Nil& nil, bool nillable, Declared declared) {
  const std::string text = attribute.plain ? std::string() : xml::attribute_text(attribute.raw_value);
  const std::string_view value = trimmed(attribute.plain ? attribute.raw_value : std::string_view(text));
  const bool is_nil = value == "true" || value == "1";
  if (is_nil) nil = declared == Declared::yes ? Nil::yes : Nil::if_empty;
  if (declared == Declared::no) return true;
  if (!is_nil && value != "false" && value != "0")
    return refuse_tag("xsi:nil is not a boolean on", scanner_.raw_name());
  if (!nillable && !schema_.nil_anywhere)
    return refuse_tag("the element may not be nil:", scanner_.raw_name());
  return true;
}

bool ElementCheck::declared_attributes(const Type& type, const SoapAttributes& soap) {
  if (type.content == Type::Content::anything) return true;
  const auto declared = schema_.attributes(type);
  for (const xml::Attribute& attribute : scanner_.attributes()) {
    if (is_of_instances(attribute) || soap.allow(attribute)) continue;
    const AttributeUse* use = nullptr;
    for (const AttributeUse& candidate : declared) {
      if (candidate.namespace_id == attribute.namespace_id && candidate.name == attribute.local())
        use = &candidate;
    }
    if (!use) return refuse_tag("the attribute is not declared:", attribute.raw_name);
    if (!attribute_value(attribute, use->type)) return false;
  }
  for (const AttributeUse& use : declared) {
    if (use.required && !scanner_.attribute(use.namespace_id, use.name)) {
      return refuse_tag("an attribute is missing:", use.name);
    }
  }
  return true;
}

bool ElementCheck::attribute_value(const xml::Attribute& attribute, TypeId id) {
  const Type& type = schema_.type(id);
  Fit fit = Fit::no;
  if (type.content == Type::Content::simple) {
    std::string_view text = attribute.raw_value;
    if (!attribute.plain) text = resolved_ = xml::attribute_text(attribute.raw_value);
    fit = schema_.simple_type(type).judge(text);
  }
  switch (fit) {
    case Fit::yes:
      return true;
    case Fit::no:
      return refuse_tag("the value of the attribute is not of its type:", attribute.raw_name,
                        schema_.name_of(id));
    case Fit::unknown:
      break;
  }
  return refuse_tag(
      "the value of the attribute could not be checked against the pattern of its type, which takes too many "
      "steps:",
      attribute.raw_name, schema_.name_of(id));
}

bool ElementCheck::value(const SimpleType& simple, TypeId id) {
  if (simple.unrestricted()) return true;
  const xml::Content& content = scanner_.content();
  std::string_view text = content.raw;
  if (!content.plain()) text = resolved_ = xml::character_data(content);
  const Fit fit = simple.judge(text);
  if (fit == Fit::yes && (simple.builtin != Builtin::q_name || q_name_fits(simple, text))) return true;
  if (fit == Fit::unknown) {
    return refuse_tag(
        "the value could not be checked against the pattern of its type, which takes too many steps", {},
        schema_.name_of(id));
  }
  return refuse_tag("the value is not of the type of its element", {}, schema_.name_of(id));
}

// A QName is compared by its expanded name: its prefix must be declared, and an enumeration lists expanded
// names.
bool ElementCheck::q_name_fits(const SimpleType& simple, std::string_view text) const {
  const auto [prefix, local] = split(trimmed(text));
  const auto namespace_id = scanner_.namespace_of(prefix);
  if (!namespace_id) return false;
  const xml::Name name{*namespace_id, local};
  return simple.q_names.empty() ||
         std::any_of(simple.q_names.begin(), simple.q_names.end(), [&name](const auto& listed) {
           return listed.first == name.namespace_id && listed.second == name.local;
         });
}

}  // namespace sfjwt::schema
