// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sfjwt {

/// Owns a file descriptor, or none (-1, as open(2) returns on failure).
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~FileDescriptor() { close(); }

  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }

  /// Closes it before destruction. Preserves errno.
  void close() {
    if (number_ < 0) return;
    const int error = errno;
    ::close(std::exchange(number_, -1));
    errno = error;
  }

 private:
  int number_;
};

}  // namespace sfjwt
