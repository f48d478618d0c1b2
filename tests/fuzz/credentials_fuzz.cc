// SPDX-License-Identifier: Apache-2.0
// The body of a login request, validated or not.
#include "fuzz_target.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/login/credentials.h"
#include "mod_sfjwt/xml/characters.h"

using namespace sfjwt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz::text_of(data, size);
  const auto credentials = login::read_credentials(body, gateway::kSalesforce.names.login, {});
  if (!credentials) {
    fuzz::must_hold(fuzz::is_plain_line(credentials.error().message), "an error may be shown");
    return 0;
  }
  for (const std::string_view value :
       {std::string_view(credentials->user_name), credentials->password.reveal()}) {
    fuzz::must_hold(value.size() <= size, "a value is not longer than the body");
    fuzz::must_hold(xml::check_characters(value).first_bad == value.size(), "a value has characters of XML");
  }
  return 0;
}
