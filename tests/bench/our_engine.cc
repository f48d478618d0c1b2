// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "engine.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace sfjwt::bench {
namespace {

class OurEngine : public Engine {
 public:
  explicit OurEngine(std::shared_ptr<const soap::Catalog> catalog) : catalog_(std::move(catalog)) {}
  std::string_view name() const override { return "sfjwt"; }
  bool accepts(std::string_view message) override {
    return soap::read_envelope(message, *catalog_, {}).has_value();
  }

 private:
  std::shared_ptr<const soap::Catalog> catalog_;
};

}  // namespace

Engines our_engines(const std::filesystem::path& wsdl) {
  auto catalog = wsdl::load_catalog({wsdl}, {schema::Mode::strict, schema::Relaxations::none()},
                                    gateway::kSalesforce.names);
  if (!catalog) throw std::runtime_error("sfjwt: " + catalog.error().message);
  Engines engines;
  engines.push_back(std::make_unique<OurEngine>(*std::move(catalog)));
  return engines;
}

}  // namespace sfjwt::bench
