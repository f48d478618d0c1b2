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

/// A request body in one piece, outside the pools, which never give anything back before they die. What it
/// occupies is charged to a reservation until it is destroyed or released.
class RequestBody {
 public:
  RequestBody() = default;
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  /// From now on every byte is charged; before anything is appended.
  void charge_to(BufferReservation reservation) { reservation_ = std::move(reservation); }

  /// The body will have `most` bytes at most. False: the reservation has no room, and nothing was appended.
  /// Throws std::bad_alloc.
  [[nodiscard]] bool append(std::string_view bytes, std::size_t most);
  std::string_view view() const { return {bytes_.data(), size_}; }

  /// Gives the memory back; the view is empty then.
  void release();

 private:
  bool grow(std::size_t needed, std::size_t most);

  BufferReservation reservation_;
  GrowingBuffer bytes_;
  std::size_t size_ = 0;
};

enum class BodyReadError { too_large, no_room, timed_out, unreadable, already_answered };

/// The length the client announced, if it did.
std::optional<std::size_t> announced_length(const request_rec* r);

/// Reads the request body to its end through the input filters, at most `limit` bytes of what they give. Only
/// what has come takes memory, whatever was announced.
Result<Done, BodyReadError> read_body(request_rec* r, std::size_t limit, RequestBody& body);

/// For a request refused before its body was read: a short body is left for httpd to drain, so that the
/// connection can go on; for a longer one the connection is closed after the answer.
void leave_body_unread(request_rec* r);

}  // namespace sfjwt::httpd
