// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/content_coding.h"

#include <zlib.h>

#include <climits>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::net {
namespace {

constexpr int kZlibOrGzip = MAX_WBITS + 32;
constexpr int kRawDeflate = -MAX_WBITS;

std::optional<std::string> inflated(std::string_view body, int format, std::size_t limit) {
  if (body.size() > UINT_MAX || limit >= UINT_MAX) return {};
  z_stream stream{};
  if (inflateInit2(&stream, format) != Z_OK) return {};
  std::string result(limit + 1, '\0');  // one byte more than the limit, to detect an excess
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int status = inflate(&stream, Z_FINISH);
  const std::size_t size = result.size() - stream.avail_out;
  const bool whole = status == Z_STREAM_END && stream.avail_in == 0 && size <= limit;
  inflateEnd(&stream);
  if (!whole) return {};
  result.resize(size);
  return result;
}

}  // namespace

std::optional<std::string> decoded(std::string_view body, std::string_view coding, std::size_t limit) {
  coding = trimmed(coding);
  if (coding.empty() || equals_ignoring_case(coding, "identity")) {
    if (body.size() > limit) return {};
    return std::string(body);
  }
  if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip"))
    return inflated(body, kZlibOrGzip, limit);
  if (!equals_ignoring_case(coding, "deflate")) return {};
  // Many senders omit the zlib header that RFC 9110 requires.
  auto result = inflated(body, kZlibOrGzip, limit);
  return result ? result : inflated(body, kRawDeflate, limit);
}

}  // namespace sfjwt::net
