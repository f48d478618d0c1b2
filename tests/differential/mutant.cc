// SPDX-License-Identifier: Apache-2.0
#include "mutant.h"

#include <algorithm>

#include "mod_sfjwt/xml/scanner.h"
#include "values.h"

namespace sfjwt::soap {
namespace {

using namespace std::string_literals;

constexpr std::string_view kXsdTypes[] = {"anyType", "anySimpleType", "string", "int",      "integer",
                                          "double",  "boolean",       "date",   "dateTime", "base64Binary",
                                          "token",   "nothing",       "long",   "decimal",  "QName"};
constexpr std::string_view kInserted[] = {
    "text",          " ",         "\n\t",     "<!-- note -->", "<![CDATA[]]>", "<![CDATA[x]]>",
    "<![CDATA[ ]]>", "&#32;",     "&amp;",    "&#x41;",        "\r\n",         "<x/>",
    "<x xmlns=''/>", "<?p i?>",   "\xC2\xA0", "<e:Body/>",     "]]",           "5",
    "<n0:query/>",   "<xsd:any/>"};
constexpr std::string_view kNils[] = {"true", "1", "false", "0", " true ", "&#9;1", "yes", "", "TRUE"};
constexpr std::string_view kOtherAttributes[] = {" xml:lang='en'",
                                                 " z='1'",
                                                 " xmlns:q='urn:q' q:z='1'",
                                                 " xsi:schemaLocation='a b'",
                                                 " xsi:noNamespaceSchemaLocation='a'",
                                                 " xsi:other='1'",
                                                 " e:mustUnderstand='1'",
                                                 " e:encodingStyle='x'",
                                                 " xmlns=''",
                                                 " xmlns='urn:nobody'",
                                                 " e:actor=''",
                                                 " colour='red'",
                                                 " colour='blue'",
                                                 " size='5'",
                                                 " size='x'",
                                                 " size=' 7 '",
                                                 " n0:size='5'"};

// One mutation of a document whose elements are known.
class Mutation {
 public:
  Mutation(std::string& text, const Stock& stock, Random& random)
      : text_(text), stock_(stock), random_(random), elements_(written_elements(text)) {}

  void apply() {
    if (elements_.size() < 3) return;
    switch (random_.below(18)) {
      case 0:
        return remove();
      case 1:
        return duplicate();
      case 2:
        return exchange();
      case 3:
      case 4:
        return rename();
      case 5:
      case 6:
      case 7:
      case 8:
        return revalue();
      case 9:
      case 10:
        return retype();
      case 11:
        return nil();
      case 12:
        return add_attribute();
      case 13:
        return drop_attribute();
      case 14:
        return insert();
      case 15:
      case 16:
        return repeat();
      default:
        return change_attribute();
    }
  }

 private:
  const WrittenElement& some_element(std::size_t least_depth = 3) {
    for (int tries = 0; tries < 8; ++tries) {
      const WrittenElement& element = random_.one_of(elements_);
      if (element.depth >= least_depth) return element;
    }
    return elements_.back();
  }

  std::string written(const WrittenElement& element) const {
    return text_.substr(element.begin, element.end - element.begin);
  }
  std::string prefix_of(const WrittenElement& element) const {
    const std::string name = text_.substr(element.begin + 1, element.name_bytes);
    const auto colon = name.find(':');
    return colon == std::string::npos ? "" : name.substr(0, colon + 1);
  }

  void remove() {
    const WrittenElement& element = some_element();
    text_.erase(element.begin, element.end - element.begin);
  }

  void duplicate() {
    const WrittenElement& element = some_element();
    const std::string copy = written(element);
    const WrittenElement& place = random_.one_in(2) ? element : some_element(4);
    text_.insert(place.end, copy);
  }

  // Repeats an element many times, so that a later change affects one of many.
  void repeat() {
    const WrittenElement& element = some_element();
    const std::string copy = written(element);
    for (std::size_t copies = 1 + random_.below(6); copies > 0; --copies) text_.insert(element.end, copy);
  }

  // Two that do not lie in each other change places.
  void exchange() {
    const WrittenElement* first = &some_element(4);
    const WrittenElement* second = random_.one_in(2) ? first + 1 : &some_element(4);
    if (second == elements_.data() + elements_.size()) return;
    if (second->begin < first->begin) std::swap(first, second);
    if (second->begin < first->end) return;
    const std::string copy = written(*second);
    const std::string other = written(*first);
    text_.replace(second->begin, copy.size(), other);
    text_.replace(first->begin, other.size(), copy);
  }

