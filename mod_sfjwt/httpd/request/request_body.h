// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/buffer_budget.h"
#include "mod_sfjwt/core/growing_buffer.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// A contiguous request body, allocated outside the pools, because those return no memory before they are
/// destroyed. Its memory counts against a reservation until it is destroyed or released.
class RequestBody {
 public:
  RequestBody() = default;
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  /// Charges every byte from now on. Call it before the first append.
  void charge_to(BufferReservation reservation) { reservation_ = std::move(reservation); }

  /// Appends bytes; the body will have at most `most` bytes. False, with nothing appended, if the reservation
  /// cannot grow. Throws std::bad_alloc.
  [[nodiscard]] bool append(std::string_view bytes, std::size_t most);
  std::string_view view() const { return {bytes_.data(), size_}; }

  /// Overwrites the content; the view is then empty. Of a body of more than 16 KB, earlier copies may be
  /// left.
  void wipe();

  /// Frees the memory; the view is then empty.
  void release();

 private:
  bool grow(std::size_t needed, std::size_t most);

  BufferReservation reservation_;
  GrowingBuffer bytes_;
  std::size_t size_ = 0;
};

enum class BodyReadError { too_large, no_room, timed_out, unreadable, already_answered };

/// The Content-Length, if there is one.
std::optional<std::size_t> announced_length(const request_rec* r);

/// Reads the request body to its end through the input filters, at most `limit` bytes of their output. Memory
/// is used only for data that has arrived, whatever length was announced.
Result<Done, BodyReadError> read_body(request_rec* r, std::size_t limit, RequestBody& body);

/// For a request that is refused before its body is read: httpd drains a short body, so that the connection
/// can be reused; with a longer one the connection is closed after the response.
void leave_body_unread(request_rec* r);

}  // namespace sfjwt::httpd
