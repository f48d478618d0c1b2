// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/scanner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/xml/hostile_documents.h"

namespace sfjwt::xml {
namespace {

using namespace std::string_literals;

// A document in memory of exactly its size, so that reading past its end is seen by AddressSanitizer.
class ExactBytes {
 public:
  explicit ExactBytes(std::string_view text) : size_(text.size()), bytes_(new char[text.size()]) {
    text.copy(bytes_.get(), size_);
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

struct Reading {
  std::string events;  // "<a>text</a>" in a canonical form: {namespace}local
  bool ok = false;
  Rule rule = Rule::well_formed;
  std::size_t offset = 0;
  std::string message;
};

Reading read(std::string_view text, const Limits& limits = {}) {
  const ExactBytes document(text);
  Namespaces namespaces;
  namespaces.add("urn:a");
  namespaces.add("urn:b");
  auto scanner = std::make_unique<Scanner>(document.view(), namespaces, limits);
  Reading reading;
  for (;;) {
    const auto tag = scanner->next();
    if (tag == Scanner::Tag::done) {
      reading.ok = true;
      return reading;
    }
    if (tag == Scanner::Tag::failed) {
      const Violation& violation = scanner->violation();
      reading.rule = violation.rule;
      reading.offset = violation.offset;
      reading.message = violation.message + (" "s + std::string(violation.name));
      return reading;
    }
    reading.events += character_data(scanner->content());
    const auto id = scanner->name().namespace_id;
    reading.events += tag == Scanner::Tag::start ? "<" : "</";
    if (id != kNoNamespace)
      reading.events += "{" + (id == kUnknownNamespace ? "?" : namespaces.uri_of(id)) + "}";
    reading.events += scanner->name().local;
    if (tag == Scanner::Tag::start) {
      for (const Attribute& attribute : scanner->attributes()) {
        reading.events += " " + std::to_string(attribute.namespace_id) + ":" +
                          std::string(attribute.local()) + "='" + attribute_text(attribute.raw_value) + "'";
      }
    }
    reading.events += ">";
  }
}

TEST(Scanner, ReadsElementsInTheirNamespaces) {
  EXPECT_EQ(read("<p:x xmlns:p='urn:a' xmlns='urn:b'><y/><p:z></p:z></p:x>").events,
            "<{urn:a}x><{urn:b}y></{urn:b}y><{urn:a}z></{urn:a}z></{urn:a}x>");
}

TEST(Scanner, TheInnermostDeclarationOfAPrefixHolds) {
  EXPECT_EQ(read("<p:x xmlns:p='urn:a'><p:y xmlns:p='urn:b'><p:z/></p:y><p:y/></p:x>").events,
            "<{urn:a}x><{urn:b}y><{urn:b}z></{urn:b}z></{urn:b}y><{urn:a}y></{urn:a}y></{urn:a}x>");
}

TEST(Scanner, AnEmptyDefaultNamespaceTakesItBack) {
  EXPECT_EQ(read("<x xmlns='urn:a'><y xmlns=''><z/></y><w/></x>").events,
            "<{urn:a}x><y><z></z></y><{urn:a}w></{urn:a}w></{urn:a}x>");
}

TEST(Scanner, TheDefaultNamespaceIsNotThatOfAttributes) {
  EXPECT_EQ(read("<x xmlns='urn:a' xmlns:p='urn:a' k='1' p:k='2'/>").events,
            "<{urn:a}x 0:k='1' 9:k='2'></{urn:a}x>");
}

TEST(Scanner, ANamespaceNameWrittenWithReferencesIsTheSameName) {
  EXPECT_EQ(read("<x xmlns='urn&#x3A;&#97;'/>").events, "<{urn:a}x></{urn:a}x>");
}

TEST(Scanner, AnUnknownNamespaceIsStillANamespace) {
  EXPECT_EQ(read("<x xmlns='urn:other'/>").events, "<{?}x></{?}x>");
}

TEST(Scanner, ResolvesReferencesAndOpensCdataAndDropsComments) {
  EXPECT_EQ(read("<x>a&amp;&lt;&gt;&apos;&quot;&#65;&#x1F600;<![CDATA[<&>]]>b<!-- <c> -->d</x>").events,
            "<x>a&<>'\"A\xF0\x9F\x98\x80<&>bd</x>");
}

TEST(Scanner, ACommentMayBeginWithAGreaterSign) {
  EXPECT_EQ(read("<x>a<!--> b -->c</x>").events, "<x>ac</x>");
}

TEST(Scanner, NormalisesLineEndsButNotReferencesToThem) {
  EXPECT_EQ(read("<x>a\r\nb\rc\n&#xD;<![CDATA[\r\n\r]]></x>").events, "<x>a\nb\nc\n\r\n\n</x>");
}

TEST(Scanner, NormalisesWhiteSpaceInAttributeValues) {
  EXPECT_EQ(read("<x k='a\tb\r\nc\n&#x9;&#10;'/>").events, "<x 0:k='a b c \t\n'></x>");
}

TEST(Scanner, AcceptsWhatMayStandAroundTheRoot) {
  for (const char* document : {"\xEF\xBB\xBF<x/>", "<?xml version=\"1.0\"?><x/>",
                               "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<x/>",
                               "<?xml version = '1.0' encoding = \"US-ASCII\"?><x/>", " \r\n\t<x/> \n",
                               "<!-- a --><!----><x/><!-- b --> <!-- c -->",
                               "\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- c -->\n<x/>"}) {
    EXPECT_TRUE(read(document).ok) << document;
  }
}

TEST(Scanner, AcceptsNamesBeyondAscii) {
  EXPECT_EQ(read("<stra\xC3\x9F"
                 "e _-.\xC2\xB7='1'/>")
                .events,
            "<stra\xC3\x9F"
            "e 0:_-.\xC2\xB7='1'></stra\xC3\x9F"
            "e>");
  EXPECT_TRUE(read("<\xF0\x90\x80\x80/>").ok);
}

TEST(Scanner, WhiteSpaceInsideTagsIsFree) {
  EXPECT_EQ(read("<x \n k = \t'1'\r\n l='2' ><y\t/></x \n>").events, "<x 0:k='1' 0:l='2'><y></y></x>");
}

struct Refused {
  const char* what;
  std::string document;
  Rule rule;
  std::size_t offset;
};

class ScannerRefuses : public testing::TestWithParam<Refused> {};

TEST_P(ScannerRefuses, AtTheRightPlace) {
  const Reading reading = read(GetParam().document);
  EXPECT_FALSE(reading.ok) << GetParam().what;
  EXPECT_EQ(static_cast<int>(reading.rule), static_cast<int>(GetParam().rule))
      << GetParam().what << ": " << reading.message;
  EXPECT_EQ(reading.offset, GetParam().offset) << GetParam().what << ": " << reading.message;
}

constexpr auto kForm = Rule::well_formed;
constexpr auto kMarkup = Rule::forbidden_markup;

INSTANTIATE_TEST_SUITE_P(
    Markup, ScannerRefuses,
    testing::Values(
        Refused{"nothing", "", kForm, 0}, Refused{"white space only", " \n", kForm, 2},
        Refused{"text", "x", kForm, 0}, Refused{"end tag first", "</x>", kForm, 0},
        Refused{"open element", "<x>", kForm, 3}, Refused{"open element with text", "<x>abc", kForm, 6},
        Refused{"crossed tags", "<x><y></x></y>", kForm, 6}, Refused{"longer end tag", "<x></xy>", kForm, 3},
        Refused{"shorter end tag", "<xy></x>", kForm, 4},
        Refused{"prefix differs in end tag", "<p:x xmlns:p='a' xmlns:q='a'></q:x>", kForm, 29},
        Refused{"two roots", "<x/><y/>", kForm, 4}, Refused{"text behind the root", "<x/>a", kForm, 4},
        Refused{"NUL behind the root", "<x/>\0"s, kForm, 4}, Refused{"cut start tag", "<x", kForm, 2},
        Refused{"cut attribute name", "<x k", kForm, 3}, Refused{"cut before the value", "<x k=", kForm, 5},
        Refused{"cut value", "<x k='", kForm, 5}, Refused{"unquoted value", "<x k=1/>", kForm, 5},
        Refused{"no value", "<x k/>", kForm, 3}, Refused{"less in value", "<x k='<'/>", kForm, 6},
        Refused{"attributes without white space", "<x k='1'l='2'/>", kForm, 8},
        Refused{"attribute twice", "<x k='1' k='2'/>", kForm, 0}, Refused{"no name", "< x/>", kForm, 1},
        Refused{"name begins with digit", "<1x/>", kForm, 1},
        Refused{"name begins with minus", "<-x/>", kForm, 1},
        Refused{"name begins with middle dot", "<\xC2\xB7/>", kForm, 1},
        Refused{"name with multiplication sign", "<a\xC3\x97/>", kForm, 2},
        Refused{"slash without greater", "<x/ >", kForm, 2}, Refused{"]]> in text", "<x>a]]></x>", kForm, 4},
        Refused{"bare ampersand", "<x>a & b</x>", kForm, 5},
        Refused{"reference without semicolon", "<x>&amp</x>", kForm, 3},
        Refused{"empty reference", "<x>&;</x>", kForm, 3},
        Refused{"empty character reference", "<x>&#;</x>", kForm, 3},
        Refused{"hex digits in decimal reference", "<x>&#A;</x>", kForm, 3},
        Refused{"capital X", "<x>&#X41;</x>", kForm, 3}, Refused{"reference to NUL", "<x>&#0;</x>", kForm, 3},
        Refused{"reference to a control", "<x>&#x1F;</x>", kForm, 3},
        Refused{"reference to a surrogate", "<x>&#xD800;</x>", kForm, 3},
        Refused{"reference to U+FFFE", "<x>&#xFFFE;</x>", kForm, 3},
        Refused{"reference beyond Unicode", "<x>&#x110000;</x>", kForm, 3},
        Refused{"reference that would wrap", "<x>&#4294967361;</x>", kForm, 3},
        Refused{"reference to a control in a value", "<x k='&#8;'/>", kForm, 6},
        Refused{"comment without end", "<x><!-- a", kForm, 3},
        Refused{"-- in comment", "<x><!-- a -- b --></x>", kForm, 10},
        Refused{"comment ending in ---", "<x><!-- a ---></x>", kForm, 10},
        Refused{"CDATA without end", "<x><![CDATA[ a", kForm, 3},
        Refused{"CDATA outside the root", "<![CDATA[a]]><x/>", kForm, 1},
        Refused{"CDATA behind the root", "<x/><![CDATA[a]]>", kForm, 4},
        Refused{"lower-case cdata", "<x><![cdata[a]]></x>", kForm, 3},
        Refused{"white space before the XML declaration", " <?xml version='1.0'?><x/>", kMarkup, 1},
        Refused{"XML 1.1", "<?xml version='1.1'?><x/>", kForm, 19},
        Refused{"no version", "<?xml encoding='UTF-8'?><x/>", kForm, 5},
        Refused{"order of the XML declaration", "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><x/>",
                kForm, 37},
        Refused{"standalone maybe", "<?xml version='1.0' standalone='maybe'?><x/>", kForm, 38},
        Refused{"DOCTYPE", "<!DOCTYPE x><x/>", kMarkup, 0},
        Refused{"DOCTYPE with entities", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", kMarkup, 0},
        Refused{"DOCTYPE behind a comment", "<!-- a --><!DOCTYPE x SYSTEM 'http://x.example/'><x/>", kMarkup,
                10},
        Refused{"DOCTYPE inside", "<x><!DOCTYPE x></x>", kMarkup, 3},
        Refused{"PI in the prolog", "<?pi a?><x/>", kMarkup, 0},
        Refused{"xml-stylesheet", "<?xml-stylesheet href='a'?><x/>", kMarkup, 0},
        Refused{"PI inside", "<x><?pi?></x>", kMarkup, 3},
        Refused{"PI behind the root", "<x/><?pi?>", kMarkup, 4},
        Refused{"second XML declaration", "<x/><?xml version='1.0'?>", kMarkup, 4},
        Refused{"undefined entity", "<x>a&undef;b</x>", kMarkup, 4},
        Refused{"HTML entity in a value", "<x k='&nbsp;'/>", kMarkup, 6}));

INSTANTIATE_TEST_SUITE_P(
    NamespaceRules, ScannerRefuses,
    testing::Values(
        Refused{"undeclared element prefix", "<p:x/>", kForm, 0},
        Refused{"undeclared attribute prefix", "<x p:k='1'/>", kForm, 0},
        Refused{"prefix out of scope", "<x><p:y xmlns:p='urn:a'/><p:z/></x>", kForm, 25},
        Refused{"two colons", "<a:b:c xmlns:a='urn:a'/>", kForm, 4},
        Refused{"colon first", "<:x/>", kForm, 1}, Refused{"colon last", "<x: xmlns:x='urn:a'/>", kForm, 3},
        Refused{"colon then digit", "<x:1 xmlns:x='urn:a'/>", kForm, 3},
        Refused{"prefix undeclared by empty name", "<x xmlns:p=''/>", kForm, 3},
        Refused{"default declared twice", "<x xmlns='urn:a' xmlns='urn:b'/>", kForm, 17},
        Refused{"prefix declared twice", "<x xmlns:p='urn:a' xmlns:p='urn:b'/>", kForm, 19},
        Refused{"xmlns declared", "<x xmlns:xmlns='urn:a'/>", kForm, 3},
        Refused{"xml bound elsewhere", "<x xmlns:xml='urn:a'/>", kForm, 3},
        Refused{"xml namespace bound elsewhere", "<x xmlns:p='http://www.w3.org/XML/1998/namespace'/>", kForm,
                3},
        Refused{"xml namespace as default", "<x xmlns='http://www.w3.org/XML/1998/namespace'/>", kForm, 3},
        Refused{"xmlns namespace bound", "<x xmlns:p='http://www.w3.org/2000/xmlns/'/>", kForm, 3},
        Refused{"element xmlns:x", "<xmlns:x/>", kForm, 0},
        Refused{"one expanded attribute name twice", "<x xmlns:p='urn:a' xmlns:q='urn:a' p:k='1' q:k='2'/>",
                kForm, 0},
        Refused{"the same in an unknown namespace",
                "<x xmlns:p='urn:u' xmlns:q='urn:&#117;' p:k='1' q:k='2'/>", kForm, 0}));

INSTANTIATE_TEST_SUITE_P(
    Encodings, ScannerRefuses,
    testing::Values(
        Refused{"UTF-16 LE with BOM", "\xFF\xFE<\0x\0/\0>\0"s, Rule::encoding, 0},
        Refused{"UTF-16 BE with BOM", "\xFE\xFF\0<\0x\0/\0>"s, Rule::encoding, 0},
        Refused{"UTF-16 without BOM", "<\0x\0/\0>\0"s, Rule::encoding, 0},
        Refused{"UTF-32", "\0\0\0<\0\0\0x"s, Rule::encoding, 0},
        Refused{"EBCDIC", "\x4C\x6F\xA7\x94\x93"s, Rule::encoding, 0},
        Refused{"declared ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><x/>", Rule::encoding, 41},
        Refused{"declared UTF-16", "<?xml version='1.0' encoding='UTF-16'?><x/>", Rule::encoding, 37},
        Refused{"declared UTF-7", "<?xml version='1.0' encoding='UTF-7'?><x/>", Rule::encoding, 36},
        Refused{"US-ASCII with umlaut", "<?xml version='1.0' encoding='US-ASCII'?><x>\xC3\xA4</x>",
                Rule::encoding, 39},
        Refused{"encoding that is no name", "<?xml version='1.0' encoding='a\x01\xff\n'?><x/>", kForm, 29},
        Refused{"UTF-7 text", "+ADw-x/+AD4-", kForm, 0},
        Refused{"overlong", "<x>\xC0\xBC</x>", Rule::encoding, 3},
        Refused{"surrogate", "<x>\xED\xA0\x80</x>", Rule::encoding, 3},
        Refused{"beyond Unicode", "<x>\xF4\x90\x80\x80</x>", Rule::encoding, 3},
        Refused{"cut character", "<x>\xE2\x82</x>", Rule::encoding, 3},
        Refused{"lone continuation", "<x>\x80</x>", Rule::encoding, 3},
        Refused{"U+FFFE", "<x>\xEF\xBF\xBE</x>", Rule::encoding, 3},
        Refused{"U+FFFF", "<x>\xEF\xBF\xBF</x>", Rule::encoding, 3}, Refused{"NUL", "<x>\0</x>"s, kForm, 3},
        Refused{"escape", "<x>\x1b[0m</x>", kForm, 3},
        Refused{"form feed between attributes", "<x\fk='1'/>", kForm, 2},
        Refused{"Latin-1 umlaut", "<x>\xE4</x>", Rule::encoding, 3},
        Refused{"a second byte order mark", "\xEF\xBB\xBF\xEF\xBB\xBF<x/>", kForm, 3}));

void expect_limit(const std::string& within, const std::string& beyond, const Limits& limits = {}) {
  EXPECT_TRUE(read(within, limits).ok) << read(within, limits).message;
  const Reading reading = read(beyond, limits);
  EXPECT_FALSE(reading.ok);
  EXPECT_EQ(static_cast<int>(reading.rule), static_cast<int>(Rule::limit)) << reading.message;
}

TEST(ScannerLimits, Depth) {
  expect_limit(repeated("<x>", 256) + repeated("</x>", 256), repeated("<x>", 257) + repeated("</x>", 257));
  Limits two;
  two.depth = 2;
  expect_limit("<x><y/></x>", "<x><y><z/></y></x>", two);
}

TEST(ScannerLimits, AttributesOfAnElement) {
  expect_limit(many_attributes(64), many_attributes(65));
}

TEST(ScannerLimits, NamespaceDeclarationsOfAnElement) {
  expect_limit(many_declarations(64), many_declarations(65));
}

TEST(ScannerLimits, NamespaceDeclarationsInScope) {
  const auto nested = [](std::size_t count) {
    std::string document;
    for (std::size_t i = 0; i < count; ++i) document += "<x xmlns:p" + std::to_string(i) + "='urn:a'>";
    return document + repeated("</x>", count);
  };
  expect_limit(nested(128), nested(129));
}

TEST(ScannerLimits, NameBytes) {
  expect_limit("<" + std::string(1024, 'n') + "/>", "<" + std::string(1025, 'n') + "/>");
  expect_limit("<x " + std::string(1024, 'n') + "=''/>", "<x " + std::string(1025, 'n') + "=''/>");
}

TEST(ScannerLimits, NameBytesOfAChildWrittenAsItsParentIs) {
  const std::string prefix(1014, 'p');
  const std::string open = "<" + prefix + ":a xmlns:" + prefix + "='urn:a'>";
  const std::string close = "</" + prefix + ":a>";
  const auto child_of = [&](std::string_view local) {
    const std::string document = open + "<" + prefix + ":" + std::string(local) + ">" + close;
    const ExactBytes bytes(document);
    const Namespaces namespaces;
    auto scanner = std::make_unique<Scanner>(bytes.view(), namespaces, Limits{});
    EXPECT_EQ(scanner->next(), Scanner::Tag::start);
    return scanner->child(local);
  };
  EXPECT_TRUE(child_of("childname"));    // 1024 bytes in all
  EXPECT_FALSE(child_of("childnames"));  // next() tells what is wrong
}

TEST(ScannerLimits, NameBytesOfADeclaration) {
  Limits ten;
  ten.name_bytes = 10;
  expect_limit("<x xmlns:pppp='urn:a'/>", "<x xmlns:ppppp='urn:a'/>", ten);
}

TEST(ScannerLimits, StartTagBytes) {
  const auto tag = [](std::size_t bytes) { return "<x k='" + std::string(bytes - 9, 'v') + "'/>"; };
  expect_limit(tag(64 * 1024), tag(64 * 1024 + 1));
}

TEST(ScannerLimits, AreSettableUpToTheRoomThereIs) {
  Limits wide;
  wide.depth = 1u << 20;
  wide.attributes = 1u << 20;
  wide.name_bytes = 1u << 20;
  wide.start_tag_bytes = 1u << 20;
  expect_limit(repeated("<x>", 256) + repeated("</x>", 256), repeated("<x>", 257), wide);
  expect_limit(many_attributes(128), many_attributes(129), wide);
  expect_limit("<" + std::string(32 * 1024, 'n') + "/>", "<" + std::string(32 * 1024 + 1, 'n') + "/>", wide);
}

TEST(Scanner, NeverReadsPastTheEndOfACutDocument) {
  const std::string document =
      "<?xml version='1.0' encoding='UTF-8'?><!-- c --><p:x xmlns:p='urn:a' "
      "k='&lt;v&#65;'>t]]<![CDATA[a]]>&amp;<y/>\xE2\x82\xAC"
      "<!-- d --></p:x> <!-- e -->";
  for (std::size_t size = 0; size < document.size(); ++size) {
    const bool whole_root = size > document.find("</p:x>") + 5;
    const Reading reading = read(document.substr(0, size));
    const bool in_last_comment = size > document.find("<!-- e") && size < document.size();
    EXPECT_EQ(reading.ok, whole_root && !in_last_comment) << size;
  }
}

}  // namespace
}  // namespace sfjwt::xml
