// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/document.h"

#include <algorithm>
#include <deque>
#include <new>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/url.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/file_format.h"
#include "mod_sfjwt/wsdl/xml_file.h"

namespace sfjwt::wsdl {
namespace {

namespace fs = std::filesystem;

// RFC 3986 section 4.2: "scheme:" or "//authority" at the beginning of a reference.
bool leaves_the_directory_tree(std::string_view location) {
  if (location.starts_with("//")) return true;
  const auto colon = location.find_first_of(":/?#");
  return colon != std::string_view::npos && colon > 0 && location[colon] == ':';
}

bool below(const fs::path& path, const fs::path& directory) {
  return std::mismatch(directory.begin(), directory.end(), path.begin(), path.end()).first == directory.end();
}

// What an import or include requires of the file it names.
enum class Kind { wsdl_import, xsd_import, xsd_include };

constexpr std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::wsdl_import:
      return "wsdl:import";
    case Kind::xsd_import:
      return "xsd:import";
    case Kind::xsd_include:
      return "xsd:include";
  }
  return {};
}

struct Reference {
  Kind kind;
  const xmlNode* element;        // the import or include, for messages
  fs::path path;                 // canonical
  std::string name;              // as shown in messages
  std::string target_namespace;  // required of the schema; unused for wsdl:import
};

// Files are processed from a queue, so that a chain of imports does not use the stack, and each file only
// once, so that a cycle ends.
class Opening {
 public:
  explicit Opening(const fs::path& file) { opened_.file = file.string(); }

  Result<WsdlDocument, soap::WsdlError> run() {
    std::error_code failure;
    const fs::path path = fs::canonical(opened_.file, failure);
    if (failure) {
      return Unexpected{soap::WsdlError{opened_.file, 0, "cannot be read: " + failure.message()}};
    }
    directory_ = path.parent_path();
    if (auto done = add_main(path); !done) return Unexpected{std::move(done).error()};
    while (!pending_.empty()) {
      const Reference reference = std::move(pending_.front());
      pending_.pop_front();
      if (auto done = add(reference); !done) return Unexpected{std::move(done).error()};
    }
    return std::move(opened_);
  }

 private:
  using Outcome = Result<Done, soap::WsdlError>;

  Outcome add_main(const fs::path& path) {
    auto document = read_xml_file(path, opened_.file, budget_);
    if (!document) return Unexpected{std::move(document).error()};
    const xmlNode& root = *xmlDocGetRootElement(document->get());
    if (!has_name(root, kWsdlNamespace, "definitions")) {
      if (const auto why = why_not_wsdl(root); !why.empty()) return Unexpected{error_at(root, why)};
      return Unexpected{
          error_at(root, "is not a WSDL 1.1 document: its root element is " +
                             shown({std::string(namespace_name(root)), std::string(local_name(root))}))};
    }
    taken_.emplace(path, kWsdlNamespace);
    return take(std::move(*document), path);
  }

  Outcome add(const Reference& reference) {
    const bool by_wsdl = reference.kind == Kind::wsdl_import;
    const std::string expected = by_wsdl ? std::string(kWsdlNamespace) : reference.target_namespace;
    if (taken_.contains({reference.path, expected})) return Done{};
    auto document = read_xml_file(reference.path, reference.name, budget_);
    if (!document) return Unexpected{std::move(document).error()};
    xmlNode& root = *xmlDocGetRootElement(document->get());
    const bool is_schema = has_name(root, kXsdNamespace, "schema");
    if (!is_schema && !(by_wsdl && has_name(root, kWsdlNamespace, "definitions"))) {
      return refused(reference, "what it names is " + shown({std::string(namespace_name(root)),
                                                             std::string(local_name(root))}));
    }
    if (is_schema && !by_wsdl) {
      if (auto fits = fit_namespace(reference, root); !fits) return fits;
    }
    taken_.emplace(reference.path, expected);
    if (is_schema && by_wsdl) {
      if (!taken_.emplace(reference.path, attribute(root, "targetNamespace").value_or("")).second)
        return Done{};
    }
    return take(std::move(*document), reference.path);
  }

