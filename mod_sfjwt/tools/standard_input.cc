// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/standard_input.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/file_descriptor.h"

namespace sfjwt::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxSecretBytes = std::size_t{64} * 1024;
constexpr std::size_t kMaxDocumentBytes = std::size_t{64} * 1024 * 1024;
constexpr std::string_view kName = "standard input";

using Chunk = std::array<char, std::size_t{64} * 1024>;

void wipe(Chunk& chunk) {
  chunk.fill('\0');
  asm volatile("" : : "r"(chunk.data()) : "memory");
}

bool write_all(int descriptor, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t put = write(descriptor, bytes, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes += put;
    size -= static_cast<std::size_t>(put);
  }
  return true;
}

std::string problem(int error) {
  return std::string(kName) + ": " + std::generic_category().message(error);
}

// Copies standard input to `descriptor`; fails if it is larger than `most` bytes.
Result<Done, std::string> copy_to(int descriptor, std::size_t most) {
  Chunk chunk;
  std::size_t copied = 0;
  Result<Done, std::string> outcome = Done{};
  for (bool ended = false; !ended && outcome;) {
    const ssize_t got = read(STDIN_FILENO, chunk.data(), chunk.size());
    const std::size_t size = got > 0 ? static_cast<std::size_t>(got) : 0;
    copied += size;
    ended = got == 0;
    if (got < 0 && errno != EINTR) outcome = Unexpected{problem(errno)};
    if (copied > most) {
      outcome = Unexpected{std::string(kName) + ": larger than " + std::to_string(most) + " bytes"};
    } else if (size > 0 && !write_all(descriptor, chunk.data(), size)) {
      outcome = Unexpected{problem(errno)};
    }
  }
  wipe(chunk);
  return outcome;
}

}  // namespace

struct NamedInput::Copy {
  FileDescriptor descriptor;
  fs::path directory;  // empty: the copy is in memory

  Copy() = default;
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    if (directory.empty() && descriptor) overwrite();
    std::error_code ignored;
    if (!directory.empty()) fs::remove_all(directory, ignored);
  }

 private:
  void overwrite() const {
    struct stat status {};
    if (fstat(descriptor.number(), &status) != 0 || lseek(descriptor.number(), 0, SEEK_SET) != 0) return;
    const std::string zeros(static_cast<std::size_t>(status.st_size), '\0');
    write_all(descriptor.number(), zeros.data(), zeros.size());
  }
};

Result<NamedInput, std::string> NamedInput::of_secret(const std::string& file) {
  if (file != "-") return NamedInput(file, nullptr);
  auto copy = std::make_shared<Copy>();
  copy->descriptor = FileDescriptor(memfd_create("standard input", MFD_CLOEXEC));
  if (!copy->descriptor || fchmod(copy->descriptor.number(), S_IRUSR | S_IWUSR) != 0)
    return Unexpected{problem(errno)};
  if (auto copied = copy_to(copy->descriptor.number(), kMaxSecretBytes); !copied)
    return Unexpected{copied.error()};
  return NamedInput("/proc/self/fd/" + std::to_string(copy->descriptor.number()), copy);
}

Result<NamedInput, std::string> NamedInput::of_document(const std::string& file) {
  if (file != "-") return NamedInput(file, nullptr);
  auto copy = std::make_shared<Copy>();
  std::string directory = (fs::temp_directory_path() / "sfjwtctl.XXXXXX").string();
  if (!mkdtemp(directory.data())) return Unexpected{problem(errno)};
  copy->directory = directory;
  std::string path = directory + "/XXXXXX";
  copy->descriptor = FileDescriptor(mkstemp(path.data()));
  if (!copy->descriptor) return Unexpected{problem(errno)};
  if (auto copied = copy_to(copy->descriptor.number(), kMaxDocumentBytes); !copied)
    return Unexpected{copied.error()};
  return NamedInput(path, copy);
}

std::string NamedInput::restored(std::string message) const {
  if (!copy_) return message;
  for (std::size_t at = message.find(path_); at != std::string::npos; at = message.find(path_, at)) {
    message.replace(at, path_.size(), kName);
  }
  return message;
}

}  // namespace sfjwt::tools
