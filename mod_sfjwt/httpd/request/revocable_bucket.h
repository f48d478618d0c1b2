// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Bytes that buckets refer to until they are revoked. Afterwards every such bucket, also a copy, a part, or
/// one that was set aside, returns an error and no bytes. The bytes are not copied; they and the allocator
/// must outlive this object.
class RevocableBytes {
 public:
  RevocableBytes() = default;
  RevocableBytes(const RevocableBytes&) = delete;
  RevocableBytes& operator=(const RevocableBytes&) = delete;
  ~RevocableBytes() { revoke(); }

  /// A bucket of these bytes. Call it once per object.
  apr_bucket* bucket(std::string_view bytes, apr_bucket_alloc_t* allocator);

  void revoke();

  struct Shared;

 private:
  Shared* shared_ = nullptr;  // we own one reference, the buckets the others
};

}  // namespace sfjwt::httpd
