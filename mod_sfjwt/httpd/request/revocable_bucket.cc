// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/revocable_bucket.h"

namespace sfjwt::httpd {

// The layout that APR's functions for shared buckets require: the reference count comes first.
struct RevocableBytes::Shared {
  apr_bucket_refcount references;
  const char* data;  // null: revoked
};

namespace {

void drop_reference(void* data) noexcept {
  if (apr_bucket_shared_destroy(data)) apr_bucket_free(data);
}

// Some callers ignore the status (mod_proxy's ap_proxy_buckets_lifetime_transform), so data and length must
// be valid in every case.
apr_status_t read(apr_bucket* bucket, const char** data, apr_size_t* length, apr_read_type_e) noexcept {
  const auto& shared = *static_cast<const RevocableBytes::Shared*>(bucket->data);
  if (!shared.data) {
    *data = "";
    *length = 0;
    return APR_EGENERAL;
  }
  *data = shared.data + bucket->start;
  *length = bucket->length;
  return APR_SUCCESS;
}

// Copies nothing, since nothing may outlive the attempt.
apr_status_t set_aside(apr_bucket*, apr_pool_t*) noexcept {
  return APR_SUCCESS;
}

constexpr int kFunctions = 5;
const apr_bucket_type_t kType{"SFJWT_REVOCABLE",
                              kFunctions,
                              apr_bucket_type_t::APR_BUCKET_DATA,
                              drop_reference,
                              read,
                              set_aside,
                              apr_bucket_shared_split,
                              apr_bucket_shared_copy};

}  // namespace

apr_bucket* RevocableBytes::bucket(std::string_view bytes, apr_bucket_alloc_t* allocator) {
  shared_ = static_cast<Shared*>(apr_bucket_alloc(sizeof(Shared), allocator));
  shared_->data = bytes.data();
  auto* bucket = static_cast<apr_bucket*>(apr_bucket_alloc(sizeof(apr_bucket), allocator));
  APR_BUCKET_INIT(bucket);
  bucket->free = apr_bucket_free;
  bucket->list = allocator;
  bucket = apr_bucket_shared_make(bucket, shared_, 0, bytes.size());
  bucket->type = &kType;
  ++shared_->references.refcount;
  return bucket;
}

void RevocableBytes::revoke() {
  if (!shared_) return;
  shared_->data = nullptr;
  drop_reference(shared_);
  shared_ = nullptr;
}

}  // namespace sfjwt::httpd
