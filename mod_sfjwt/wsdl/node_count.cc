// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/node_count.h"

#include <algorithm>

namespace sfjwt::wsdl {
namespace {

struct Skipped {
  std::string_view begin;
  std::string_view end;
};

constexpr Skipped kSkipped[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};

// The end of the construct at `at`, if it is one without attributes.
std::optional<std::size_t> end_of_skipped(std::string_view xml, std::size_t at) {
  for (const Skipped& skipped : kSkipped) {
    if (xml.substr(at, skipped.begin.size()) != skipped.begin) continue;
    return std::min(xml.find(skipped.end, at + skipped.begin.size()), xml.size());
  }
  return std::nullopt;
}

struct Tag {
  std::size_t end;
  std::size_t attributes;
};

// Reads a tag, up to one attribute more than the limit.
Tag tag_at(std::string_view xml, std::size_t at, std::size_t most_attributes) {
  Tag tag{at, 0};
  while (tag.attributes <= most_attributes) {
    tag.end = std::min(xml.find_first_of("=>\"'", tag.end), xml.size());
    if (tag.end == xml.size() || xml[tag.end] == '>') break;
    if (xml[tag.end] == '=')
      ++tag.attributes;
    else
      tag.end = std::min(xml.find(xml[tag.end], tag.end + 1), xml.size() - 1);
    ++tag.end;
  }
  return tag;
}

}  // namespace

NodeCount count_nodes(std::string_view xml, std::size_t most_attributes) {
  NodeCount count;
  for (std::size_t at = xml.find('<'); at < xml.size(); at = xml.find('<', at)) {
    ++count.nodes;
    if (const auto end = end_of_skipped(xml, at)) {
      at = *end;
      continue;
    }
    const Tag tag = tag_at(xml, at, most_attributes);
    count.nodes += tag.attributes;
    if (tag.attributes > most_attributes) {
      count.crowded_tag = at;
      return count;
    }
    at = tag.end;
  }
  return count;
}

}  // namespace sfjwt::wsdl