  void replace_name(const WrittenElement& element, const std::string& name) {
    if (!element.self_closed) text_.replace(element.content_end + 2, element.name_bytes, name);
    text_.replace(element.begin + 1, element.name_bytes, name);
  }

  void rename() {
    const WrittenElement& element = some_element();
    std::string name = text_.substr(element.begin + 1, element.name_bytes);
    switch (random_.below(4)) {
      case 0:  // another name of the schemas
        name = random_.one_of(stock_.element_names);
        name = prefix_of(element) + name.substr(name.find(':') + 1);
        break;
      case 1:
        name += 's';
        break;
      case 2:  // without prefix, or with another
        name =
            (random_.one_in(2) ? ""
                               : "n"s + std::to_string(random_.below(stock_.namespaces.size() + 1)) + ':') +
            name.substr(name.find(':') + 1);
        break;
      default:
        name = written_name(random_.one_of(elements_));
        break;
    }
    replace_name(element, name);
  }

  std::string written_name(const WrittenElement& element) const {
    return text_.substr(element.begin + 1, element.name_bytes);
  }

  void revalue() {
    const WrittenElement* element = &some_element();
    for (int tries = 0; tries < 8 && !element->leaf; ++tries) element = &some_element();
    std::string value(random_.one_of(edge_values()));
    const std::string old = text_.substr(element->content, element->content_end - element->content);
    switch (random_.below(6)) {
      case 0:
        value = " " + old;
        break;
      case 1:
        value = old + "\n";
        break;
      case 2:
        value = old.substr(0, old.size() / 2) + value;
        break;
      default:
        break;
    }
    if (element->self_closed) {
      text_.replace(element->content - 2, 2, '>' + value + "</" + written_name(*element) + '>');
    } else {
      text_.replace(element->content, old.size(), value);
    }
  }

  void attach(const WrittenElement& element, const std::string& attributes) {
    text_.insert(element.begin + 1 + element.name_bytes, attributes);
  }

  // Whatever the seed has declared, the declarations needed here come along.
  void retype() {
    std::string type = random_.one_in(2) ? random_.one_of(stock_.type_names)
                                         : "xsd:" + std::string(random_.one_of(kXsdTypes));
    switch (random_.below(10)) {
      case 0:
        type = ' ' + type + '\n';
        break;
      case 1:
        type = type.substr(type.find(':') + 1);
        break;
      case 2:
        type = "zz:" + type.substr(type.find(':') + 1);
        break;
      case 3:
        type = type.substr(0, type.find(':') + 1);
        break;
      case 4:
        type.erase(0, type.find(':'));
        break;
      default:
        break;
    }
    attach(
        some_element(),
        " xmlns:t='http://www.w3.org/2001/XMLSchema-instance' xmlns:xsd='http://www.w3.org/2001/XMLSchema'" +
            stock_.target_namespaces + " t:type='" + type + "'");
  }

  void nil() {
    const WrittenElement element = some_element();
    const bool empty = random_.one_in(2) && !element.self_closed;
    if (empty) text_.erase(element.content, element.content_end - element.content);
    attach(element, " xmlns:v='http://www.w3.org/2001/XMLSchema-instance' v:nil='" +
                        std::string(random_.one_of(kNils)) + "'");
  }

  void add_attribute() {
    if (random_.one_in(3)) return rebind();
    attach(some_element(), std::string(random_.one_of(kOtherAttributes)));
  }

  // The prefix of an element means another namespace on it, or the same once more.
  void rebind() {
    const WrittenElement& element = some_element();
    const std::string prefix = prefix_of(element);
    const std::string uri = random_.one_in(3) ? "urn:nobody" : random_.one_of(stock_.namespaces);
    attach(element,
           " xmlns" + (prefix.empty() ? "" : ':' + prefix.substr(0, prefix.size() - 1)) + "='" + uri + "'");
  }

  const WrittenElement* with_attributes() {
    for (int tries = 0; tries < 12; ++tries) {
      const WrittenElement& element = random_.one_of(elements_);
      if (!element.attributes.empty()) return &element;
    }
    return nullptr;
  }

  void drop_attribute() {
    const WrittenElement* element = with_attributes();
    if (!element) return;
    const auto [begin, end] = random_.one_of(element->attributes);
    text_.erase(begin, end - begin);
  }

  void change_attribute() {
    const WrittenElement* element = with_attributes();
    if (!element) return;
    const auto [begin, end] = random_.one_of(element->attributes);
    const auto quote = text_.find_first_of("'\"", begin);
    if (quote >= end) return;
    std::string value(random_.one_of(edge_values()));
    if (random_.one_in(3)) value = random_.one_of(stock_.type_names);
    text_.replace(quote + 1, end - quote - 2, value);
  }

