// SPDX-License-Identifier: Apache-2.0
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <stdexcept>

#include "engine.h"
#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/wsdl/service_reader.h"
#include "schema_files.h"

namespace sfjwt::bench {
namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;  // what comes from a socket at once, and fast

void ignore(void*, xmlErrorPtr) {}

using Schema = std::shared_ptr<xmlSchema>;
using Validator = Owned<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt>;

Validator validator(const Schema& schema) {
  Validator context{xmlSchemaNewValidCtxt(schema.get())};
  xmlSchemaSetValidStructuredErrors(context.get(), ignore, nullptr);
  return context;
}

class Streaming : public Engine {
 public:
  explicit Streaming(Schema schema) : schema_(std::move(schema)), validator_(validator(schema_)) {}
  std::string_view name() const override { return "libxml2 streaming"; }
  bool accepts(std::string_view message) override {
    xmlSAXHandler* handler = nullptr;
    void* handler_data = nullptr;
    xmlSchemaSAXPlugStruct* plug = xmlSchemaSAXPlug(validator_.get(), &handler, &handler_data);
    bool well_formed = false;
    {
      const Owned<xmlParserCtxt, xmlFreeParserCtxt> parser{
          xmlCreatePushParserCtxt(handler, handler_data, nullptr, 0, nullptr)};
      xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET);
      for (std::size_t at = 0; at < message.size(); at += kChunk) {
        const std::string_view chunk = message.substr(at, kChunk);
        if (xmlParseChunk(parser.get(), chunk.data(), static_cast<int>(chunk.size()), 0) != 0) break;
      }
      well_formed = xmlParseChunk(parser.get(), nullptr, 0, 1) == 0 && parser->wellFormed;
    }
    const bool valid = xmlSchemaIsValid(validator_.get()) == 1;
    xmlSchemaSAXUnplug(plug);
    return well_formed && valid;
  }

 private:
  Schema schema_;
  Validator validator_;
};

class Tree : public Engine {
 public:
  explicit Tree(Schema schema) : schema_(std::move(schema)), validator_(validator(schema_)) {}
  std::string_view name() const override { return "libxml2 tree"; }
  bool accepts(std::string_view message) override {
    const Owned<xmlDoc, xmlFreeDoc> document{
        xmlReadMemory(message.data(), static_cast<int>(message.size()), nullptr, nullptr, XML_PARSE_NONET)};
    return document && xmlSchemaValidateDoc(validator_.get(), document.get()) == 0;
  }

 private:
  Schema schema_;
  Validator validator_;
};

}  // namespace

Engines libxml2_engines(const std::filesystem::path& wsdl) {
  const auto document = wsdl::open_wsdl(wsdl);
  if (!document) throw std::runtime_error(document.error().message);
  auto files = soap::schema_files(*document);
  if (!files) throw std::runtime_error("libxml2: " + files.error());
  files->push_back({"http://schemas.xmlsoap.org/soap/envelope/", std::string(kEnvelopeSchema)});
  auto compiled = soap::compiled_by_libxml2(*files);
  if (!compiled) throw std::runtime_error("libxml2: " + compiled.error());
  const Schema schema = *std::move(compiled);
  xmlSetStructuredErrorFunc(nullptr, ignore);
  Engines engines;
  engines.push_back(std::make_unique<Streaming>(schema));
  engines.push_back(std::make_unique<Tree>(schema));
  return engines;
}

}  // namespace sfjwt::bench
