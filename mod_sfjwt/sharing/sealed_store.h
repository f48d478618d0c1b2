// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/keys/seal.h"

namespace sfjwt::sharing {

/// A store that several gateways share, somewhere in the network: it may be slow, gone, or lie. It is given
/// nothing but what is sealed (keys/seal.h), and what it gives is not trusted. Safe to call from several
/// threads; calls block as long as the store likes.
class SealedStore {
 public:
  enum class Outcome {
    done,     // it gave, took or removed the value
    nothing,  // it says that it has no such value; some also say so when they cannot be reached
    failed,
  };
  struct Fetched {
    Outcome outcome = Outcome::failed;
    std::string value;  // of one that is too large: empty
  };

  virtual ~SealedStore() = default;

  virtual Fetched fetch(const keys::SealedId& id) = 0;

  /// Keeps the value at most until it expires.
  virtual Outcome store(const keys::SealedId& id, UnixTime expires_at, std::string_view value) = 0;

  virtual Outcome remove(const keys::SealedId& id) = 0;
};

}  // namespace sfjwt::sharing
