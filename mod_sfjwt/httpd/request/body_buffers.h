// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "mod_sfjwt/core/buffer_budget.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The memory that the request bodies of this process occupy, and to whom it is charged.
class BodyBuffers {
 public:
  /// SFJwtMaxBuffered: bytes, for each process.
  void configure(std::size_t bytes) { configured_ = bytes; }
  std::optional<std::size_t> configured() const { return configured_; }

  /// Reads how much memory there is; at start, while the process may still look everywhere. `largest_body`
  /// is the largest SFJwtMaxBody.
  void measure(std::size_t largest_body);

  /// In a new child. Without SFJwtMaxBuffered the limit is a quarter of the memory, divided by the number of
  /// processes the MPM may run, and at least twice the largest body.
  void child_init(const server_rec& server);

  /// A share of nothing yet, for the caller of this request: REMOTE_USER, or the address of the client; of
  /// IPv6 the first 64 bits, since a client has all of the others for itself.
  BufferReservation reservation_for(const request_rec* r);

  /// What is held and what may be, for a status page.
  const BufferBudget& budget() const { return budget_; }

 private:
  std::optional<std::size_t> configured_;
  std::size_t largest_body_ = 0;
  std::uint64_t memory_ = 0;
  std::uint64_t seed_ = 0;
  BufferBudget budget_;
};

}  // namespace sfjwt::httpd
