// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sfjwt {

/// A string that must not leak: it has no output operator and no conversion, its bytes are accessible only
/// through `reveal`, and its memory is overwritten on destruction.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      bytes_ = other.bytes_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      bytes_.swap(other.bytes_);
    }
    return *this;
  }
  ~Secret() { wipe(); }

  std::string_view reveal() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  /// Constant time: the duration does not reveal how many bytes are equal.
  bool operator==(const Secret& other) const {
    if (bytes_.size() != other.bytes_.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < bytes_.size(); ++i)
      difference |= static_cast<unsigned char>(bytes_[i] ^ other.bytes_[i]);
    return difference == 0;
  }

 private:
  // Overwrites the whole capacity, including the inline buffer; the barrier keeps the compiler from removing
  // the write.
  void wipe() noexcept {
    bytes_.resize(bytes_.capacity());
    for (char& byte : bytes_) byte = '\0';
    asm volatile("" : : "r"(bytes_.data()) : "memory");
    bytes_.clear();
  }

  std::string bytes_;
};

}  // namespace sfjwt
