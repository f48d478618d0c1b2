// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Bytes that buckets refer to until they are revoked. Whoever keeps such a bucket, a copy or a part of it,
/// set aside or not, reads an error and no bytes from then on. The bytes are not copied; they outlive this
/// object, the allocator does as well.
class RevocableBytes {
 public:
  RevocableBytes() = default;
  RevocableBytes(const RevocableBytes&) = delete;
  RevocableBytes& operator=(const RevocableBytes&) = delete;
  ~RevocableBytes() { revoke(); }

  /// A bucket of these bytes. Once per object.
  apr_bucket* bucket(std::string_view bytes, apr_bucket_alloc_t* allocator);

  void revoke();

  struct Shared;

 private:
  Shared* shared_ = nullptr;  // one reference is ours, the others the buckets'
};

}  // namespace sfjwt::httpd
