// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/simple_type_compiler.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/limits.h"

namespace sfjwt::wsdl {
namespace {

void xml_free(xmlChar* text) {
  xmlFree(text);
}  // xmlFree is a variable

// One restriction step; the function for a facet returns why the facet cannot be used, or nothing.
class Restriction {
 public:
  Restriction(const schema::SimpleType& base, xml::Namespaces& namespaces, const schema::Tolerance& tolerance)
      : type_(base), namespaces_(namespaces), tolerance_(tolerance) {}

  std::string add(const xmlNode& node, const std::string& value) {
    const std::string facet(local_name(node));
    type_.faceted = true;
    if (facet == "enumeration") return enumerate(node, value);
    if (facet == "pattern") return match(value);
    if (facet == "whiteSpace") return normalise(value);
    if (facet == "length" || facet == "minLength" || facet == "maxLength") return measure(facet, value);
    if (facet == "totalDigits" || facet == "fractionDigits") return count(facet, value);
    if (facet == "minInclusive") return bound(type_.min_inclusive, value);
    if (facet == "maxInclusive") return bound(type_.max_inclusive, value);
    if (facet == "minExclusive") return bound(type_.min_exclusive, value);
    if (facet == "maxExclusive") return bound(type_.max_exclusive, value);
    return "xsd:" + facet + " is not supported";
  }

  schema::SimpleType done() {
    if (!enumeration_.empty()) {
      for (std::string& value : enumeration_) value = schema::normalised(value, type_.white_space);
      std::sort(enumeration_.begin(), enumeration_.end());
      type_.enumeration = std::move(enumeration_);
    }
    if (!q_names_.empty()) type_.q_names = std::move(q_names_);
    if (!patterns_.empty()) type_.patterns.push_back(std::move(patterns_));
    recognise_id();
    return std::move(type_);
  }

 private:
  std::string enumerate(const xmlNode& node, const std::string& value) {
    if (enumeration_.size() + q_names_.size() == kMaxEnumeration)
      return "the type has " + more_than(kMaxEnumeration, "enumerated values");
    if (type_.builtin == schema::Builtin::q_name) {
      const auto name = resolved(node, trimmed(value));
      if (!name) return "the prefix of the enumerated QName is not declared";
      q_names_.emplace_back(namespaces_.add(name->namespace_uri), name->local_name);
      return {};
    }
    if (!schema::is_textual(type_.builtin) && !schema::is_decimal(type_.builtin)) {
      return "an enumeration of " + std::string(schema::name_of(type_.builtin)) + " is not supported";
    }
    if (!schema::in_lexical_space(type_.builtin, schema::normalised(value, type_.white_space)))
      return "the enumerated value is not of its type";
    enumeration_.push_back(value);
    return {};
  }

  std::string match(const std::string& expression) {
    if (patterns_.size() == kMaxPatterns) return "the type has " + more_than(kMaxPatterns, "patterns");
    if (expression.size() > kMaxPatternBytes)
      return "the pattern has " + more_than(kMaxPatternBytes, "characters");
    auto pattern = schema::XsdPattern::compile(expression);
    if (!pattern) return pattern.error();
    patterns_.push_back(std::move(*pattern));
    last_pattern_ = expression;
    return {};
  }

  std::string normalise(const std::string& value) {
    if (value == "preserve")
      type_.white_space = schema::WhiteSpace::preserve;
    else if (value == "replace")
      type_.white_space = schema::WhiteSpace::replace;
    else if (value == "collapse")
      type_.white_space = schema::WhiteSpace::collapse;
    else
      return "whiteSpace is neither preserve, replace nor collapse";
    return {};
  }

  static bool number(const std::string& value, std::uint64_t& result) {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
    return error == std::errc() && end == value.data() + value.size();
  }