  // XML Schema Part 1, sections 4.2.1 and 4.2.3: an included schema without a target namespace takes that of
  // the including one, also for its unprefixed references.
  static Outcome fit_namespace(const Reference& reference, xmlNode& root) {
    const std::string own = attribute(root, "targetNamespace").value_or("");
    if (own == reference.target_namespace) return Done{};
    if (reference.kind != Kind::xsd_include || !own.empty()) {
      return refused(reference, "the schema there has the target namespace \"" + own + "\" instead of \"" +
                                    reference.target_namespace + "\"");
    }
    const auto* uri = reinterpret_cast<const xmlChar*>(reference.target_namespace.c_str());
    bool has_default = false;
    for (const xmlNs* declared = root.nsDef; declared; declared = declared->next)
      has_default |= !declared->prefix;
    if (!xmlSetProp(&root, reinterpret_cast<const xmlChar*>("targetNamespace"), uri)) throw std::bad_alloc();
    if (!has_default && !xmlNewNs(&root, uri, nullptr)) throw std::bad_alloc();
    return Done{};
  }

  // Keeps the document and queues the files that it refers to.
  Outcome take(XmlFile document, const fs::path& path) {
    const xmlNode& root = *xmlDocGetRootElement(document.get());
    opened_.documents.push_back(std::move(document));
    if (has_name(root, kXsdNamespace, "schema")) return take_schema(root, path);
    for (const xmlNode& item : ChildElements(root)) {
      if (has_name(item, kWsdlNamespace, "import")) {
        auto location = attribute(item, "location");
        if (!location) return Unexpected{error_at(item, "wsdl:import without a location")};
        if (auto done = follow(Kind::wsdl_import, item, *location, path, {}); !done) return done;
      } else if (has_name(item, kWsdlNamespace, "types")) {
        for (const xmlNode& schema : ChildElements(item)) {
          if (!has_name(schema, kXsdNamespace, "schema")) continue;
          if (auto done = take_schema(schema, path); !done) return done;
        }
      }
    }
    return Done{};
  }

  Outcome take_schema(const xmlNode& schema, const fs::path& path) {
    opened_.schemas.push_back(&schema);
    const std::string own = attribute(schema, "targetNamespace").value_or("");
    for (const xmlNode& item : ChildElements(schema)) {
      const bool imports = has_name(item, kXsdNamespace, "import");
      if (!imports && !has_name(item, kXsdNamespace, "include")) continue;
      const auto location = attribute(item, "schemaLocation");
      if (!location && imports) continue;  // inline schemas import each other without a location
      if (!location) return Unexpected{error_at(item, "xsd:include without a schemaLocation")};
      auto done =
          imports ? follow(Kind::xsd_import, item, *location, path, attribute(item, "namespace").value_or(""))
                  : follow(Kind::xsd_include, item, *location, path, own);
      if (!done) return done;
    }
    return Done{};
  }

  // No file outside the directory is even looked up: the names are checked before symbolic links are
  // resolved.
  Outcome follow(Kind kind, const xmlNode& element, const std::string& location, const fs::path& from,
                 std::string target_namespace) {
    Reference reference{kind, &element, {}, location, std::move(target_namespace)};
    if (++imports_ > kMaxImports)
      return refused(reference, "the WSDL has " + more_than(kMaxImports, "imports and includes"));
    if (leaves_the_directory_tree(location)) {
      return refused(reference, "it is not fetched; save it next to the WSDL and name the file instead");
    }
    const std::string relative = percent_decoded(location);
    if (relative.empty() || relative.find('\0') != std::string::npos) {
      return refused(reference, "it names no file");
    }
    const fs::path wanted = (from.parent_path() / relative).lexically_normal();
    if (!below(wanted, directory_)) return outside(reference);
    std::error_code failure;
    reference.path = fs::canonical(wanted, failure);
    if (failure) return refused(reference, failure.message());
    if (!below(reference.path, directory_)) return outside(reference);
    reference.name =
        (fs::path(opened_.file).parent_path() / reference.path.lexically_relative(directory_)).string();
    pending_.push_back(std::move(reference));
    return Done{};
  }

  static Unexpected<soap::WsdlError> outside(const Reference& reference) {
    return refused(reference, "it lies outside the directory of the WSDL");
  }

  static Unexpected<soap::WsdlError> refused(const Reference& reference, const std::string& why) {
    return Unexpected{error_at(
        *reference.element, std::string(name_of(reference.kind)) + " of \"" + reference.name + "\": " + why)};
  }

  WsdlDocument opened_;
  fs::path directory_;  // canonical; nothing outside is read
  XmlBudget budget_;
  std::size_t imports_ = 0;
  std::deque<Reference> pending_;
  std::set<std::pair<fs::path, std::string>> taken_;  // file, and the target namespace it was included with
};

}  // namespace

Result<WsdlDocument, soap::WsdlError> open_wsdl(const std::filesystem::path& file) {
  return Opening(file).run();
}

}  // namespace sfjwt::wsdl
