// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "mod_sfjwt/core/result.h"

struct x509_store_st;  // OpenSSL's X509_STORE

namespace sfjwt::net {

/// The CA certificates of a file. Immutable; copies share them. Thread-safe, and usable after a fork if they
/// were read before.
class Authorities {
 public:
  /// Reads all certificates of a PEM file. The error names the file and gives the reason.
  static Result<Authorities, std::string> read(const std::string& file);

  x509_store_st* store() const { return store_.get(); }

 private:
  explicit Authorities(std::shared_ptr<x509_store_st> store) : store_(std::move(store)) {}

  std::shared_ptr<x509_store_st> store_;
};

}  // namespace sfjwt::net
