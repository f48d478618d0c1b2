// SPDX-License-Identifier: Apache-2.0
#include "oracle.h"

#include <libxml/parser.h>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "schema_files.h"

namespace sfjwt::soap {
namespace {

std::string_view view(const xmlChar* text) {
  return as_view(reinterpret_cast<const char*>(text));
}

std::string without_end_of_line(const char* message) {
  std::string text(as_view(message));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
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

Oracle::Oracle(const wsdl::WsdlDocument& document) {
  const auto files = schema_files(document);
  const auto schema = files ? compiled_by_libxml2(*files) : Unexpected{files.error()};
  if (!schema) {
    problem_ = schema.error();
    return;
  }
  schema_ = *schema;
  context_.reset(xmlSchemaNewValidCtxt(schema_.get()));
}

Opinion Oracle::judge(std::string_view body) const {
  Opinion opinion;
  const auto tree = parsed(body, opinion);
  if (!opinion.well_formed) return opinion;
  xmlNode* envelope = xmlDocGetRootElement(tree.get());
  const std::string_view soap = wsdl::namespace_name(*envelope);
  xmlSchemaSetValidStructuredErrors(context_.get(), note_violation, &opinion);
  opinion.valid = true;
  const auto validate = [&](xmlNode* part) {
    if (part && xmlSchemaValidateOneElement(context_.get(), part) != 0) opinion.valid = false;
  };
  for (xmlNode* part = first_element(envelope->children); part; part = first_element(part->next)) {
    if (wsdl::has_name(*part, soap, "Header")) {
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
