// SPDX-License-Identifier: Apache-2.0
// What a backend answers to the request for the user info, and the response to login made of it.
#include <filesystem>
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/login/login_response.h"
#include "mod_sfjwt/login/user_info.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/service_reader.h"
#include "mod_sfjwt/xml/scanner.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;

const soap::Wsdl& partner() {
  static const soap::Wsdl wsdl =
      wsdl::read_wsdl(std::filesystem::path(SFJWT_SOURCE_DIR) / "wsdl" / "sample-partner.wsdl",
                      gateway::kSalesforce.names)
          .value();
  return wsdl;
}

bool well_formed(std::string_view document) {
  const xml::Namespaces namespaces;
  xml::Scanner scanner(document, namespaces, xml::Limits());
  for (;;) {
    const auto tag = scanner.next();
    if (tag == xml::Scanner::Tag::done || tag == xml::Scanner::Tag::failed)
      return tag == xml::Scanner::Tag::done;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& names = gateway::kSalesforce.names.login;
  const soap::LoginDescription& description = *partner().login;
  const auto user = login::read_user_info(fuzz::text_of(data, size), description, names);
  if (!user) {
    must_hold(fuzz::is_plain_line(user.error().message), "an error may be logged");
    return 0;
  }
  must_hold(user->user_id.find_first_of("/?#%.") == std::string::npos, "an id can be part of a URL");
  const Secret id(std::string("handle"));
  const Secret document = login::login_response(description, names, soap::SoapVersion::v1_1,
                                                {id, "https://a/", "", false, *user});
  must_hold(well_formed(document.reveal()), "the response is well-formed");
  return 0;
}
