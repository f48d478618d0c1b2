// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <set>
#include <string>
#include <vector>

namespace sfjwt::wsdl {

/// Non-fatal findings about a schema, one line each with file and line. Each subject is reported once; after
/// kMaxWarnings of them, a last line says that there are more.
class SchemaWarnings {
 public:
  /// `thing` is the subject, which is reported at the first element that has it.
  void add(const xmlNode& element, const std::string& message, const std::string& thing);
  /// A name that the schemas use but do not define.
  void add_missing(const xmlNode& element, const std::string& missing);

  std::vector<std::string> take() && { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
  std::set<std::string> reported_;
};

}  // namespace sfjwt::wsdl
