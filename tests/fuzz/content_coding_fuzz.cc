// SPDX-License-Identifier: Apache-2.0
// The body of a backend's answer as the fault watch sees it: decoded within a limit, then looked at for a
// fault. The first byte says how large the limit is, the rest is the body: taken as encoded in each way, and
// encoded here.
#include <zlib.h>

#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/net/content_coding.h"
#include "mod_sfjwt/soap/received_fault.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;

constexpr std::size_t kLeastLimit = 256;
constexpr unsigned kLimits = 9;  // 256 bytes to 64 KB, each twice the one before
constexpr std::string_view kCode = "INVALID_SESSION_ID";
constexpr int kGzip = MAX_WBITS + 16;
constexpr int kZlib = MAX_WBITS;
constexpr int kRaw = -MAX_WBITS;

bool is_fault(std::string_view document) {
  return soap::is_fault_with_code(document, kCode);
}

std::string encoded(std::string_view text, int format) {
  z_stream stream{};
  must_hold(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY) == Z_OK,
            "there is memory to deflate");
  std::string result(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  must_hold(deflate(&stream, Z_FINISH) == Z_STREAM_END, "it can be deflated");
  result.resize(result.size() - stream.avail_out);
  deflateEnd(&stream);
  return result;
}

// What a stranger has encoded, or says so.
void try_as_it_is(std::string_view body, std::string_view coding, std::size_t limit) {
  const auto document = net::decoded(body, coding, limit);
  if (!document) return;
  const std::size_t size = document->size();
  must_hold(size <= limit, "what is decoded is within the limit");
  must_hold(net::decoded(body, coding, size) == document, "a limit of its very size is enough");
  must_hold(size == 0 || !net::decoded(body, coding, size - 1), "a limit below its size is not");
  if (!is_fault(*document)) return;
  must_hold(is_fault(*document + "<!-- -->"), "a comment may follow a fault");
  must_hold(!is_fault(*document + "x"), "nothing else may follow a fault");
  must_hold(!is_fault(std::string_view(*document).substr(0, document->rfind('>'))), "a fault is whole");
  must_hold(!is_fault("<a>" + *document + "</a>"), "a fault is the document, not a part of one");
}

// The body is a document, which we have encoded.
void try_encoded(std::string_view document, std::string_view coding, int format, std::size_t limit) {
  const std::string body = encoded(document, format);
  const auto decoded = net::decoded(body, coding, limit);
  must_hold(decoded.has_value() == (document.size() <= limit), "the limit alone decides about a whole body");
  if (!decoded) return;
  must_hold(*decoded == document, "decoding gives what was encoded");
  if (format == kZlib) return;  // without its header it could be a raw stream by chance
  must_hold(!net::decoded(body + 'x', coding, limit), "nothing follows the encoded body");
  must_hold(!net::decoded(std::string_view(body).substr(0, body.size() - 1), coding, limit),
            "a body that was cut is not decoded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t limit = kLeastLimit << (data[0] % kLimits);
  const std::string_view body = fuzz::text_of(data + 1, size - 1);
  for (const char* coding : {"gzip", "x-gzip", "deflate", "identity", ""}) try_as_it_is(body, coding, limit);
  for (const char* coding : {"br", "gzip, gzip", "identity, deflate"})
    must_hold(!net::decoded(body, coding, limit), "no other coding and no two are taken off");
  try_encoded(body, "gzip", kGzip, limit);
  try_encoded(body, "deflate", kZlib, limit);
  try_encoded(body, "deflate", kRaw, limit);
  return 0;
}
