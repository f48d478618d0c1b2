// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/secret_file.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/file_descriptor.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt::keys {
namespace {

constexpr std::size_t kMaxFile = 65'536;

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

// Why a file of this type cannot contain a secret; empty for a regular file.
std::string_view wrong_type(mode_t mode) {
  if (S_ISREG(mode)) return {};
  if (S_ISDIR(mode)) return "is a directory, not a file";
  if (S_ISFIFO(mode)) return "is a FIFO, not a regular file";
  if (S_ISSOCK(mode)) return "is a socket, not a regular file";
  return "is a device, not a regular file";
}

// Who can access a file besides its owner. Root's own group is ignored; any other group may be one of those
// that httpd's children run with, and the file is read before they exist.
std::optional<std::string> others_with_access(const struct stat& status) {
  constexpr mode_t kOthers = S_IROTH | S_IWOTH;
  constexpr mode_t kGroup = S_IRGRP | S_IWGRP;
  if ((status.st_mode & kOthers) != 0)
    return std::string("every user of this machine can ") +
           ((status.st_mode & S_IROTH) != 0 ? "read" : "replace");
  if ((status.st_mode & kGroup) == 0 || status.st_gid == 0) return std::nullopt;
  const group* entry = ::getgrgid(status.st_gid);
  return "group " + (entry ? printable(entry->gr_name) : std::to_string(status.st_gid)) + " can " +
         ((status.st_mode & S_IRGRP) != 0 ? "read" : "replace");
}

// Some editors add one. It would become a part of the secret, and only some versions of OpenSSL read a key
// after one.
std::string_view byte_order_mark(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF"))
    return "begins with a byte order mark; save it without, as plain ASCII";
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return "is text in UTF-16 (it begins with a byte order mark); save it as plain ASCII";
  return {};
}

std::optional<std::string> warning_about(const std::string& shown, const struct stat& status) {
  const auto others = others_with_access(status);
  if (!others) return std::nullopt;
  std::array<char, 8> octal{};
  std::snprintf(octal.data(), octal.size(), "%04o", static_cast<unsigned>(status.st_mode & 07777));
  return shown + ": " + *others + " this file, which holds a secret (mode " + octal.data() + "); chmod 600";
}

}  // namespace

Result<SecretFile, std::string> read_secret_file(const std::string& path) {
  const std::string shown = printable(path);
  const auto wrong = [&](std::string_view why) { return Unexpected{shown + " " + std::string(why)}; };
  const auto failed = [&](int error) { return Unexpected{shown + ": " + reason_of(error)}; };
  if (path.find('\0') != std::string::npos) return wrong("is not a file name");

  struct stat status {};
  // Check first: opening a device can have side effects, and opening a FIFO wakes its writers.
  if (::stat(path.c_str(), &status) != 0) return failed(errno);
  if (const auto why = wrong_type(status.st_mode); !why.empty()) return wrong(why);
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return failed(errno);
  if (::fstat(file.number(), &status) != 0) return failed(errno);
  if (const auto why = wrong_type(status.st_mode); !why.empty()) return wrong(why);

  std::string bytes(kMaxFile + 1,
                    '\0');  // never grows: a reallocation would leave a copy of the key behind
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(file.number(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error = errno;
      const Secret wiped(std::move(bytes));
      return failed(error);
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  Secret content(std::move(bytes));
  if (size == 0) return wrong("is empty");
  if (size > kMaxFile) return wrong("is larger than 64 KB");
  if (const auto why = byte_order_mark(content.reveal()); !why.empty()) return wrong(why);
  return SecretFile{std::move(content), warning_about(shown, status)};
}

}  // namespace sfjwt::keys
