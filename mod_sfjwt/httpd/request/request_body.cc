// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/request_body.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

constexpr std::size_t kFirstBytes = std::size_t{16} * 1024;
constexpr std::size_t kDoubledBytes = std::size_t{1024} * 1024;  // above this size, a body grows by a quarter
constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
// mod_deflate decompresses all the data that it reads for one call, and keeps what does not fit into the
// result: up to 200 times as much (DeflateInflateRatioLimit), which is not counted anywhere.
constexpr std::size_t kCompressedReadBytes = std::size_t{2} * 1024;
constexpr std::size_t kDrainedBytes = std::size_t{64} * 1024;

BodyReadError error_of(apr_status_t status) {
  switch (ap_map_http_request_error(status, HTTP_BAD_REQUEST)) {
    case AP_FILTER_ERROR:
      return BodyReadError::already_answered;
    case HTTP_REQUEST_ENTITY_TOO_LARGE:
      return BodyReadError::too_large;
    case HTTP_REQUEST_TIME_OUT:
      return BodyReadError::timed_out;
    default:
      return BodyReadError::unreadable;
  }
}

// Appends the data of one brigade to the body; true if the body is complete.
Result<bool, BodyReadError> take(apr_bucket_brigade* brigade, std::size_t limit, std::size_t expected,
                                 RequestBody& body) {
  for (apr_bucket* bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
       bucket = APR_BUCKET_NEXT(bucket)) {
    if (APR_BUCKET_IS_EOS(bucket)) return true;
    if (APR_BUCKET_IS_METADATA(bucket)) continue;
    const char* data = nullptr;
    apr_size_t length = 0;
    const apr_status_t status = apr_bucket_read(bucket, &data, &length, APR_BLOCK_READ);
    if (status != APR_SUCCESS) return Unexpected{error_of(status)};
    if (length > limit - body.view().size()) return Unexpected{BodyReadError::too_large};
    if (!body.append({data, length}, expected)) return Unexpected{BodyReadError::no_room};
  }
  return false;
}

}  // namespace

bool RequestBody::grow(std::size_t needed, std::size_t most) {
  const std::size_t now = bytes_.capacity();
  const std::size_t wished = now < kDoubledBytes ? std::max(kFirstBytes, 2 * now) : now + now / 4;
  std::size_t capacity = std::max(needed, std::min(wished, most));
  if (!reservation_.grow_to(capacity)) {
    capacity = needed;
    if (!reservation_.grow_to(capacity)) return false;
  }
  bytes_.grow_to(capacity);
  return true;
}

bool RequestBody::append(std::string_view bytes, std::size_t most) {
  if (bytes.empty()) return true;
  if (size_ + bytes.size() > bytes_.capacity() && !grow(size_ + bytes.size(), most)) return false;
  std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
  return true;
}

void RequestBody::wipe() {
  explicit_bzero(bytes_.data(), bytes_.capacity());
  size_ = 0;
}

void RequestBody::release() {
  bytes_.clear();
  size_ = 0;
  reservation_.release();
}

std::optional<std::size_t> announced_length(const request_rec* r) {
  const std::string_view text = as_view(apr_table_get(r->headers_in, "Content-Length"));
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || end != text.data() + text.size()) return {};
  if (error == std::errc::result_out_of_range) return SIZE_MAX;
  return length;
}

Result<Done, BodyReadError> read_body(request_rec* r, std::size_t limit, RequestBody& body) {
  // The length is known only without compression; a filter may still return more.
  const bool compressed = apr_table_get(r->headers_in, "Content-Encoding") != nullptr;
  const std::size_t expected = compressed ? limit : std::min(announced_length(r).value_or(limit), limit);
  const std::size_t at_once = compressed ? kCompressedReadBytes : kReadBytes;
  apr_bucket_brigade* brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
  for (;;) {
    const apr_status_t status = ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES, APR_BLOCK_READ,
                                               static_cast<apr_off_t>(at_once));
    if (status != APR_SUCCESS) return Unexpected{error_of(status)};
    const auto complete = take(brigade, limit, expected, body);
    apr_brigade_cleanup(brigade);
    if (!complete) return Unexpected{complete.error()};
    if (*complete) return Done{};
  }
}

void leave_body_unread(request_rec* r) {
  const bool chunked = apr_table_get(r->headers_in, "Transfer-Encoding") != nullptr;
  if (chunked || announced_length(r).value_or(0) > kDrainedBytes) r->connection->keepalive = AP_CONN_CLOSE;
}

}  // namespace sfjwt::httpd