  std::string measure(const std::string& facet, const std::string& value) {
    std::uint64_t length = 0;
    if (!number(value, length)) return "the value of xsd:" + facet + " is not a length";
    if (!schema::has_length(type_.builtin))
      return "xsd:" + facet + " of " + std::string(schema::name_of(type_.builtin)) + " is not supported";
    if (facet != "maxLength") type_.min_length = std::max(type_.min_length.value_or(0), length);
    if (facet != "minLength") type_.max_length = std::min(type_.max_length.value_or(length), length);
    return {};
  }

  std::string count(const std::string& facet, const std::string& value) {
    std::uint64_t digits = 0;
    if (!number(value, digits)) return "the value of xsd:" + facet + " is not a number of digits";
    if (!schema::is_decimal(type_.builtin))
      return "xsd:" + facet + " of " + std::string(schema::name_of(type_.builtin)) + " is not supported";
    (facet == "totalDigits" ? type_.total_digits : type_.fraction_digits) = digits;
    return {};
  }

  std::string bound(std::optional<std::string>& facet, const std::string& value) {
    const bool floating =
        type_.builtin == schema::Builtin::float_ || type_.builtin == schema::Builtin::double_;
    if (!floating && !schema::is_decimal(type_.builtin))
      return "bounds of " + std::string(schema::name_of(type_.builtin)) + " are not supported";
    if (!schema::in_lexical_space(floating ? type_.builtin : schema::Builtin::decimal, value) ||
        value == "NaN")
      return "the bound is not a number";
    facet = value;
    return {};
  }

  // The type of the backend's ids, whose values are most of what a message holds: its pattern need not be
  // run.
  void recognise_id() {
    const auto [length, short_form] = tolerance_.names.id;
    type_.alphanumeric_length = type_.other_length = 0;
    const bool id = length != 0 && type_.builtin == schema::Builtin::string &&
                    type_.white_space == schema::WhiteSpace::preserve && type_.min_length == length &&
                    type_.max_length == length && type_.enumeration.empty() && type_.patterns.size() == 1 &&
                    type_.patterns[0].size() == 1 &&
                    last_pattern_ == "[a-zA-Z0-9]{" + std::to_string(length) + "}";
    if (!id) return;
    type_.alphanumeric_length = length;
    if (tolerance_.relaxations.short_ids) type_.other_length = short_form;
  }

  schema::SimpleType type_;
  xml::Namespaces& namespaces_;
  const schema::Tolerance& tolerance_;
  std::vector<std::string> enumeration_;
  std::vector<std::pair<xml::NamespaceId, std::string>> q_names_;
  std::vector<schema::XsdPattern> patterns_;
  std::string last_pattern_;
};

// White space at the ends of a facet is significant in an enumerated string and in a pattern.
std::string whole_value(const xmlNode& facet) {
  const Owned<xmlChar, xml_free> value{xmlGetNoNsProp(&facet, reinterpret_cast<const xmlChar*>("value"))};
  return std::string(as_view(reinterpret_cast<const char*>(value.get())));
}

}  // namespace

Result<schema::SimpleType, soap::WsdlError> restricted(const xmlNode& restriction,
                                                       const schema::SimpleType& base,
                                                       xml::Namespaces& namespaces,
                                                       const schema::Tolerance& tolerance) {
  Restriction step(base, namespaces, tolerance);
  for (const xmlNode& facet : ChildElements(restriction)) {
    if (has_name(facet, kXsdNamespace, "annotation") || has_name(facet, kXsdNamespace, "simpleType"))
      continue;
    const auto value = attribute(facet, "value");
    if (namespace_name(facet) != kXsdNamespace || !value)
      return Unexpected{error_at(facet, "this is not a facet")};
    const bool blanks_count =
        has_name(facet, kXsdNamespace, "enumeration") || has_name(facet, kXsdNamespace, "pattern");
    const std::string problem = step.add(facet, blanks_count ? whole_value(facet) : *value);
    if (!problem.empty()) return Unexpected{error_at(facet, problem)};
  }
  return step.done();
}

}  // namespace sfjwt::wsdl
