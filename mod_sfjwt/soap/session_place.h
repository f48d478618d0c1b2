// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sfjwt::soap {

/// A range of bytes of the request body.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view of(std::string_view body) const { return body.substr(begin, end - begin); }
};

/// The position of the session id, or where it has to be inserted.
struct SessionPlace {
  enum class Kind {
    content,        // <id>...</id>: `place` is the content of the session id
    self_closed,    // <id/>: `place` is the "/>"
    into_header,    // no session header: `place` is empty, after the start tag of Header
    opened_header,  // <Header/>: `place` is the "/>"
    before_body,    // no Header: `place` is empty, before the start tag of Body
  } kind = Kind::content;
  Span place;
  Span tag_name;            // raw qualified name of the session id, of Header, or of Body
  std::optional<Span> nil;  // xsi:nil attribute of the session id, with the white space before it
  bool present() const { return kind == Kind::content || kind == Kind::self_closed; }
};

}  // namespace sfjwt::soap
