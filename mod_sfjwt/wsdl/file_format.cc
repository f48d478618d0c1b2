// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/file_format.h"

#include <algorithm>
#include <cstdint>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/utf8.h"
#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::wsdl {
namespace {

constexpr std::string_view kWebPage =
    "is a web page (HTML), not a WSDL. Most likely the page to log in was saved in its place: download the "
    "WSDL "
    "again while logged in to the org (Setup > API > Generate WSDL, see wsdl/README.md)";
constexpr std::string_view kOpenApi =
    "is an OpenAPI description, which is for REST, not a WSDL: download the WSDL (Setup > API > Generate "
    "WSDL, "
    "see wsdl/README.md)";

bool begins_ignoring_case(std::string_view text, std::string_view beginning) {
  return equals_ignoring_case(text.substr(0, beginning.size()), beginning);
}

// Comments and an XML declaration can precede the first tag of a web page.
std::string_view from_first_tag(std::string_view text) {
  for (;;) {
    text = trimmed(text);
    const std::string_view end = text.starts_with("<!--") ? "-->" : text.starts_with("<?") ? "?>" : "";
    const auto at = end.empty() ? std::string_view::npos : text.find(end);
    if (at == std::string_view::npos) return text;
    text.remove_prefix(at + end.size());
  }
}

std::uint32_t unit_at(std::string_view bytes, std::size_t at, bool big_endian) {
  const auto first = static_cast<unsigned char>(bytes[at]);
  const auto second = static_cast<unsigned char>(bytes[at + 1]);
  return static_cast<std::uint32_t>(big_endian ? first << 8 | second : second << 8 | first);
}

bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

}  // namespace

std::string_view why_not_xml(std::string_view bytes) {
  if (bytes.starts_with("\x1F\x8B")) return "is compressed with gzip: unpack it (gunzip)";
  if (bytes.starts_with("PK\x03\x04")) return "is a ZIP archive: unpack it";
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::string_view text = trimmed(bytes);
  if (text.empty())
    return "is empty: download the WSDL again while logged in to the org (Setup > API > Generate WSDL, see "
           "wsdl/README.md)";
  const std::string_view tag = from_first_tag(text);
  if (begins_ignoring_case(tag, "<!DOCTYPE html") || begins_ignoring_case(tag, "<html")) return kWebPage;
  const std::string_view beginning = text.substr(0, 1000);
  const bool is_json = text.front() == '{' || text.front() == '[';
  const bool names_openapi = beginning.find("\"openapi\"") != std::string_view::npos ||
                             beginning.find("\"swagger\"") != std::string_view::npos;
  if (is_json && !names_openapi)
    return "is JSON, not a WSDL: download the WSDL while logged in to the org (Setup > API > Generate WSDL, "
           "see "
           "wsdl/README.md)";
  if (is_json || text.starts_with("openapi:") || text.starts_with("swagger:")) return kOpenApi;
  return {};
}

std::string_view why_not_wsdl(const xmlNode& root) {
  constexpr std::string_view kXhtml = "http://www.w3.org/1999/xhtml";
  if (has_name(root, kXsdNamespace, "schema"))
    return "is an XML Schema alone (XSD), not a WSDL: name the WSDL that has its operations, and keep this "
           "file "
           "next to it if the WSDL imports it";
  if (local_name(root) == "application" && namespace_name(root).find("wadl") != std::string_view::npos)
    return "is a WADL, which is for REST, not a WSDL: download the WSDL (Setup > API > Generate WSDL, see "
           "wsdl/README.md)";
  if (has_name(root, "http://www.w3.org/ns/wsdl", "description"))
    return "is a WSDL 2.0, and WSDL 1.1 is expected (see "
           "wsdl/README.md)";
  if (has_name(root, kXhtml, "html")) return kWebPage;
  if (local_name(root) == "Envelope")
    return "is a SOAP message, not a WSDL: download the WSDL while logged in to the org (Setup > API > "
           "Generate "
           "WSDL, see wsdl/README.md)";
  return {};
}

bool is_utf16(std::string_view bytes) {
  const bool is_utf32 = bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4));
  return bytes.starts_with("\xFE\xFF") || (bytes.starts_with("\xFF\xFE") && !is_utf32);
}

Result<std::string, std::string_view> utf8_of_utf16(std::string_view bytes) {
  constexpr std::string_view kBroken = "is not UTF-16, as its byte order mark says it is: download it again";
  const bool big_endian = bytes.starts_with("\xFE\xFF");
  if (bytes.size() % 2 != 0) return Unexpected{kBroken};
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 2; at < bytes.size(); at += 2) {
    std::uint32_t c = unit_at(bytes, at, big_endian);
    if (is_low_surrogate(c)) return Unexpected{kBroken};
    if (is_high_surrogate(c)) {
      at += 2;
      const std::uint32_t low = at < bytes.size() ? unit_at(bytes, at, big_endian) : 0;
      if (!is_low_surrogate(low)) return Unexpected{kBroken};
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(text, c);
  }
  return text;
}

}  // namespace sfjwt::wsdl
