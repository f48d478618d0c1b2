// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace sfjwt::soap {

namespace fs = std::filesystem;

const fs::path& source_folder() {
  static const fs::path folder = SFJWT_SOURCE_DIR;
  return folder;
}

const fs::path& shared_folder() {
  static const fs::path folder = source_folder().parent_path() / "shared" / "data";
  return folder;
}

std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<Seed> seeds_in(const std::vector<fs::path>& folders) {
  std::vector<Seed> seeds;
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".xml") continue;
      seeds.push_back(
          {entry.path().lexically_relative(source_folder().parent_path()).string(), contents(entry.path())});
    }
  }
  std::sort(seeds.begin(), seeds.end(), [](const Seed& a, const Seed& b) { return a.name < b.name; });
  return seeds;
}

std::vector<std::vector<std::string>> table_rows(const std::string& file) {
  std::ifstream stream(source_folder() / "tests" / "differential" / file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line[0] == '#') continue;
    auto& row = rows.emplace_back();
    for (std::size_t begin = 0; begin <= line.size();) {
      const auto end = std::min(line.find('\t', begin), line.size());
      row.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return rows;
}

}  // namespace sfjwt::soap
