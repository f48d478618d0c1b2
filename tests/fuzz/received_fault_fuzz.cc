// SPDX-License-Identifier: Apache-2.0
// What a backend answers with status 500, compressed or not.
#include "fuzz_target.h"
#include "mod_sfjwt/net/content_coding.h"
#include "mod_sfjwt/soap/received_fault.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;

constexpr std::size_t kLimit = 64 * 1024;
constexpr std::string_view kCode = "INVALID_SESSION_ID";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz::text_of(data, size);
  must_hold(!soap::is_fault_with_code(body, kCode) || body.find("nvelope") != body.npos,
            "a fault has an envelope");
  for (const char* coding : {"gzip", "deflate", "", "br"}) {
    const auto document = net::decoded(body, coding, kLimit);
    must_hold(!document || document->size() <= kLimit, "what is decoded is within the limit");
    if (document) soap::is_fault_with_code(*document, kCode);
  }
  return 0;
}
