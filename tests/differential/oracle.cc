// SPDX-License-Identifier: Apache-2.0
#include "oracle.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlIO.h>

#include <cstdlib>
#include <cstring>
#include <map>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/soap/dom.h"

namespace sfjwt::soap {
namespace {

constexpr const char* kScheme = "schemas:";

const xmlChar* bytes(const std::string& text) {
  return reinterpret_cast<const xmlChar*>(text.c_str());
}
std::string_view view(const xmlChar* text) {
  return as_view(reinterpret_cast<const char*>(text));
}

// What the loader below gives out while a schema is compiled: file N of "schemas:N".
std::vector<std::string>* loadable = nullptr;

xmlParserInputPtr load(const char* url, const char*, xmlParserCtxtPtr context) {
  if (!url || std::strncmp(url, kScheme, std::strlen(kScheme)) != 0) return nullptr;
  const auto index = static_cast<std::size_t>(std::atoi(url + std::strlen(kScheme)));
  if (index >= loadable->size()) return nullptr;
  const std::string& text = (*loadable)[index];
  auto* buffer =
      xmlParserInputBufferCreateMem(text.data(), static_cast<int>(text.size()), XML_CHAR_ENCODING_NONE);
  xmlParserInputPtr input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE);
  if (input) input->filename = reinterpret_cast<char*>(xmlStrdup(reinterpret_cast<const xmlChar*>(url)));
  return input;
}

std::string without_end_of_line(const char* message) {
  std::string text(as_view(message));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void keep_first(void* problem, xmlErrorPtr error) {
  auto& text = *static_cast<std::string*>(problem);
  if (text.empty())
    text = without_end_of_line(error->message) + " (line " + std::to_string(error->line) + ")";
}

using Imports = std::map<std::string, std::size_t>;  // target namespace to file number

// An inline schema as a document of its own: with the namespace declarations in scope, and with imports that
// lead to the other inline schemas.
std::string extracted(const xmlNode& schema, const Imports& imports) {
  const Owned<xmlDoc, xmlFreeDoc> document{xmlNewDoc(nullptr)};
  xmlNode* root = xmlDocCopyNode(const_cast<xmlNode*>(&schema), document.get(), 1);
  xmlDocSetRootElement(document.get(), root);
  if (xmlNs** in_scope = xmlGetNsList(schema.doc, &schema)) {
    for (xmlNs** at = in_scope; *at; ++at) xmlNewNs(root, (*at)->href, (*at)->prefix);
    xmlFree(in_scope);
  }
  for (xmlNode* child = root->children; child;) {
    xmlNode* next = child->next;
    if (child->type == XML_ELEMENT_NODE && is(*child, kXsdNamespace, "import")) {
      xmlUnlinkNode(child);
      xmlFreeNode(child);
    }
    child = next;
  }
  xmlNode* first = root->children;
  const std::string own = attribute(schema, "targetNamespace").value_or("");
  for (const auto& [uri, file] : imports) {
    if (uri == own) continue;
    xmlNode* import = xmlNewDocNode(document.get(), root->ns, bytes("import"), nullptr);
    xmlNewProp(import, bytes("namespace"), bytes(uri));
    xmlNewProp(import, bytes("schemaLocation"), bytes(kScheme + std::to_string(file)));
    first ? xmlAddPrevSibling(first, import) : xmlAddChild(root, import);
  }
  xmlChar* text = nullptr;
  int size = 0;
  xmlDocDumpMemory(document.get(), &text, &size);
  std::string result(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
  xmlFree(text);
  return result;
}

std::size_t position_in_document(const xmlNode* wanted) {
  if (!wanted) return 0;
  while (wanted && wanted->type != XML_ELEMENT_NODE) wanted = wanted->parent;
  std::size_t position = 0;
  const xmlNode* node = xmlDocGetRootElement(wanted->doc);
  const xmlNode* root = node;
  while (node && node != wanted) {
    if (node->type == XML_ELEMENT_NODE) ++position;
    if (node->children && node->type == XML_ELEMENT_NODE) {
      node = node->children;
      continue;
    }
    while (node != root && !node->next) node = node->parent;
    node = node == root ? nullptr : node->next;
  }
  return position;
}

void note_violation(void* opinion, xmlErrorPtr error) {
  auto& noted = *static_cast<Opinion*>(opinion);
  if (noted.code != 0) return;
  noted.code = error->code;
  noted.message = without_end_of_line(error->message);
  noted.element = position_in_document(static_cast<const xmlNode*>(error->node));
}

void note_parse_error(void* opinion, xmlErrorPtr error) {
  auto& noted = *static_cast<Opinion*>(opinion);
  const bool about_uri = error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE;
  if (noted.code != 0 || about_uri || error->level == XML_ERR_WARNING) return;
  noted.code = error->code;
  noted.message = without_end_of_line(error->message);
}

Owned<xmlDoc, xmlFreeDoc> parsed(std::string_view document, Opinion& opinion) {
  const Owned<xmlParserCtxt, xmlFreeParserCtxt> context{xmlNewParserCtxt()};
  xmlSetStructuredErrorFunc(&opinion, note_parse_error);
  Owned<xmlDoc, xmlFreeDoc> tree{xmlCtxtReadMemory(
      context.get(), document.data(), static_cast<int>(document.size()), nullptr, nullptr, XML_PARSE_NONET)};
  xmlSetStructuredErrorFunc(nullptr, nullptr);
  opinion.well_formed = tree && opinion.code == 0;
  return tree;
}

xmlNode* first_element(xmlNode* node) {
  while (node && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

void take_off_soap_attributes(xmlNode& block, std::string_view soap) {
  for (xmlAttr* attribute = block.properties; attribute;) {
    xmlAttr* next = attribute->next;
    if (attribute->ns && view(attribute->ns->href) == soap) xmlRemoveProp(attribute);
    attribute = next;
  }
}

}  // namespace

Oracle::Oracle(const WsdlDocument& document) {
  Imports imports;
  for (const xmlNode* schema : document.schemas) {
    const std::string target = attribute(*schema, "targetNamespace").value_or("");
    if (!imports.emplace(target, imports.size()).second) problem_ = "two schemas have one target namespace";
  }
  if (!problem_.empty()) return;
  std::vector<std::string> files(imports.size());
  std::string all = "<xs:schema xmlns:xs='" + std::string(kXsdNamespace) + "'>";
  for (const xmlNode* schema : document.schemas) {
    const std::string target = attribute(*schema, "targetNamespace").value_or("");
    const std::size_t file = imports.at(target);
    files[file] = extracted(*schema, imports);
    all += "<xs:import namespace='" + xml_escaped(target) + "' schemaLocation='" + kScheme +
           std::to_string(file) + "'/>";
  }
  all += "</xs:schema>";
  loadable = &files;
  const xmlExternalEntityLoader before = xmlGetExternalEntityLoader();
  xmlSetExternalEntityLoader(load);
  {
    const Owned<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt> parser{
        xmlSchemaNewMemParserCtxt(all.data(), static_cast<int>(all.size()))};
    xmlSchemaSetParserStructuredErrors(parser.get(), keep_first, &problem_);
    schema_.reset(xmlSchemaParse(parser.get()));
  }
  xmlSetExternalEntityLoader(before);
  loadable = nullptr;
  if (!problem_.empty()) schema_.reset();
  if (schema_) context_.reset(xmlSchemaNewValidCtxt(schema_.get()));
}

Opinion Oracle::judge(std::string_view body) const {
  Opinion opinion;
  const auto tree = parsed(body, opinion);
  if (!opinion.well_formed) return opinion;
  xmlNode* envelope = xmlDocGetRootElement(tree.get());
  const std::string_view soap = namespace_name(*envelope);
  xmlSchemaSetValidStructuredErrors(context_.get(), note_violation, &opinion);
  opinion.valid = true;
  const auto validate = [&](xmlNode* part) {
    if (part && xmlSchemaValidateOneElement(context_.get(), part) != 0) opinion.valid = false;
  };
  for (xmlNode* part = first_element(envelope->children); part; part = first_element(part->next)) {
    if (is(*part, soap, "Header")) {
      for (xmlNode* block = first_element(part->children); block; block = first_element(block->next)) {
        take_off_soap_attributes(*block, soap);
        validate(block);
      }
    } else {
      validate(first_element(part->children));
    }
  }
  return opinion;
}

Opinion parse_opinion(std::string_view document) {
  Opinion opinion;
  parsed(document, opinion);
  return opinion;
}

}  // namespace sfjwt::soap
