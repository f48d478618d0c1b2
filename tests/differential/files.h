// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sfjwt::soap {

/// The checkout, and the collection of real files beside it, which is not part of the project and may be
/// missing.
const std::filesystem::path& source_folder();
const std::filesystem::path& shared_folder();

std::string contents(const std::filesystem::path& file);

struct Seed {
  std::string name;
  std::string text;
};

/// The .xml files of these folders, sorted by name; folders that are missing have none.
std::vector<Seed> seeds_in(const std::vector<std::filesystem::path>& folders);

/// The lines of a table of this folder, split at tabs; lines that begin with # are comments.
std::vector<std::vector<std::string>> table_rows(const std::string& file);

}  // namespace sfjwt::soap
