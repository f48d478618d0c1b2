// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over the files it is given, and over those in the folders it is given.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "fuzz_target.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(int count, char** names) {
  std::vector<fs::path> files;
  for (int i = 1; i < count; ++i) {
    if (!fs::is_directory(names[i])) {
      files.emplace_back(names[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(names[i])) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// On the heap and of exactly the size of the input, so that AddressSanitizer sees a read past its end.
bool replayed(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return false;
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto copy = std::make_unique<std::uint8_t[]>(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
  LLVMFuzzerTestOneInput(copy.get(), bytes.size());
  return true;
}

}  // namespace

int main(int count, char** names) {
  const auto files = files_of(count, names);
  for (const fs::path& file : files) {
    std::cout << file.string() << std::endl;  // flushed: the last line of a crash names its input
    if (!replayed(file)) {
      std::cerr << file.string() << " cannot be read\n";
      return 1;
    }
  }
  if (files.empty()) std::cerr << "nothing to replay\n";
  return files.empty() ? 1 : 0;
}
