// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/received_fault.h"

#include <cstddef>
#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/xml/limits.h"
#include "mod_sfjwt/xml/namespaces.h"
#include "mod_sfjwt/xml/scanner.h"

namespace sfjwt::soap {
namespace {

std::string_view local_part(std::string_view qname) {
  const auto colon = qname.rfind(':');
  return colon == std::string_view::npos ? qname : qname.substr(colon + 1);
}

// Finds the codes of a fault by the path of their ancestors.
class CodeReader {
 public:
  explicit CodeReader(std::string_view wanted) : wanted_(wanted) {}

  void start(const xml::Scanner& scanner) {
    const xml::Name& name = scanner.name();
    if (path_.empty()) version_ = name.namespace_id;
    if (path_ == "/Envelope/Body") ++children_of_body_;
    path_ += '/';
    path_ += is_known(name) ? name.local : "*";
    leaf_ = true;
  }

  void end(const xml::Scanner& scanner) {
    if (is_code()) {
      ++codes_;
      const std::string value = xml::character_data(scanner.content());
      if (leaf_ && local_part(trimmed(value)) == wanted_) found_ = true;
    }
    path_.resize(path_.rfind('/'));
    leaf_ = false;
  }

  // Other readers could use a second faultcode instead of the first.
  bool found() const { return found_ && children_of_body_ == 1 && (version_ == xml::kSoap12 || codes_ == 1); }

 private:
  // Elements of the namespace of the envelope, and elements without namespace, since faultcode is
  // unqualified.
  bool is_known(const xml::Name& name) const {
    return (version_ == xml::kSoap11 || version_ == xml::kSoap12) &&
           (name.namespace_id == version_ ||
            (name.namespace_id == xml::kNoNamespace && version_ == xml::kSoap11));
  }

  bool is_code() const {
    if (version_ == xml::kSoap11) return path_ == "/Envelope/Body/Fault/faultcode";
    return path_.starts_with("/Envelope/Body/Fault/Code/Subcode/") && path_.ends_with("/Value");
  }

  std::string_view wanted_;
  xml::NamespaceId version_ = xml::kNoNamespace;
  std::string path_;   // path of the open element, one name per level
  bool leaf_ = false;  // it has no child so far
  std::size_t children_of_body_ = 0;
  std::size_t codes_ = 0;
  bool found_ = false;
};

}  // namespace

bool is_fault_with_code(std::string_view document, std::string_view code) {
  const xml::Namespaces namespaces;
  xml::Scanner scanner(document, namespaces, xml::Limits());
  CodeReader reader(code);
  for (;;) {
    switch (scanner.next()) {
      case xml::Scanner::Tag::start:
        reader.start(scanner);
        break;
      case xml::Scanner::Tag::end:
        reader.end(scanner);
        break;
      case xml::Scanner::Tag::done:
        return reader.found();
      case xml::Scanner::Tag::failed:
        return false;
    }
  }
}

}  // namespace sfjwt::soap
