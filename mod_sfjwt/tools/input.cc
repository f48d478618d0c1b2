// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace sfjwt::tools {
namespace {

constexpr std::size_t kMostSecretBytes = std::size_t{64} * 1024;
constexpr std::size_t kChunk = std::size_t{64} * 1024;

class Descriptor {
 public:
  explicit Descriptor(const std::string& file)
      : number_(file == "-" ? STDIN_FILENO : open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ > STDIN_FILENO) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

std::string reason(int error) {
  return std::generic_category().message(error);
}

}  // namespace

Result<std::string, std::string> read_input(const std::string& file, std::size_t most) {
  const std::string shown = file == "-" ? "standard input" : file;
  const Descriptor descriptor(file);
  if (descriptor.number() < 0) return Unexpected{shown + ": " + reason(errno)};
  std::string bytes;
  for (;;) {
    const std::size_t size = bytes.size();
    bytes.resize(size + kChunk);
    const ssize_t got = read(descriptor.number(), bytes.data() + size, kChunk);
    if (got < 0 && errno != EINTR) return Unexpected{shown + ": " + reason(errno)};
    bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return bytes;
    if (bytes.size() > most) return Unexpected{shown + ": larger than " + std::to_string(most) + " bytes"};
  }
}

Result<Secret, std::string> read_secret(const std::string& file) {
  const std::string shown = file == "-" ? "standard input" : file;
  auto read = read_input(file, kMostSecretBytes);
  if (!read) return Unexpected{read.error()};
  const Secret bytes(*std::move(read));
  std::string_view line = bytes.reveal();
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return Unexpected{shown + ": empty"};
  if (!std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; })) {
    return Unexpected{shown + ": not one line of printable ASCII"};
  }
  return Secret(std::string(line));
}

}  // namespace sfjwt::tools
