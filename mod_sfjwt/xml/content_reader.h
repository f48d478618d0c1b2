// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mod_sfjwt/xml/character_data.h"
#include "mod_sfjwt/xml/cursor.h"

namespace sfjwt::xml {

// The character content between two tags (XML 1.0 sections 2.4 to 2.7 and 4.1).

/// A run of text and references.
struct TextRun {
  std::size_t end;
  std::uint8_t traits;  // of the content so far
  bool before_markup;   // ends at a '<'; otherwise at a byte that content cannot have, or at the end of the
                        // document
};

/// Reads the run that begins at `at`; `traits` are those of the content before it.
TextRun text_run(std::string_view document, std::size_t at, std::uint8_t traits);

/// Reads up to the '<' of the next tag, including comments, CDATA sections and references. `element` is the
/// raw name of the element that contains it.
bool read_content(Cursor& cursor, std::string_view element, Content& content);

/// Reads the comment that begins at the cursor (section 2.5).
bool read_comment(Cursor& cursor);

/// Reports the '&' at the cursor, which reference_end() did not accept.
bool refuse_reference(Cursor& cursor);

/// Reports the processing instruction at the cursor.
bool refuse_instruction(Cursor& cursor);

/// Reports the DOCTYPE at the cursor.
bool refuse_doctype(Cursor& cursor);

}  // namespace sfjwt::xml
