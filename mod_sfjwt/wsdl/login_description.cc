// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/login_description.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sfjwt::wsdl {
namespace {

using soap::LoginField;
using Fields = std::vector<LoginField>;

// What is not supported, as a sentence.
template <class T>
using OrReason = Result<T, std::string>;

constexpr std::size_t kMaxFields = 200;        // of one type
constexpr std::size_t kMaxPlaceholder = 1024;  // bytes

struct BuiltinValue {
  std::string_view type;
  std::string_view value;
};
constexpr std::array<BuiltinValue, 26> kBuiltinValues = {{
    {"string", ""},
    {"normalizedString", ""},
    {"token", ""},
    {"anyURI", ""},
    {"base64Binary", ""},
    {"hexBinary", ""},
    {"anyType", ""},
    {"anySimpleType", ""},
    {"boolean", "false"},
    {"int", "0"},
    {"integer", "0"},
    {"long", "0"},
    {"short", "0"},
    {"byte", "0"},
    {"decimal", "0"},
    {"float", "0"},
    {"double", "0"},
    {"nonNegativeInteger", "0"},
    {"unsignedLong", "0"},
    {"unsignedInt", "0"},
    {"unsignedShort", "0"},
    {"unsignedByte", "0"},
    {"positiveInteger", "1"},
    {"dateTime", "1970-01-01T00:00:00Z"},
    {"date", "1970-01-01"},
    {"time", "00:00:00Z"},
}};

// A value of the length that a restriction requires, of digits: the ids of the backend are letters and
// digits.
std::optional<std::string> of_length(const xmlNode& facet) {
  const std::string text = attribute(facet, "value").value_or("");
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc() || end != text.data() + text.size() || length > kMaxPlaceholder)
    return std::nullopt;
  return std::string(length, '0');
}

// A value that a restriction itself gives; nullopt if it gives none.
std::optional<std::string> value_in(const xmlNode& restriction) {
  for (const xmlNode& facet : ChildElements(restriction)) {
    if (has_name(facet, kXsdNamespace, "enumeration")) return attribute(facet, "value").value_or("");
    if (has_name(facet, kXsdNamespace, "length") || has_name(facet, kXsdNamespace, "minLength"))
      return of_length(facet);
  }
  return std::nullopt;
}

// A value that the type of an element allows; nullopt if the type is not of a supported form.
std::optional<std::string> placeholder_for(const xmlNode& element, const Declarations& declared) {
  const xmlNode* scope = &element;
  const xmlNode* simple = child(element, kXsdNamespace, "simpleType");
  for (int derivations = 0; derivations < kMaxDerivations; ++derivations) {
    if (simple) {
      scope = child(*simple, kXsdNamespace, "restriction");
      if (!scope) return std::nullopt;
      if (auto value = value_in(*scope)) return value;
    }
    const auto type = attribute(*scope, simple ? "base" : "type");
    const auto name = type ? resolved(*scope, *type) : std::nullopt;
    if (!name) return std::nullopt;
    if (name->namespace_uri == kXsdNamespace) {
      const auto found =
          std::find_if(kBuiltinValues.begin(), kBuiltinValues.end(),
                       [&name](const BuiltinValue& builtin) { return builtin.type == name->local_name; });
      if (found == kBuiltinValues.end()) return std::nullopt;
      return std::string(found->value);
    }
    const auto found = declared.simple_types.find(*name);
    if (found == declared.simple_types.end()) return std::nullopt;
    simple = found->second;
  }
  return std::nullopt;
}

bool is_true(const std::optional<std::string>& value) {
  return value == "true" || value == "1";
}

// The elements of one type, in document order; a reason if it is more than a sequence of elements.
class FieldReader {
 public:
  explicit FieldReader(const Declarations& declared) : declared_(declared) {}

  // With the name of a child that holds fields of its own, which need not be of a simple type.
  OrReason<Fields> fields(const xmlNode& complex_type, std::string_view nested) {
    nested_ = nested;
    std::vector<const xmlNode*> contents;  // the most derived first
    const xmlNode* type = &complex_type;
    for (int derivations = 0; type; ++derivations) {
      if (derivations == kMaxDerivations || is_true(attribute(*type, "mixed")) ||
          is_true(attribute(*type, "abstract")))
        return Unexpected{std::string("a type is mixed, abstract or derived too often")};
      const xmlNode* complex = child(*type, kXsdNamespace, "complexContent");
      const xmlNode* extension = complex ? child(*complex, kXsdNamespace, "extension") : nullptr;
      if (complex && !extension) return Unexpected{std::string("a type is a restriction")};
      contents.push_back(extension ? extension : type);
      type = extension ? base_of(*type, declared_) : nullptr;
      if (extension && !type) return Unexpected{std::string("a base type is not in the WSDL")};
    }
    Fields fields;
    for (auto content = contents.rbegin(); content != contents.rend(); ++content)
      if (auto reason = add_content(**content, fields)) return Unexpected{std::move(*reason)};
    return fields;
  }

  const xmlNode* nested_element() const { return nested_element_; }

 private:
  using Reason = std::optional<std::string>;

