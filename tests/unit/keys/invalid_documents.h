// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace sfjwt::keys {

/// The documents of tests/data/invalid_json.tsv.
inline std::vector<std::string> invalid_documents() {
  std::ifstream file(SFJWT_SOURCE_DIR "/tests/data/invalid_json.tsv");
  std::vector<std::string> documents;
  for (std::string row; std::getline(file, row);) {
    if (row.starts_with('#')) continue;
    std::string document;
    for (std::size_t at = row.find('\t') + 1; at < row.size(); ++at) {
      if (row[at] != '\\') {
        document += row[at];
      } else {  // \xHH
        document += static_cast<char>(std::stoi(row.substr(at + 2, 2), nullptr, 16));
        at += 3;
      }
    }
    documents.push_back(document);
  }
  return documents;
}

}  // namespace sfjwt::keys
