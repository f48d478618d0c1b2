// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace sfjwt {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// Owns an object of a C library from the line that creates it: `Owned<xmlDoc, xmlFreeDoc>
/// document{xmlReadMemory(...)};`
template <class T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;

}  // namespace sfjwt
