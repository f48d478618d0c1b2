// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <optional>
#include <string_view>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// A request body in one piece, outside the pools: it grows by realloc, which moves large blocks without
/// copying them, and pools never give anything back before they die.
class RequestBody {
 public:
  RequestBody() = default;
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  /// Throws std::bad_alloc.
  void reserve(std::size_t bytes);
  void append(std::string_view bytes);
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  Owned<char, std::free> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

enum class BodyReadError { too_large, timed_out, unreadable, already_answered };

/// The length the client announced, if it did.
std::optional<std::size_t> announced_length(const request_rec* r);

/// Reads the request body to its end through the input filters, at most `limit` bytes of what they give.
Result<Done, BodyReadError> read_body(request_rec* r, std::size_t limit, RequestBody& body);

/// For a request refused before its body was read: a short body is left for httpd to drain, so that the
/// connection can go on; for a longer one the connection is closed after the answer.
void leave_body_unread(request_rec* r);

}  // namespace sfjwt::httpd
