// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::tools {

/// A file for functions that take a file name. For "-" it is a copy of standard input.
class NamedInput {
 public:
  /// For a key or a certificate of at most 64 KB: the copy is in memory and overwritten on destruction.
  static Result<NamedInput, std::string> of_secret(const std::string& file);
  /// For a document of at most 64 MB: the copy is in a temporary directory of its own, so that it cannot
  /// import other files, and is removed on destruction.
  static Result<NamedInput, std::string> of_document(const std::string& file);

  /// The name to open.
  const std::string& path() const { return path_; }
  /// Replaces the name of the copy in a message with "standard input".
  std::string restored(std::string message) const;

 private:
  struct Copy;
  NamedInput(std::string path, std::shared_ptr<const Copy> copy)
      : path_(std::move(path)), copy_(std::move(copy)) {}

  std::string path_;
  std::shared_ptr<const Copy> copy_;  // null for a file that is not standard input
};

}  // namespace sfjwt::tools
