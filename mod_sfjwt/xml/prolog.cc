// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/prolog.h"

#include <algorithm>
#include <optional>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/characters.h"

namespace sfjwt::xml {
namespace {

using Refused = std::optional<Violation>;

Refused refuse(Rule rule, std::size_t offset, const char* message, std::string_view name = {}) {
  return Violation{rule, offset, message, name, {}};
}

// Other encodings are recognised by their first bytes (appendix F), so that the refusal can name them.
Refused other_encoding(std::string_view document) {
  using namespace std::string_view_literals;
  const auto begins = [document](std::string_view mark) { return document.starts_with(mark); };
  if (begins("\x00\x00\xFE\xFF"sv) || begins("\xFF\xFE\x00\x00"sv) || begins("\x00\x00\x00<"sv) ||
      begins("<\x00\x00\x00"sv)) {
    return refuse(Rule::encoding, 0, "the document is UTF-32; only UTF-8 is accepted");
  }
  if (begins("\xFE\xFF"sv) || begins("\xFF\xFE"sv) || begins("\x00<"sv) || begins("<\x00"sv)) {
    return refuse(Rule::encoding, 0, "the document is UTF-16; only UTF-8 is accepted");
  }
  if (begins("\x4C\x6F\xA7\x94"sv)) {
    return refuse(Rule::encoding, 0, "the document is EBCDIC; only UTF-8 is accepted");
  }
  return {};
}

// Parses the XML declaration (productions 23 to 32).
class XmlDeclaration {
 public:
  XmlDeclaration(std::string_view document, std::size_t at) : document_(document), at_(at) {}

  std::size_t at() const { return at_; }

  Refused read(bool ascii) {
    std::string_view version;
    std::string_view encoding;
    std::string_view standalone;
    if (auto refused = pseudo_attribute("version", version)) return refused;
    if (version.empty()) return refuse(Rule::well_formed, at_, "the XML declaration has no version");
    if (version != "1.0") return refuse(Rule::well_formed, at_, "the document is not XML 1.0 but", version);
    if (auto refused = pseudo_attribute("encoding", encoding)) return refused;
    const bool utf8 =
        equals_ignoring_case(encoding, "UTF-8") || (ascii && equals_ignoring_case(encoding, "US-ASCII"));
    if (encoding.data() && !utf8)
      return refuse(Rule::encoding, at_, "only UTF-8 is accepted; the document says it is", encoding);
    if (auto refused = pseudo_attribute("standalone", standalone)) return refused;
    if (standalone.data() && standalone != "yes" && standalone != "no")
      return refuse(Rule::well_formed, at_, "standalone is neither yes nor no");
    skip_white_space();
    if (rest().substr(0, 2) != "?>") return malformed();
    at_ += 2;
    return {};
  }

 private:
  std::string_view rest() const { return document_.substr(at_); }
  Refused malformed() const { return refuse(Rule::well_formed, at_, "the XML declaration is malformed"); }
  void skip_white_space() { at_ = blank_run(document_.data(), at_, document_.size()).end; }

  // Reads one of the three pseudo-attributes if it is here; otherwise `value` stays null.
  Refused pseudo_attribute(std::string_view name, std::string_view& value) {
    const std::size_t before = at_;
    skip_white_space();
    if (at_ == before || !rest().starts_with(name)) {
      at_ = before;
      return {};
    }
    at_ += name.size();
    skip_white_space();
    if (!rest().starts_with('=')) return malformed();
    ++at_;
    skip_white_space();
    const bool quoted = rest().starts_with('"') || rest().starts_with('\'');
    const auto end = quoted ? rest().find(rest()[0], 1) : std::string_view::npos;
    if (end == std::string_view::npos || end > 100) return malformed();
    value = rest().substr(1, end - 1);
    // The characters of versions and encodings (productions 26 and 81); a refusal may repeat them.
    if (!std::all_of(value.begin(), value.end(), [](char c) { return is(c, kAsciiNameByte) || c == ':'; }))
      return malformed();
    at_ += end + 1;
    return {};
  }

  const std::string_view document_;
  std::size_t at_;
};

// The declarations of common clients.
constexpr std::string_view kDefaultDeclarations[] = {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                                                     "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
                                                     "<?xml version='1.0' encoding='utf-8'?>"};

std::size_t usual_declaration_bytes(std::string_view document) {
  for (const std::string_view usual : kDefaultDeclarations) {
    if (same_text(document.substr(0, usual.size()), usual)) return usual.size();
  }
  return 0;
}

bool begins_declaration(std::string_view document) {
  return document.size() >= 6 && document.starts_with("<?xml") && is(document[5], kWhiteSpace);
}

}  // namespace

Result<std::size_t, Violation> read_prolog(std::string_view document) {
  if (document.empty()) return Unexpected{Violation{Rule::well_formed, 0, "the document is empty", {}, {}}};
  const CharacterCheck characters = check_characters(document);
  if (characters.first_bad < 4) {
    if (auto refused = other_encoding(document)) return Unexpected{*refused};
  }
  std::size_t at = document.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (const std::size_t usual = usual_declaration_bytes(document.substr(at))) {
    at += usual;
  } else if (begins_declaration(document.substr(at))) {
    XmlDeclaration declaration(document, at + 5);
    if (auto refused = declaration.read(characters.ascii)) return Unexpected{*refused};
    at = declaration.at();
  }
  if (characters.first_bad == document.size()) return at;
  const bool ascii = static_cast<unsigned char>(document[characters.first_bad]) < 0x80;
  return Unexpected{Violation{ascii ? Rule::well_formed : Rule::encoding,
                              characters.first_bad,
                              ascii ? "a character that XML 1.0 does not allow"
                                    : "bytes that are not UTF-8, or a character that XML 1.0 does not allow",
                              {},
                              {}}};
}

}  // namespace sfjwt::xml
