// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sfjwt {

/// A string that must not be seen: it has no output operator and no conversion, every use of its bytes is the
/// visible word `reveal`, and its memory is overwritten when it goes.
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
  /// How long it takes does not tell how much of another is right.
  bool operator==(const Secret& other) const {
    if (bytes_.size() != other.bytes_.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < bytes_.size(); ++i)
      difference |= static_cast<unsigned char>(bytes_[i] ^ other.bytes_[i]);
    return difference == 0;
  }

 private:
  // The whole capacity is overwritten, also the inline buffer; the barrier keeps the compiler from dropping
  // it.
  void wipe() noexcept {
    bytes_.resize(bytes_.capacity());
    for (char& byte : bytes_) byte = '\0';
    asm volatile("" : : "r"(bytes_.data()) : "memory");
    bytes_.clear();
  }

  std::string bytes_;
};

}  // namespace sfjwt
