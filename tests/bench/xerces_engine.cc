// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/framework/XMLGrammarPoolImpl.hpp>
#include <xercesc/parsers/SAX2XMLReaderImpl.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/util/PlatformUtils.hpp>
#include <xercesc/util/XMLEntityResolver.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "engine.h"
#include "mod_sfjwt/wsdl/service_reader.h"
#include "schema_files.h"

namespace sfjwt::bench {
namespace {

namespace x = xercesc;

std::string narrow(const XMLCh* text) {
  char* copy = x::XMLString::transcode(text);
  std::string result = copy ? copy : "";
  x::XMLString::release(&copy);
  return result;
}

const XMLByte* bytes(std::string_view text) {
  return reinterpret_cast<const XMLByte*>(text.data());
}

// Gives out the schemas by their namespaces.
class Resolver : public x::XMLEntityResolver {
 public:
  explicit Resolver(const std::vector<soap::SchemaFile>& files) : files_(files) {}
  x::InputSource* resolveEntity(x::XMLResourceIdentifier* wanted) override {
    const std::string uri = narrow(wanted->getNameSpace());
    for (const soap::SchemaFile& file : files_) {
      // Xerces takes it over.
      if (file.namespace_uri == uri)
        return std::make_unique<x::MemBufInputSource>(bytes(file.text), file.text.size(), uri.c_str())
            .release();
    }
    return nullptr;
  }

 private:
  const std::vector<soap::SchemaFile>& files_;
};

class Errors : public x::DefaultHandler {
 public:
  void error(const x::SAXParseException& error) override { note(error); }
  void fatalError(const x::SAXParseException& error) override { note(error); }
  void resetErrors() override {}
  bool none() const { return count_ == 0; }
  const std::string& first() const { return first_; }
  void forget() { count_ = 0; }

 private:
  void note(const x::SAXParseException& error) {
    if (count_++ == 0) first_ = narrow(error.getMessage());
  }
  std::size_t count_ = 0;
  std::string first_;
};

class Reader : public Engine {
 public:
  explicit Reader(const std::vector<soap::SchemaFile>& files) {
    reader_.setFeature(x::XMLUni::fgSAX2CoreNameSpaces, true);
    reader_.setFeature(x::XMLUni::fgSAX2CoreValidation, true);
    reader_.setFeature(x::XMLUni::fgXercesDynamic, false);
    reader_.setFeature(x::XMLUni::fgXercesSchema, true);
    reader_.setFeature(x::XMLUni::fgXercesSchemaFullChecking, false);
    reader_.setFeature(x::XMLUni::fgXercesUseCachedGrammarInParse, true);
    reader_.setErrorHandler(&errors_);
    Resolver resolver(files);
    reader_.setXMLEntityResolver(&resolver);
    const std::string all = soap::schema_of_all(files);
    reader_.loadGrammar(x::MemBufInputSource(bytes(all), all.size(), "all"), x::Grammar::SchemaGrammarType,
                        true);
    reader_.setXMLEntityResolver(nullptr);
    if (!errors_.none()) throw std::runtime_error("Xerces-C++: " + errors_.first());
    pool_.lockPool();
    reader_.setFeature(x::XMLUni::fgXercesLoadSchema, false);
  }
  std::string_view name() const override { return "Xerces-C++ SAX2"; }
  bool accepts(std::string_view message) override {
    errors_.forget();
    reader_.parse(x::MemBufInputSource(bytes(message), message.size(), "message"));
    return errors_.none();
  }

 private:
  struct Platform {
    Platform() { x::XMLPlatformUtils::Initialize(); }
    ~Platform() { x::XMLPlatformUtils::Terminate(); }
    Platform(const Platform&) = delete;
    Platform& operator=(const Platform&) = delete;
  };
  Platform platform_;
  x::XMLGrammarPoolImpl pool_;
  Errors errors_;
  x::SAX2XMLReaderImpl reader_{x::XMLPlatformUtils::fgMemoryManager, &pool_};
};

}  // namespace

Engines xerces_engines(const std::filesystem::path& wsdl) {
  const auto document = wsdl::open_wsdl(wsdl);
  if (!document) throw std::runtime_error(document.error().message);
  auto files = soap::schema_files(*document);
  if (!files) throw std::runtime_error("Xerces-C++: " + files.error());
  files->push_back({"http://schemas.xmlsoap.org/soap/envelope/", std::string(kEnvelopeSchema)});
  Engines engines;
  engines.push_back(std::make_unique<Reader>(*files));
  return engines;
}

}  // namespace sfjwt::bench
