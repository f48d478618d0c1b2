// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/message_reader.h"

#include <string>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::login {

using Tag = xml::Scanner::Tag;

bool MessageReader::enter_body() {
  if (next() != Step::start || local_name() != "Envelope") return false;
  soap_ = scanner_.name().namespace_id;
  if (soap_ != xml::kSoap11 && soap_ != xml::kSoap12) return false;
  if (next() != Step::start) return false;
  if (scanner_.name() == xml::Name{soap_, "Header"} && (!text() || next() != Step::start)) return false;
  return scanner_.name() == xml::Name{soap_, "Body"} && next() == Step::start;
}

MessageReader::Step MessageReader::next() {
  const Tag tag = scanner_.next();
  if ((tag != Tag::start && tag != Tag::end) || !xml::only_white_space(scanner_.content()))
    return Step::wrong;
  return tag == Tag::start ? Step::start : Step::end;
}

bool MessageReader::finish() {
  return next() == Step::end && next() == Step::end && scanner_.next() == Tag::done;
}

bool MessageReader::nil() const {
  const xml::Attribute* attribute = scanner_.attribute(xml::kXsi, "nil");
  if (!attribute) return false;
  const std::string value = xml::attribute_text(attribute->raw_value);
  return trimmed(value) != "false" && trimmed(value) != "0";
}

std::optional<MessageReader::Text> MessageReader::text() {
  const std::size_t depth = scanner_.depth();
  Text text;
  for (;;) {
    const Tag tag = scanner_.next();
    if (tag == Tag::start) {
      text.has_elements = true;
    } else if (tag != Tag::end) {
      return std::nullopt;
    } else if (scanner_.depth() == depth) {
      text.content = scanner_.content();
      return text;
    }
  }
}

}  // namespace sfjwt::login
