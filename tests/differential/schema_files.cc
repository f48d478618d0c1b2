// SPDX-License-Identifier: Apache-2.0
#include "schema_files.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlIO.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::soap {
namespace {

constexpr const char* kScheme = "schemas:";

const xmlChar* bytes(const std::string& text) {
  return reinterpret_cast<const xmlChar*>(text.c_str());
}

// What the loader below gives out while a schema is compiled: file N of "schemas:N".
const std::vector<SchemaFile>* loadable = nullptr;

xmlParserInputPtr load(const char* url, const char*, xmlParserCtxtPtr context) {
  if (!url || std::strncmp(url, kScheme, std::strlen(kScheme)) != 0) return nullptr;
  const auto index = static_cast<std::size_t>(std::atoi(url + std::strlen(kScheme)));
  if (index >= loadable->size()) return nullptr;
  const std::string& text = (*loadable)[index].text;
  auto* buffer =
      xmlParserInputBufferCreateMem(text.data(), static_cast<int>(text.size()), XML_CHAR_ENCODING_NONE);
  xmlParserInputPtr input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE);
  if (input) input->filename = reinterpret_cast<char*>(xmlStrdup(reinterpret_cast<const xmlChar*>(url)));
  return input;
}

void keep_first(void* problem, xmlErrorPtr error) {
  auto& text = *static_cast<std::string*>(problem);
  if (!text.empty()) return;
  text = as_view(error->message);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text += " (line " + std::to_string(error->line) + ")";
}

void take_off_imports(xmlNode& schema) {
  for (xmlNode* child = schema.children; child;) {
    xmlNode* next = child->next;
    if (child->type == XML_ELEMENT_NODE && wsdl::has_name(*child, wsdl::kXsdNamespace, "import")) {
      xmlUnlinkNode(child);
      xmlFreeNode(child);
    }
    child = next;
  }
}

// With the namespace declarations in scope, and with imports that lead to the other files.
std::string extracted(const xmlNode& schema, const std::vector<SchemaFile>& files) {
  const Owned<xmlDoc, xmlFreeDoc> document{xmlNewDoc(nullptr)};
  xmlNode* root = xmlDocCopyNode(const_cast<xmlNode*>(&schema), document.get(), 1);
  xmlDocSetRootElement(document.get(), root);
  if (xmlNs** in_scope = xmlGetNsList(schema.doc, &schema)) {
    for (xmlNs** at = in_scope; *at; ++at) xmlNewNs(root, (*at)->href, (*at)->prefix);
    xmlFree(in_scope);
  }
  take_off_imports(*root);
  xmlNode* first = root->children;
  const std::string own = wsdl::attribute(schema, "targetNamespace").value_or("");
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].namespace_uri == own) continue;
    xmlNode* import = xmlNewDocNode(document.get(), root->ns, bytes("import"), nullptr);
    xmlNewProp(import, bytes("namespace"), bytes(files[i].namespace_uri));
    xmlNewProp(import, bytes("schemaLocation"), bytes(kScheme + std::to_string(i)));
    first ? xmlAddPrevSibling(first, import) : xmlAddChild(root, import);
  }
  xmlChar* text = nullptr;
  int size = 0;
  xmlDocDumpMemory(document.get(), &text, &size);
  std::string result(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
  xmlFree(text);
  return result;
}

}  // namespace

Result<std::vector<SchemaFile>, std::string> schema_files(const wsdl::WsdlDocument& document) {
  std::vector<SchemaFile> files;
  for (const xmlNode* schema : document.schemas) {
    const std::string target = wsdl::attribute(*schema, "targetNamespace").value_or("");
    const auto same = [&](const SchemaFile& file) { return file.namespace_uri == target; };
    if (std::any_of(files.begin(), files.end(), same)) {
      return Unexpected{std::string("two schemas have one target namespace")};
    }
    files.push_back({target, {}});
  }
  for (std::size_t i = 0; i < files.size(); ++i) files[i].text = extracted(*document.schemas[i], files);
  return files;
}

std::string schema_of_all(const std::vector<SchemaFile>& files) {
  std::string text = "<xs:schema xmlns:xs='" + std::string(wsdl::kXsdNamespace) + "'>";
  for (std::size_t i = 0; i < files.size(); ++i) {
    text += "<xs:import namespace='" + xml_escaped(files[i].namespace_uri) + "' schemaLocation='" + kScheme +
            std::to_string(i) + "'/>";
  }
  return text + "</xs:schema>";
}

Result<std::shared_ptr<xmlSchema>, std::string> compiled_by_libxml2(const std::vector<SchemaFile>& files) {
  const std::string all = schema_of_all(files);
  std::string problem;
  loadable = &files;
  const xmlExternalEntityLoader before = xmlGetExternalEntityLoader();
  xmlSetExternalEntityLoader(load);
  std::shared_ptr<xmlSchema> schema;
  {
    const Owned<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt> parser{
        xmlSchemaNewMemParserCtxt(all.data(), static_cast<int>(all.size()))};
    xmlSchemaSetParserStructuredErrors(parser.get(), keep_first, &problem);
    schema.reset(xmlSchemaParse(parser.get()), xmlSchemaFree);
  }
  xmlSetExternalEntityLoader(before);
  loadable = nullptr;
  if (!problem.empty()) return Unexpected{std::move(problem)};
  return schema;
}

}  // namespace sfjwt::soap
