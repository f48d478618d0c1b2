// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/schema_warnings.h"

#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/limits.h"

namespace sfjwt::wsdl {

void SchemaWarnings::add(const xmlNode& element, const std::string& message, const std::string& thing) {
  if (lines_.size() > kMaxWarnings || !reported_.insert(thing).second) return;
  if (lines_.size() == kMaxWarnings) {
    lines_.emplace_back("there are more warnings about the schemas, which are not listed here");
    return;
  }
  const soap::WsdlError place = error_at(element, message);
  lines_.push_back(place.file + ":" + std::to_string(place.line) + ": " + place.message);
}

void SchemaWarnings::add_missing(const xmlNode& element, const std::string& missing) {
  add(element, missing + "; messages that use it will be refused", missing);
}

}  // namespace sfjwt::wsdl
