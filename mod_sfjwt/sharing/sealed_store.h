// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/keys/seal.h"

namespace sfjwt::sharing {

/// A store on the network that several gateways share. It can be slow, unavailable or malicious. It receives
/// only encrypted values (keys/seal.h), and what it returns is not trusted. Thread-safe; calls block for as
/// long as the store takes.
class SealedStore {
 public:
  enum class Outcome {
    done,     // it returned, stored or removed the value
    nothing,  // it reports no such value; some stores also do so when they are unreachable
    failed,
  };
  struct Fetched {
    Outcome outcome = Outcome::failed;
    std::string value;  // empty if it is too large
  };

  virtual ~SealedStore() = default;

  virtual Fetched fetch(const keys::SealedId& id) = 0;

  /// Stores the value, at most until it expires.
  virtual Outcome store(const keys::SealedId& id, UnixTime expires_at, std::string_view value) = 0;

  virtual Outcome remove(const keys::SealedId& id) = 0;
};

}  // namespace sfjwt::sharing
