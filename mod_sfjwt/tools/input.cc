// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/file_descriptor.h"
#include "mod_sfjwt/core/utf8.h"
#include "mod_sfjwt/keys/secret_source.h"
#include "mod_sfjwt/net/content_coding.h"

namespace sfjwt::tools {
namespace {

constexpr std::size_t kMaxSecretBytes = std::size_t{64} * 1024;
constexpr std::size_t kChunk = std::size_t{64} * 1024;
constexpr std::string_view kGzip = "\x1f\x8b";  // RFC 1952 section 2.3.1; no XML document begins with it

FileDescriptor open_input(const std::string& file) {
  return FileDescriptor(file == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                    : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
}

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::string name_of(const std::string& file) {
  return file == "-" ? "standard input" : file;
}

Unexpected<std::string> too_large(const std::string& file, std::size_t most) {
  return Unexpected{name_of(file) + ": larger than " + std::to_string(most) + " bytes"};
}

Result<std::string, std::string> read_bytes(const std::string& file, std::size_t most) {
  const FileDescriptor descriptor = open_input(file);
  if (!descriptor) return Unexpected{name_of(file) + ": " + reason(errno)};
  std::string bytes;
  for (;;) {
    const std::size_t size = bytes.size();
    bytes.resize(size + kChunk);
    const ssize_t got = read(descriptor.number(), bytes.data() + size, kChunk);
    if (got < 0 && errno != EINTR) return Unexpected{name_of(file) + ": " + reason(errno)};
    bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return bytes;
    if (bytes.size() > most) return too_large(file, most);
  }
}

// Reads to the end, but at most kMaxSecretBytes + 1 bytes. The buffer has its full size from the start, since
// growing it would leave a copy of the secret in freed memory.
Result<Secret, std::string> read_wiped(const std::string& file) {
  const FileDescriptor descriptor = open_input(file);
  if (!descriptor) return Unexpected{name_of(file) + ": " + reason(errno)};
  std::string bytes(kMaxSecretBytes + 1, '\0');
  std::size_t size = 0;
  int error = 0;
  while (size < bytes.size() && error == 0) {
    const ssize_t got = read(descriptor.number(), bytes.data() + size, bytes.size() - size);
    if (got == 0) break;
    if (got > 0) size += static_cast<std::size_t>(got);
    if (got < 0 && errno != EINTR) error = errno;
  }
  bytes.resize(size);
  Secret secret(std::move(bytes));
  if (error != 0) return Unexpected{name_of(file) + ": " + reason(error)};
  return secret;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

Result<std::string, std::string> read_message(const std::string& file, std::size_t most) {
  auto bytes = read_bytes(file, most);
  if (!bytes || !bytes->starts_with(kGzip)) return bytes;
  auto message = net::decoded(*bytes, "gzip", most);
  if (message) return *std::move(message);
  return Unexpected{name_of(file) + ": not a complete gzip file, or larger than " + std::to_string(most) +
                    " bytes when decompressed"};
}

Result<Secret, std::string> read_secret(const std::string& file) {
  const auto bytes = read_wiped(file);
  if (!bytes) return Unexpected{bytes.error()};
  if (bytes->size() > kMaxSecretBytes) return too_large(file, kMaxSecretBytes);
  const auto line = keys::only_line(bytes->reveal());
  if (!line) return Unexpected{name_of(file) + " " + line.error()};
  if (const auto checked = check_secret(*line); !checked) {
    return Unexpected{name_of(file) + " " + checked.error()};
  }
  return Secret(std::string(*line));
}

Result<Done, std::string> check_secret(std::string_view text) {
  const auto line = keys::only_line(text);
  if (!line) return Unexpected{line.error()};
  if (line->size() != text.size()) return Unexpected{std::string("holds more than one line of text")};
  if (!is_utf8(text)) return Unexpected{std::string("is not valid UTF-8")};
  return Done{};
}

}  // namespace sfjwt::tools
