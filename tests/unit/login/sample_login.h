// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace sfjwt::login {

inline const soap::LoginNames& names() {
  return gateway::kSalesforce.names.login;
}

inline std::shared_ptr<const soap::Catalog> sample_catalog(schema::Mode mode = schema::Mode::strict,
                                                           const char* file = "sample-partner.wsdl") {
  return wsdl::load_catalog({std::filesystem::path(SFJWT_SOURCE_DIR) / "wsdl" / file},
                            {mode, schema::Relaxations::none()}, gateway::kSalesforce.names)
      .value();
}

/// The response to getUserInfo with these children of its result.
inline std::string user_info_response(const std::string& children,
                                      const std::string& soap = "schemas.xmlsoap.org/soap/envelope/") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://" + soap +
         "\" xmlns=\"urn:partner.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
         "<soapenv:Header><LimitInfoHeader><limitInfo><current>1</current><limit>9</limit><type>API "
         "REQUESTS</type></limitInfo></LimitInfoHeader></soapenv:Header><soapenv:Body><getUserInfoResponse>"
         "<result>" +
         children + "</result></getUserInfoResponse></soapenv:Body></soapenv:Envelope>";
}

inline const std::string kIds =
    "<organizationId>00DA0000000YpZ4MAK</organizationId><userId>005A000000AAAAAIAY</userId>";

}  // namespace sfjwt::login
