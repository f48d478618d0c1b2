// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/schema_element.h"

#include <charconv>
#include <string>

#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::wsdl {
bool is_xsd(const xmlNode& element, std::string_view local) {
  return has_name(element, kXsdNamespace, local);
}

soap::WsdlError unsupported(const xmlNode& element) {
  return error_at(element, "xsd:" + std::string(local_name(element)) + " is not supported");
}

Failure refuse_attribute(const xmlNode& element, const char* name) {
  const auto value = attribute(element, name);
  if (!value || value->empty()) return {};
  return error_at(element, "the attribute " + std::string(name) +
                               " of xsd:" + std::string(local_name(element)) + " is not supported");
}

Compiled<bool> flag(const xmlNode& element, const char* name) {
  const auto value = attribute(element, name);
  if (!value || *value == "false" || *value == "0") return false;
  if (*value == "true" || *value == "1") return true;
  return Unexpected{error_at(element, std::string(name) + " is neither true nor false")};
}

Compiled<std::uint32_t> occurrences(const xmlNode& element, const char* name) {
  const auto value = attribute(element, name);
  if (!value) return 1U;
  if (*value == "unbounded" && std::string_view(name) == "maxOccurs") return schema::kUnbounded;
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), count);
  if (error != std::errc() || end != value->data() + value->size() || count >= schema::kUnbounded) {
    return Unexpected{error_at(element, std::string(name) + " is not a number of occurrences")};
  }
  return count;
}

Compiled<bool> qualified(const xmlNode& declaration, const xmlNode& schema, const char* default_attribute) {
  const std::string form =
      attribute(declaration, "form").value_or(attribute(schema, default_attribute).value_or("unqualified"));
  if (form != "qualified" && form != "unqualified")
    return Unexpected{error_at(declaration, "form is neither qualified nor unqualified")};
  return form == "qualified";
}

}  // namespace sfjwt::wsdl
