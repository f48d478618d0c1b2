// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/service_reader.h"
#include "random.h"

namespace sfjwt::soap {

/// Generates requests from the schemas of a WSDL, mostly valid ones, with random optional elements and
/// attributes.
class SpecimenWriter {
 public:
  SpecimenWriter(const wsdl::WsdlDocument& document, const Wsdl& wsdl);

  std::string request(Random random) const;

  // What mutants are made of: qualified names with the prefixes that request() declares.
  const std::vector<std::string>& element_names() const { return element_names_; }
  const std::vector<std::string>& type_names() const { return type_names_; }

 private:
  class Writing;
  const xmlNode* type(const xml::QName& name) const;
  std::string prefixed(const xml::QName& name) const;

  const Wsdl& wsdl_;
  std::vector<std::string> prefixes_;  // of wsdl_.namespaces: n0, n1, ...
  std::map<xml::QName, const xmlNode*> elements_;
  std::map<xml::QName, const xmlNode*> types_;
  std::map<xml::QName, std::vector<xml::QName>> derived_;  // complex types that extend this one directly
  std::vector<std::string> element_names_;
  std::vector<std::string> type_names_;
};

}  // namespace sfjwt::soap
