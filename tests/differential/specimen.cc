// SPDX-License-Identifier: Apache-2.0
#include "specimen.h"

#include <algorithm>
#include <set>

#include "values.h"

namespace sfjwt::soap {
namespace {

constexpr int kMaxDepth = 9;

const xmlNode& schema_of(const xmlNode& component) {
  const xmlNode* node = &component;
  while (!wsdl::has_name(*node, wsdl::kXsdNamespace, "schema")) node = node->parent;
  return *node;
}

std::string target_of(const xmlNode& component) {
  return wsdl::attribute(schema_of(component), "targetNamespace").value_or("");
}

// The namespace of a local element or attribute.
std::string local_namespace(const xmlNode& declaration, const char* form_default) {
  const auto form = wsdl::attribute(declaration, "form");
  const auto by_default = wsdl::attribute(schema_of(declaration), form_default);
  return form.value_or(by_default.value_or("unqualified")) == "qualified" ? target_of(declaration) : "";
}

const xmlNode* extension_of(const xmlNode& type) {
  const xmlNode* content = wsdl::child(type, wsdl::kXsdNamespace, "complexContent");
  return content ? wsdl::child(*content, wsdl::kXsdNamespace, "extension") : nullptr;
}

std::size_t number(const xmlNode& node, const char* name) {
  const std::string value = wsdl::attribute(node, name).value_or("1");
  return value == "unbounded" ? 1'000 : static_cast<std::size_t>(std::atoi(value.c_str()));
}

}  // namespace

// One request while it is written.
class SpecimenWriter::Writing {
 public:
  Writing(const SpecimenWriter& writer, Random& random) : writer_(writer), random_(random) {}

  std::string text;

  void global(const xml::QName& name) {
    const auto found = writer_.elements_.find(name);
    if (found != writer_.elements_.end()) element(*found->second, writer_.prefixed(name));
  }

 private:
  void element(const xmlNode& declaration, const std::string& name) {
    ++depth_;
    text += '<' + name;
    if (wsdl::attribute(declaration, "nillable") == "true" && random_.one_in(5)) {
      text += " xsi:nil='true'/>";
    } else if (const auto type_name = wsdl::attribute(declaration, "type")) {
      typed(*wsdl::resolved(declaration, *type_name), name);
    } else if (const xmlNode* complex = wsdl::child(declaration, wsdl::kXsdNamespace, "complexType")) {
      complex_type(*complex, name);
    } else if (const xmlNode* simple = wsdl::child(declaration, wsdl::kXsdNamespace, "simpleType")) {
      text += '>' + simple_value(*simple) + "</" + name + '>';
    } else {
      text += ">anything</" + name + '>';
    }
    --depth_;
  }

  void typed(xml::QName type_name, const std::string& name) {
    const auto derived = writer_.derived_.find(type_name);
    const xmlNode* type = writer_.type(type_name);
    const bool abstract = type && wsdl::attribute(*type, "abstract") == "true";
    if (derived != writer_.derived_.end() && (abstract || random_.one_in(2))) {
      type_name = random_.one_of(derived->second);
      type = writer_.type(type_name);
      text += " xsi:type='" + writer_.prefixed(type_name) + '\'';
    } else if (random_.one_in(12)) {
      text += " xsi:type='" + writer_.prefixed(type_name) + '\'';
    }
    if (type && wsdl::has_name(*type, wsdl::kXsdNamespace, "complexType")) return complex_type(*type, name);
    text += '>' + (type ? simple_value(*type) : builtin_value(type_name.local_name)) + "</" + name + '>';
  }

  void complex_type(const xmlNode& type, const std::string& name) {
    attributes(type);
    text += '>';
    if (depth_ < kMaxDepth) content(type);
    text += "</" + name + '>';
  }

  void content(const xmlNode& type) {
    const xmlNode* extension = extension_of(type);
    if (extension) {
      if (const xmlNode* base =
              writer_.type(*wsdl::resolved(*extension, wsdl::attribute(*extension, "base").value_or(""))))
        content(*base);
    }
    const xmlNode* sequence_ = wsdl::child(extension ? *extension : type, wsdl::kXsdNamespace, "sequence");
    if (sequence_) sequence(*sequence_);
  }

  void sequence(const xmlNode& node) {
    for (const xmlNode& particle : wsdl::ChildElements(node)) {
      if (wsdl::has_name(particle, wsdl::kXsdNamespace, "sequence")) sequence(particle);
      const std::size_t least = number(particle, "minOccurs");
      const std::size_t most = std::min(number(particle, "maxOccurs"), least + 2);
      std::size_t count = least;
      // Types of hundreds of optional fields would make every request long.
      if (most > least && depth_ < 7 && random_.one_in(optional_chance(node)))
        count += 1 + random_.below(most - least);
      for (std::size_t i = 0; i < count; ++i) one(particle);
    }
  }

  static std::size_t optional_chance(const xmlNode& sequence_node) {
    return xmlChildElementCount(const_cast<xmlNode*>(&sequence_node)) > 20 ? 20 : 2;
  }

  void one(const xmlNode& particle) {
    if (wsdl::has_name(particle, wsdl::kXsdNamespace, "any")) return wildcard();
    if (!wsdl::has_name(particle, wsdl::kXsdNamespace, "element")) return;
    if (const auto ref = wsdl::attribute(particle, "ref")) return global(*wsdl::resolved(particle, *ref));
    const xml::QName name{local_namespace(particle, "elementFormDefault"),
                          wsdl::attribute(particle, "name").value_or("")};
    element(particle, writer_.prefixed(name));
  }

