// SPDX-License-Identifier: Apache-2.0
// The Content-Type of a request.
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/media_type.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sfjwt;
  using fuzz::must_hold;
  const std::string_view content_type = fuzz::text_of(data, size);
  const auto type = gateway::media_type(content_type);
  if (!type) {
    must_hold(fuzz::is_plain_line(type.error().message), "a refusal is one plain line");
    return 0;
  }
  const std::string lower = ascii_lower(trimmed(content_type));
  const bool soap12 = type->version == soap::SoapVersion::v1_2;
  must_hold(lower.starts_with(soap12 ? "application/soap+xml" : "text/xml"),
            "the version is that of the type");
  for (const char* charset : {";charset=utf-16", "; charset=iso-8859-1", "; charset=\"utf-7"}) {
    must_hold(lower.find(charset) == std::string::npos, "no charset but UTF-8 and its part");
  }
  return 0;
}
