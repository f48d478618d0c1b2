// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/xml_file.h"

#include <fcntl.h>
#include <libxml/parser.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/file_descriptor.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/wsdl/file_format.h"
#include "mod_sfjwt/wsdl/node_count.h"

namespace sfjwt::wsdl {
namespace {

namespace fs = std::filesystem;

Unexpected<soap::WsdlError> file_failure(std::string file, std::string_view message) {
  return Unexpected{soap::WsdlError{std::move(file), 0, printable(message, 1000)}};
}

Unexpected<soap::WsdlError> system_failure(std::string file, int error) {
  return file_failure(std::move(file), "cannot be read: " + std::generic_category().message(error));
}

constexpr std::string_view kTooLarge = "is larger than 64 MB, or with the files read before it";

Result<std::string, soap::WsdlError> contents(const fs::path& path, const std::string& name,
                                              std::size_t most) {
  // O_NONBLOCK: a FIFO instead of a file must not block the start of the server.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.number(), &status) != 0) return system_failure(name, errno);
  if (!S_ISREG(status.st_mode)) return file_failure(name, "is not a regular file");
  if (static_cast<std::size_t>(status.st_size) > most) return file_failure(name, kTooLarge);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.number(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure(name, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

// Of the encodings that count_nodes does not support, those that libxml2 would detect.
bool is_wide(std::string_view bytes) {
  const std::string_view begin = bytes.substr(0, 4);
  return begin.starts_with("\xFE\xFF") || begin.starts_with("\xFF\xFE") || begin.starts_with("\x4C\x6F") ||
         begin.find('\0') != std::string_view::npos;
}

int line_of(std::string_view bytes, std::size_t at) {
  return 1 +
         static_cast<int>(std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// Checked before a tree is built, which takes far more time and memory than the text.
std::optional<soap::WsdlError> charge(const std::string& bytes, const std::string& name, XmlBudget& budget) {
  if (is_wide(bytes)) return soap::WsdlError{name, 1, "is not UTF-8: save it in that encoding"};
  const NodeCount count = count_nodes(bytes, kMaxTagAttributes);
  if (count.crowded_tag) {
    return soap::WsdlError{name, line_of(bytes, *count.crowded_tag),
                           "a tag has " + more_than(kMaxTagAttributes, "attributes")};
  }
  if (count.nodes > budget.nodes)
    return soap::WsdlError{name, 0, "the WSDL has " + more_than(kMaxWsdlNodes, "elements and attributes")};
  budget.bytes -= bytes.size();
  budget.nodes -= count.nodes;
  return std::nullopt;
}

// The first error of a parse. It is recorded in a callback of libxml2, through whose frames no exception may
// pass: hence no allocation.
struct ParseFailure {
  int line = 0;
  std::array<char, 512> message{};

  void note(int where, const char* what) noexcept {
    if (message[0] != '\0') return;
    line = where;
    std::snprintf(message.data(), message.size(), "%s", what ? what : "is not well-formed");
  }
};

void refuse_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) noexcept {
  auto* parser = static_cast<xmlParserCtxt*>(context);
  static_cast<ParseFailure*>(parser->_private)
      ->note(parser->input ? parser->input->line : 0, "a document type declaration (DOCTYPE) is not allowed");
  xmlStopParser(parser);
}

// A template because the error is a pointer to const since libxml2 2.12.
template <class Error>
void note_error(void* context, Error* error) noexcept {
  if (error->level < XML_ERR_ERROR) return;
  static_cast<ParseFailure*>(static_cast<xmlParserCtxt*>(context)->_private)
      ->note(error->line, error->message);
}

// Bypasses the handlers and loaders that other modules may have set for the whole process: the parser has its
// own error handler, and with DOCTYPE refused nothing is ever loaded.
// `encoding`: XML_PARSE_IGNORE_ENC if the XML declaration does not match the bytes, else 0.
Result<XmlFile, soap::WsdlError> parsed(const std::string& bytes, const std::string& name, int encoding) {
  const Owned<xmlParserCtxt, xmlFreeParserCtxt> parser{xmlNewParserCtxt()};
  if (!parser) throw std::bad_alloc();
  ParseFailure failure;
  parser->_private = &failure;
  parser->sax->internalSubset = refuse_doctype;
  parser->sax->serror = note_error;
  // Schemas consist of elements and attributes; other nodes are not built.
  parser->sax->characters = nullptr;
  parser->sax->ignorableWhitespace = nullptr;
  parser->sax->cdataBlock = nullptr;
  parser->sax->comment = nullptr;
  XmlFile document{xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr,
                                     nullptr,
                                     XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES | encoding)};
  if (!document) failure.note(0, nullptr);
  if (failure.message[0] != '\0') {
    xmlResetLastError();
    return Unexpected{soap::WsdlError{name, failure.line, printable(trimmed(failure.message.data()), 1000)}};
  }
  // libxml2 would store an escaped URI, but messages must show the name that the administrator knows.
  document->URL = xmlStrdup(reinterpret_cast<const xmlChar*>(name.c_str()));
  if (!document->URL) throw std::bad_alloc();
  return document;
}

}  // namespace

void free_document(_xmlDoc* document) {
  xmlFreeDoc(document);
}

Result<XmlFile, soap::WsdlError> read_xml_file(const fs::path& path, const std::string& name,
                                               XmlBudget& budget) {
  auto bytes = contents(path, name, budget.bytes);
  if (!bytes) return Unexpected{std::move(bytes).error()};
  const bool was_utf16 = is_utf16(*bytes);
  if (was_utf16) {
    auto utf8 = utf8_of_utf16(*bytes);
    if (!utf8) return file_failure(name, utf8.error());
    if (utf8->size() > budget.bytes) return file_failure(name, kTooLarge);
    *bytes = *std::move(utf8);
  }
  if (const auto why = why_not_xml(*bytes); !why.empty()) return file_failure(name, why);
  if (auto excess = charge(*bytes, name, budget)) return Unexpected{std::move(*excess)};
  return parsed(*bytes, name, was_utf16 ? XML_PARSE_IGNORE_ENC : 0);
}

}  // namespace sfjwt::wsdl
