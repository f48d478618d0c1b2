// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::tools {

/// A file that something else opens by its name; "-" on the command line is a copy of standard input.
class NamedInput {
 public:
  /// For a file of at most 64 KB with a key or a certificate: the copy is in memory and overwritten at the
  /// end.
  static Result<NamedInput, std::string> of_secret(const std::string& file);
  /// For a document of at most 64 MB: the copy is alone in a temporary directory, so that nothing can be
  /// imported from beside it, and is removed at the end.
  static Result<NamedInput, std::string> of_document(const std::string& file);

  /// What to open.
  const std::string& path() const { return path_; }
  /// A message with "standard input" in place of the name of the copy.
  std::string restored(std::string message) const;

 private:
  struct Copy;
  NamedInput(std::string path, std::shared_ptr<const Copy> copy)
      : path_(std::move(path)), copy_(std::move(copy)) {}

  std::string path_;
  std::shared_ptr<const Copy> copy_;  // null for a file that is not standard input
};

}  // namespace sfjwt::tools
