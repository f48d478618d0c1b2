// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <utility>
#include <variant>

namespace sfjwt {

/// The failure side of a Result; named after std::unexpected (C++23).
template <class E>
struct Unexpected {
  E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

/// A value or the reason why there is none, with the member names of std::expected (C++23), which the
/// compilers we support do not have yet. Reading the wrong side throws std::logic_error.
template <class T, class E>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  template <class F>
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Unexpected<F> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return held<0>(); }
  const T& value() const& { return held<0>(); }
  T&& value() && { return std::move(held<0>()); }
  T& operator*() & { return held<0>(); }
  const T& operator*() const& { return held<0>(); }
  T&& operator*() && { return std::move(held<0>()); }
  T* operator->() { return &held<0>(); }
  const T* operator->() const { return &held<0>(); }

  E& error() & { return held<1>(); }
  const E& error() const& { return held<1>(); }
  E&& error() && { return std::move(held<1>()); }

 private:
  template <std::size_t I>
  auto& held() {
    if (auto* side = std::get_if<I>(&state_)) return *side;
    throw std::logic_error("Result: the other side was read");
  }
  template <std::size_t I>
  const auto& held() const {
    if (const auto* side = std::get_if<I>(&state_)) return *side;
    throw std::logic_error("Result: the other side was read");
  }

  std::variant<T, E> state_;
};

/// The value of functions that return nothing on success.
struct Done {};

}  // namespace sfjwt
