// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/escaped_content.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/xml/characters.h"

namespace sfjwt::xml {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace

std::string escaped_content(std::string_view text) {
  std::string content;
  for (;;) {
    const std::size_t good = check_characters(text).first_bad;
    content += xml_escaped(text.substr(0, good));
    if (good == text.size()) return content;
    content += kReplacement;
    text.remove_prefix(good + 1);
  }
}

}  // namespace sfjwt::xml