  void wildcard() {
    const std::string name = random_.one_of(writer_.element_names_);
    text += '<' + name;
    if (random_.one_in(3)) text += " xsi:type='xsd:" + std::string(random_.one_of(kTypes)) + '\'';
    text += ">5</" + name + '>';
  }

  void attributes(const xmlNode& type) {
    const xmlNode* extension = extension_of(type);
    for (const xmlNode& node : wsdl::ChildElements(extension ? *extension : type)) {
      if (!wsdl::has_name(node, wsdl::kXsdNamespace, "attribute") || !wsdl::attribute(node, "name")) continue;
      if (wsdl::attribute(node, "use") != "required" && random_.one_in(2)) continue;
      const xml::QName name{local_namespace(node, "attributeFormDefault"), *wsdl::attribute(node, "name")};
      const auto type_name = wsdl::attribute(node, "type");
      const std::string value =
          type_name ? builtin_value(wsdl::resolved(node, *type_name)->local_name) : "red";
      if (value.find_first_of("<'") == std::string::npos)
        text += ' ' + writer_.prefixed(name) + "='" + value + '\'';
    }
  }

  std::string builtin_value(std::string_view type_name) {
    return std::string(random_.one_of(valid_values(type_name)));
  }

  std::string simple_value(const xmlNode& type) {
    const xmlNode* restriction = wsdl::child(type, wsdl::kXsdNamespace, "restriction");
    if (!restriction) return "x";
    std::vector<std::string> enumerated;
    for (const xmlNode& facet : wsdl::ChildElements(*restriction)) {
      if (wsdl::has_name(facet, wsdl::kXsdNamespace, "enumeration"))
        enumerated.push_back(wsdl::attribute(facet, "value").value_or(""));
      if (wsdl::has_name(facet, wsdl::kXsdNamespace, "length")) return "001000000000001AAA";
    }
    if (!enumerated.empty()) return random_.one_of(enumerated);
    const auto base = wsdl::attribute(*restriction, "base");
    return base ? builtin_value(wsdl::resolved(*restriction, *base)->local_name) : "x";
  }

  static constexpr std::string_view kTypes[] = {"string", "int",      "double",      "boolean",
                                                "date",   "dateTime", "base64Binary"};

  const SpecimenWriter& writer_;
  Random& random_;
  int depth_ = 0;
};

SpecimenWriter::SpecimenWriter(const wsdl::WsdlDocument& document, const Wsdl& wsdl) : wsdl_(wsdl) {
  for (std::size_t i = 0; i < wsdl.namespaces.size(); ++i) prefixes_.push_back("n" + std::to_string(i));
  std::set<std::string> names;
  for (const xmlNode* schema : document.schemas) {
    for (const xmlNode& component : wsdl::ChildElements(*schema)) {
      const xml::QName name{target_of(component), wsdl::attribute(component, "name").value_or("")};
      if (wsdl::has_name(component, wsdl::kXsdNamespace, "element")) elements_.emplace(name, &component);
      if (!wsdl::has_name(component, wsdl::kXsdNamespace, "complexType") &&
          !wsdl::has_name(component, wsdl::kXsdNamespace, "simpleType"))
        continue;
      types_.emplace(name, &component);
      type_names_.push_back(prefixed(name));
      const xmlNode* extension = extension_of(component);
      if (extension)
        derived_[*wsdl::resolved(*extension, wsdl::attribute(*extension, "base").value_or(""))].push_back(
            name);
    }
    for (const xmlNode* node = schema; node;) {  // every declaration, however deep
      if (wsdl::has_name(*node, wsdl::kXsdNamespace, "element") && wsdl::attribute(*node, "name")) {
        names.insert(prefixed({target_of(*node), *wsdl::attribute(*node, "name")}));
      }
      if (node->children) {
        node = node->children;
        continue;
      }
      while (node != schema && !node->next) node = node->parent;
      node = node == schema ? nullptr : node->next;
    }
  }
  element_names_.assign(names.begin(), names.end());
}

const xmlNode* SpecimenWriter::type(const xml::QName& name) const {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : found->second;
}

std::string SpecimenWriter::prefixed(const xml::QName& name) const {
  if (name.namespace_uri == wsdl::kXsdNamespace) return "xsd:" + name.local_name;
  for (std::size_t i = 0; i < prefixes_.size(); ++i) {
    if (wsdl_.namespaces[i] == name.namespace_uri) return prefixes_[i] + ':' + name.local_name;
  }
  return name.local_name;
}

std::string SpecimenWriter::request(Random random) const {
  Writing writing(*this, random);
  std::string& text = writing.text;
  text =
      std::string("<e:Envelope xmlns:e='") +
      (wsdl_.soap11 ? "http://schemas.xmlsoap.org/soap/envelope/"
                    : "http://www.w3.org/2003/05/soap-envelope") +
      "' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:xsd='http://www.w3.org/2001/XMLSchema'";
  for (std::size_t i = 0; i < prefixes_.size(); ++i) {
    text += " xmlns:" + prefixes_[i] + "='" + wsdl_.namespaces[i] + '\'';
  }
  text += "><e:Header>";
  const Operation& operation = random.one_of(wsdl_.operations);
  for (const xml::QName& block : operation.header_blocks) {
    if (random.one_in(2)) writing.global(block);
  }
  text += "</e:Header><e:Body>";
  writing.global(operation.input);
  text += "</e:Body></e:Envelope>";
  return std::move(text);
}

}  // namespace sfjwt::soap