  Reason add_content(const xmlNode& content, Fields& fields) {
    for (const xmlNode& item : ChildElements(content)) {
      if (has_name(item, kXsdNamespace, "annotation")) continue;
      if (has_name(item, kXsdNamespace, "attribute") && attribute(item, "use") != "required") continue;
      if (!has_name(item, kXsdNamespace, "sequence") || has_attribute(item, "minOccurs") ||
          has_attribute(item, "maxOccurs"))
        return "a type is not a sequence of elements";
      for (const xmlNode& particle : ChildElements(item))
        if (auto reason = add_particle(particle, fields)) return reason;
    }
    return std::nullopt;
  }

  Reason add_particle(const xmlNode& particle, Fields& fields) {
    if (has_name(particle, kXsdNamespace, "annotation")) return std::nullopt;
    const bool required = attribute(particle, "minOccurs") != "0";
    if (!has_name(particle, kXsdNamespace, "element") || !has_attribute(particle, "name")) {
      return required ? Reason("a type requires something other than its own elements") : std::nullopt;
    }
    if (fields.size() == kMaxFields) return "a type has " + more_than(kMaxFields, "elements");
    LoginField field{element_name(particle), is_true(attribute(particle, "nillable")), required, ""};
    if (!nested_.empty() && field.name.local_name == nested_) {
      nested_element_ = &particle;
      fields.push_back(std::move(field));
      return std::nullopt;
    }
    if (auto value = placeholder_for(particle, declared_)) {
      field.placeholder = std::move(*value);
    } else if (!required) {
      return std::nullopt;  // never written
    } else if (!field.nillable) {
      return "element " + shown(field.name) + " is required and of a type that is not supported";
    }
    fields.push_back(std::move(field));
    return std::nullopt;
  }

  const Declarations& declared_;
  std::string_view nested_;
  const xmlNode* nested_element_ = nullptr;
};

// The only child of a response, and its type.
struct ResultElement {
  xml::QName name;
  const xmlNode* type;
};

OrReason<ResultElement> result_of(const xml::QName& response, const Declarations& declared) {
  const auto found = declared.elements.find(response);
  const xmlNode* type =
      found == declared.elements.end() ? nullptr : complex_type_of(*found->second, declared);
  const xmlNode* sequence = type ? child(*type, kXsdNamespace, "sequence") : nullptr;
  const xmlNode* result = sequence ? child(*sequence, kXsdNamespace, "element") : nullptr;
  if (!result || xmlChildElementCount(const_cast<xmlNode*>(sequence)) != 1 || !has_attribute(*result, "name"))
    return Unexpected{"the response " + shown(response) + " does not have exactly one child"};
  const xmlNode* result_type = complex_type_of(*result, declared);
  if (!result_type) return Unexpected{"the child of the response " + shown(response) + " has no fields"};
  return ResultElement{element_name(*result), result_type};
}

const soap::Operation* operation_named(std::string_view name, const soap::Wsdl& wsdl) {
  const auto found =
      std::find_if(wsdl.operations.begin(), wsdl.operations.end(),
                   [name](const soap::Operation& operation) { return operation.name == name; });
  return found == wsdl.operations.end() ? nullptr : &*found;
}

bool takes_session(const soap::Operation& operation, const soap::Wsdl& wsdl) {
  const auto& blocks = operation.header_blocks;
  return std::find(blocks.begin(), blocks.end(), wsdl.session_header) != blocks.end();
}

bool has_field(const Fields& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [name](const LoginField& field) { return field.name.local_name == name; });
}

OrReason<soap::LoginDescription> description_of(const soap::Operation& login, const Declarations& declared,
                                                const soap::LoginNames& names, const soap::Wsdl& wsdl) {
  const soap::Operation* user_info = operation_named(names.user_info, wsdl);
  if (!user_info || !takes_session(*user_info, wsdl))
    return Unexpected{"there is no operation " + std::string(names.user_info) + " that takes a session"};
  auto result = result_of(login.output, declared);
  if (!result) return Unexpected{std::move(result).error()};
  auto info = result_of(user_info->output, declared);
  if (!info) return Unexpected{std::move(info).error()};
  soap::LoginDescription description{login.input, login.output,     result->name,      {},
                                     {},          user_info->input, user_info->output, info->name};
  FieldReader reader(declared);
  auto fields = reader.fields(*result->type, names.user_info_result);
  if (!fields) return Unexpected{std::move(fields).error()};
  description.fields = std::move(*fields);
  for (const std::string_view name : {names.session_id, names.server_url})
    if (!has_field(description.fields, name))
      return Unexpected{"the result has no element " + std::string(name)};
  if (!reader.nested_element()) return description;
  const xmlNode* type = complex_type_of(*reader.nested_element(), declared);
  if (!type) return Unexpected{"element " + std::string(names.user_info_result) + " has no fields"};
  auto user = reader.fields(*type, {});
  if (!user) return Unexpected{std::move(user).error()};
  description.user = std::move(*user);
  return description;
}

}  // namespace

void enter_login_description(const Declarations& declared, const soap::BackendNames& names,
                             soap::Wsdl& wsdl) {
  const soap::Operation* login = operation_named(names.login.login, wsdl);
  if (!login || wsdl.session_header.local_name.empty() || takes_session(*login, wsdl)) return;
  auto description = description_of(*login, declared, names.login, wsdl);
  if (description) {
    wsdl.login = std::move(*description);
  } else {
    wsdl.login_problem = std::move(description).error();
  }
}

}  // namespace sfjwt::wsdl
