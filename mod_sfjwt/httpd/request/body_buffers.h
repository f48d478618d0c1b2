// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "mod_sfjwt/core/buffer_budget.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The memory for the request bodies of this process, and the callers that use it.
class BodyBuffers {
 public:
  /// SFJwtMaxBuffered in bytes, per process.
  void configure(std::size_t bytes) { configured_ = bytes; }
  std::optional<std::size_t> configured() const { return configured_; }

  /// Reads the amount of memory. Call it at start, while the process still has access to everything.
  /// `largest_body` is the largest SFJwtMaxBody.
  void measure(std::size_t largest_body);

  /// In a new child. Without SFJwtMaxBuffered the limit is a quarter of the memory, divided by the maximum
  /// number of processes of the MPM, but at least twice the largest body.
  void child_init(const server_rec& server);

  /// An empty share for the caller of this request: REMOTE_USER, or the address of the client; of an IPv6
  /// address the first 64 bits, since one client can have all the others.
  BufferReservation reservation_for(const request_rec* r);

  /// The used and available memory, for a status page.
  const BufferBudget& budget() const { return budget_; }

 private:
  std::optional<std::size_t> configured_;
  std::size_t largest_body_ = 0;
  std::uint64_t memory_ = 0;
  std::uint64_t seed_ = 0;
  BufferBudget budget_;
};

}  // namespace sfjwt::httpd
