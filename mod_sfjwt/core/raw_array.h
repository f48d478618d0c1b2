// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

namespace sfjwt {

/// Uninitialised storage for N objects, so that a fixed array costs nothing until an element is assigned.
/// Elements must be written before they are read.
template <class T, std::size_t N>
class RawArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T* data() { return std::launder(reinterpret_cast<T*>(bytes_)); }
  const T* data() const { return std::launder(reinterpret_cast<const T*>(bytes_)); }

 private:
  alignas(T) std::byte bytes_[N * sizeof(T)];  // NOLINT(*-member-init)
};

}  // namespace sfjwt