  void insert() {
    const WrittenElement& element = some_element(random_.one_in(6) ? 1 : 3);
    const std::size_t place = random_.one_in(2)   ? element.content_end
                              : random_.one_in(2) ? element.content
                                                  : element.end;
    if (element.self_closed && place != element.end) return;
    text_.insert(place, random_.one_of(kInserted));
  }

  std::string& text_;
  const Stock& stock_;
  Random& random_;
  const std::vector<WrittenElement> elements_;
};

}  // namespace

std::vector<WrittenElement> written_elements(std::string_view document) {
  static const xml::Namespaces kNamespaces;
  xml::Scanner scanner(document, kNamespaces, xml::Limits{});
  std::vector<WrittenElement> elements;
  std::vector<std::size_t> open;
  const auto offset = [document](std::string_view part) {
    return static_cast<std::size_t>(part.data() - document.data());
  };
  for (auto tag = scanner.next(); tag == xml::Scanner::Tag::start || tag == xml::Scanner::Tag::end;
       tag = scanner.next()) {
    if (tag == xml::Scanner::Tag::end) {
      WrittenElement& element = elements[open.back()];
      element.content_end = element.self_closed ? element.content : scanner.tag_begin();
      element.end = element.self_closed ? element.content : scanner.tag_end();
      open.pop_back();
      continue;
    }
    if (!open.empty()) elements[open.back()].leaf = false;
    open.push_back(elements.size());
    WrittenElement& element = elements.emplace_back();
    element.begin = scanner.tag_begin();
    element.content = scanner.tag_end();
    element.name_bytes = scanner.raw_name().size();
    element.depth = scanner.depth();
    element.self_closed = scanner.empty_element();
    for (const xml::Attribute& attribute : scanner.attributes()) {
      element.attributes.emplace_back(offset(attribute.raw_name),
                                      offset(attribute.raw_value) + attribute.raw_value.size() + 1);
    }
  }
  for (const std::size_t unfinished : open) elements[unfinished].end = 0;
  std::erase_if(elements, [](const WrittenElement& element) { return element.end == 0; });
  return elements;
}

std::string structural_mutant(std::string_view seed, const Stock& stock, Random& random) {
  std::string text(seed);
  for (std::size_t left = 1 + random.below(3); left > 0; --left) Mutation(text, stock, random).apply();
  return text;
}

std::string byte_mutant(std::string_view seed, Random& random) {
  static constexpr std::string_view kRuns[] = {"<",
                                               ">",
                                               "&",
                                               "&#0;",
                                               "&#x1;",
                                               "&amp",
                                               "\"",
                                               "'",
                                               "]]>",
                                               "--",
                                               "<!--",
                                               "-->",
                                               "<![CDATA[",
                                               "/>",
                                               "</",
                                               "=",
                                               " ",
                                               "\t",
                                               "\r",
                                               "\n",
                                               "\0",
                                               "\x01",
                                               "\x7F",
                                               "\xC3\xA9",
                                               "\xEF\xBF\xBE",
                                               "\xED\xA0\x80",
                                               "\xC0\x80",
                                               "\xF4\x90\x80\x80",
                                               "\xF0\x9F\x98\x80",
                                               "\xEF\xBB\xBF",
                                               "xmlns",
                                               "xmlns:",
                                               "xml:",
                                               ":",
                                               "::",
                                               "&lt;",
                                               "&nope;",
                                               "<?xml version='1.0'?>",
                                               "<?pi?>",
                                               "<!DOCTYPE a>",
                                               "\xE2\x80\xA8",
                                               "\xC2\x85",
                                               "\xC2\xB7",
                                               "\xCC\x81",
                                               "0",
                                               "A"};
  std::string text(seed);
  for (std::size_t left = 1 + random.below(3); left > 0 && !text.empty(); --left) {
    const std::size_t at = random.below(text.size());
    switch (random.below(6)) {
      case 0:
        text.erase(at, 1 + random.below(4));
        break;
      case 1:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 2:
        text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
        break;
      case 3:
        text.insert(at, text.substr(random.below(text.size()), 1 + random.below(24)));
        break;
      case 4:
        text.replace(at, 1, random.one_of(kRuns));
        break;
      default:
        text.insert(at, random.one_of(kRuns));
        break;
    }
  }
  return text;
}

}  // namespace sfjwt::soap
