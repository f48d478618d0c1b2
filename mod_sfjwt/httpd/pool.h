// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

template <class T>
apr_status_t destroy_in_pool(void* object) noexcept {
  static_cast<T*>(object)->~T();
  return APR_SUCCESS;
}

/// Creates an object in the pool, which destroys it after everything that was added later. For objects that
/// httpd must return to us; use local variables for everything else.
template <class T, class... Arguments>
T& make_in_pool(apr_pool_t* pool, Arguments&&... arguments) {
  static_assert(alignof(T) <= 8, "apr_palloc aligns to 8 bytes");
  T* object = new (apr_palloc(pool, sizeof(T))) T(std::forward<Arguments>(arguments)...);
  if constexpr (!std::is_trivially_destructible_v<T>) {
    apr_pool_cleanup_register(pool, const_cast<std::remove_const_t<T>*>(object),
                              destroy_in_pool<std::remove_const_t<T>>, apr_pool_cleanup_null);
  }
  return *object;
}

}  // namespace sfjwt::httpd
