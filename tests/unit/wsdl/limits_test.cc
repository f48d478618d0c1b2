// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/limits.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::wsdl {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr const char* kAsk = "<x:element name='ask'/>\n";

std::string repeated(std::size_t count, const std::function<std::string(const std::string&)>& piece) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece(std::to_string(i));
  return text;
}

std::string outcome(const Result<std::shared_ptr<const soap::Catalog>, soap::WsdlError>& catalog) {
  return catalog ? "ok" : std::to_string(catalog.error().line) + ": " + catalog.error().message;
}

// "ok", or line and message of the error. The components begin in line 4.
std::string compiled(const std::string& components) {
  return outcome(
      catalog_of(wsdl_of(kAsk + components), {schema::Mode::tolerant, schema::Relaxations::all()}));
}

// Each type extends the one before it, by one element.
std::string chain(std::size_t count, bool base_first) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string extension =
        "<x:sequence><x:element name='e" + std::to_string(i) + "' type='x:string'/></x:sequence>";
    const std::string content = i == 0 ? extension
                                       : "<x:complexContent><x:extension base='t:T" + std::to_string(i - 1) +
                                             "'>" + extension + "</x:extension></x:complexContent>";
    const std::string type =
        "<x:complexType name='T" + std::to_string(i) + "'>" + content + "</x:complexType>\n";
    text = base_first ? text + type : type + text;
  }
  return text;
}

std::string element(const std::string& number) {
  return "<x:element name='e" + number + "' type='x:string'/>";
}

std::string type_of_elements(std::size_t count) {
  return "<x:complexType name='T'><x:sequence>" + repeated(count, element) + "</x:sequence></x:complexType>";
}

std::string enumeration(std::size_t count) {
  const auto value = [](const std::string& number) { return "<x:enumeration value='" + number + "'/>"; };
  return "<x:simpleType name='E'><x:restriction base='x:string'>" + repeated(count, value) +
         "</x:restriction></x:simpleType>";
}

std::string patterns(const std::string& all) {
  return "<x:simpleType name='E'><x:restriction base='x:string'>" + all + "</x:restriction></x:simpleType>";
}

TEST(WsdlLimits, AChainOfExtensionsHasALimitWhateverItsOrder) {
  const std::string said = "the type is derived from others in more than 32 steps, which is the limit";
  for (const bool base_first : {true, false}) {
    EXPECT_EQ(compiled(chain(33, base_first)), "ok");
    EXPECT_THAT(compiled(chain(34, base_first)), HasSubstr(said));
    EXPECT_THAT(compiled(chain(5'000, base_first)), HasSubstr(said));
  }
}

TEST(WsdlLimits, AChainOfRestrictionsHasALimit) {
  const auto type = [](const std::string& number) {
    const std::string base = number == "0" ? "x:string" : "t:S" + std::to_string(std::stoul(number) - 1);
    return "<x:simpleType name='S" + number + "'><x:restriction base='" + base + "'/></x:simpleType>";
  };
  EXPECT_EQ(compiled(repeated(32, type)), "ok");
  EXPECT_THAT(compiled(repeated(34, type)), HasSubstr("in more than 32 steps"));
}

TEST(WsdlLimits, ATagHasFewAttributes) {
  const auto tag = [](std::size_t count) {
    return "<x:element name='e'" + repeated(count, [](const std::string& n) { return " a" + n + "=''"; }) +
           "/>";
  };
  EXPECT_EQ(compiled(tag(kMaxTagAttributes - 1)), "ok");
  EXPECT_EQ(compiled("\n" + tag(kMaxTagAttributes)),
            "5: a tag has more than 256 attributes, which is the limit");
}

TEST(WsdlLimits, NamespaceDeclarationsCountAmongTheAttributesOfATag) {
  const auto one = [](const std::string& n) { return " xmlns:n" + n + "='urn:n'"; };
  EXPECT_THAT(compiled("<x:element name='e'" + repeated(kMaxTagAttributes, one) + "/>"),
              HasSubstr("more than 256 attributes"));
}

TEST(WsdlLimits, ATypeHasALimitOfAttributes) {
  const auto type = [](std::size_t count) {
    const auto one = [](const std::string& n) { return "<x:attribute name='a" + n + "' type='x:string'/>"; };
    return "<x:complexType name='T'>" + repeated(count, one) + "</x:complexType>";
  };
  EXPECT_EQ(compiled(type(kMaxTypeAttributes)), "ok");
  EXPECT_EQ(compiled(type(kMaxTypeAttributes + 1)),
            "4: the type has more than 1000 attributes, which is the limit");
}

TEST(WsdlLimits, ATypeHasALimitOfElements) {
  EXPECT_EQ(compiled(type_of_elements(kMaxParticles)), "ok");
  EXPECT_EQ(compiled(type_of_elements(kMaxParticles + 1)),
            "4: the type has more than 10000 elements, which is the limit");
}

TEST(WsdlLimits, ATypeHasALimitOfWildcards) {
  const auto one = [](const std::string& n) {
    return "<x:any namespace='urn:w" + n + "' minOccurs='0' processContents='lax'/>";
  };
  EXPECT_EQ(compiled("<x:complexType name='T'><x:sequence>" + repeated(kMaxWildcards + 1, one) +
                     "</x:sequence></x:complexType>"),
            "4: the type has more than 100 wildcards, which is the limit");
}

TEST(WsdlLimits, WhatTypesInheritCountsForEach) {
  const auto derived = [](const std::string& n) {
    return "\n<x:complexType name='D" + n +
           "'><x:complexContent><x:extension base='t:T'/></x:complexContent></x:complexType>";
  };
  EXPECT_THAT(compiled(type_of_elements(kMaxParticles) + repeated(100, derived)),
              HasSubstr("all types have more than 500000 elements and attributes, with inherited ones"));
}

TEST(WsdlLimits, ThereIsALimitOfNamedTypes) {
  const auto type = [](const std::string& n) { return "<x:complexType name='T" + n + "'/>"; };
  EXPECT_EQ(compiled(repeated(kMaxComponents + 1, type)),
            "4: the schemas have more than 20000 named types, which is the limit");
}

TEST(WsdlLimits, ThereIsALimitOfGlobalElements) {
  EXPECT_EQ(compiled(repeated(kMaxComponents, element)),  // and ask
            "4: the schemas have more than 20000 global elements, which is the limit");
}

TEST(WsdlLimits, ATypeHasALimitOfEnumeratedValues) {
  EXPECT_EQ(compiled(enumeration(kMaxEnumeration)), "ok");
  EXPECT_EQ(compiled(enumeration(kMaxEnumeration + 1)),
            "4: the type has more than 50000 enumerated values, which is the limit");
}

TEST(WsdlLimits, EnumeratedValuesThatTypesInheritCountForEach) {
  const auto derived = [](const std::string& n) {
    return "<x:simpleType name='S" + n + "'><x:restriction base='t:E'/></x:simpleType>";
  };
  EXPECT_THAT(
      compiled(enumeration(kMaxEnumeration) + repeated(20, derived)),
      HasSubstr("all types have more than 500000 enumerated values and patterns, with inherited ones"));
}

TEST(WsdlLimits, ATypeHasALimitOfPatterns) {
  const auto one = [](const std::string&) { return std::string("<x:pattern value='a'/>"); };
  EXPECT_EQ(compiled(patterns(repeated(kMaxPatterns, one))), "ok");
  EXPECT_EQ(compiled(patterns(repeated(kMaxPatterns + 1, one))),
            "4: the type has more than 100 patterns, which is the limit");
}

TEST(WsdlLimits, APatternHasALimitOfCharacters) {
  EXPECT_EQ(compiled(patterns("<x:pattern value='" + std::string(kMaxPatternBytes, 'a') + "'/>")), "ok");
  EXPECT_EQ(compiled(patterns("<x:pattern value='" + std::string(kMaxPatternBytes + 1, 'a') + "'/>")),
            "4: the pattern has more than 4096 characters, which is the limit");
}

TEST(WsdlLimits, APatternWhoseRepetitionsMultiplyIsRefused) {
  EXPECT_THAT(compiled(patterns("<x:pattern value='(((a{1,1000}){1,1000}){1,1000}){1,1000}'/>")),
              HasSubstr("the pattern cannot be read"));
}

TEST(WsdlLimits, SequencesNestOnlySoFar) {
  const auto open = [](const std::string&) { return std::string("<x:sequence>"); };
  const auto close = [](const std::string&) { return std::string("</x:sequence>"); };
  EXPECT_THAT(compiled("<x:complexType name='T'>" + repeated(5'000, open) + repeated(5'000, close) +
                       "</x:complexType>"),
              MatchesRegex("4: .*[Ee]xcessive depth.*"));
}

TEST(WsdlLimits, AWsdlHasALimitOfNodes) {
  const auto one = [](const std::string&) { return std::string("<x:a/>"); };
  EXPECT_EQ(compiled("<x:annotation>" + repeated(kMaxWsdlNodes, one) + "</x:annotation>"),
            "0: the WSDL has more than 1500000 elements and attributes, which is the limit");
}

TEST(WsdlLimits, SchemasHaveALimit) {
  const auto schema = [](const std::string& n) {
    return "</x:schema><x:schema targetNamespace='urn:n" + n + "'>";
  };
  EXPECT_THAT(compiled(repeated(kMaxSchemas, schema)), HasSubstr("the WSDL has more than 1000 schemas"));
}

TEST(WsdlLimits, AWildcardNamesFewNamespaces) {
  EXPECT_THAT(compiled("<x:complexType name='T'><x:sequence><x:any namespace='" +
                       repeated(101, [](const std::string& n) { return "urn:" + n + " "; }) +
                       "'/></x:sequence></x:complexType>"),
              HasSubstr("the wildcard has more than 100 namespaces"));
}

TEST(WsdlLimits, WarningsHaveALimit) {
  const auto missing = [](const std::string& n) {
    return "<x:element name='e" + n + "' type='t:none" + n + "'/>";
  };
  const auto catalog = catalog_of(wsdl_of(kAsk + repeated(1'000, missing)),
                                  {schema::Mode::tolerant, schema::Relaxations::all()});
  ASSERT_TRUE(catalog);
  EXPECT_LE((*catalog)->warnings().size(), kMaxWarnings + 5);
}

// A WSDL with so many operations, in the binding or only in the portType.
std::string with_operations(std::size_t in_port_type, std::size_t bound) {
  std::string text = wsdl_of(kAsk);
  const auto port = [](const std::string& n) {
    return "<w:operation name='o" + n + "'><w:input message='t:m'/></w:operation>";
  };
  const auto binding = [](const std::string&) {
    return std::string("<w:operation name='ask'><w:input><s:body use='literal'/></w:input></w:operation>");
  };
  text.insert(text.find("</w:portType>"), repeated(in_port_type - 1, port));
  text.insert(text.find("</w:binding>"), repeated(bound - 1, binding));
  return outcome(catalog_of(text, {schema::Mode::tolerant, schema::Relaxations::all()}));
}

TEST(WsdlLimits, APortTypeHasALimitOfOperations) {
  EXPECT_EQ(with_operations(kMaxOperations, 1), "ok");
  EXPECT_THAT(with_operations(kMaxOperations + 1, 1), HasSubstr("has more than 2000 operations"));
}

TEST(WsdlLimits, TheBindingsHaveALimitOfOperations) {
  EXPECT_EQ(with_operations(1, kMaxOperations), "ok");
  EXPECT_THAT(with_operations(1, kMaxOperations + 1),
              HasSubstr("the bindings have more than 2000 operations"));
}

// A folder of files that include each other.
class Includes : public ::testing::Test {
 protected:
  Includes() { fs::create_directories(folder_); }
  ~Includes() override { fs::remove_all(folder_); }

  static std::string schema(const std::string& inside,
                            const std::string& target = "targetNamespace='urn:t'") {
    return "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' " + target + ">" + inside + "</x:schema>";
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string load(const std::string& components) const {
    write("main.wsdl", wsdl_of(kAsk + components));
    return outcome(load_catalog({folder_ / "main.wsdl"}, {schema::Mode::tolerant, schema::Relaxations::all()},
                                gateway::kSalesforce.names));
  }

  const fs::path folder_ = fs::temp_directory_path() / ("wsdl_limits." + std::to_string(::getpid()));
};

TEST_F(Includes, AreLimitedInNumber) {
  for (std::size_t i = 0; i <= kMaxImports; ++i)
    write(std::to_string(i), schema("<x:include schemaLocation='" + std::to_string(i + 1) + "'/>"));
  EXPECT_THAT(load("<x:include schemaLocation='0'/>"),
              HasSubstr("the WSDL has more than 1000 imports and includes"));
}

TEST_F(Includes, AreLimitedInTheirWholeSize) {
  write("large", schema("<!--" + std::string(10'000'000, ' ') + "-->", ""));
  const auto including = [](const std::string& n) {
    return "</x:schema><x:schema targetNamespace='urn:n" + n + "'><x:include schemaLocation='large'/>";
  };
  EXPECT_EQ(load(repeated(5, including)), "ok");
  EXPECT_THAT(load(repeated(10, including)),
              HasSubstr("is larger than 64 MB, or with the files read before it"));
}

TEST_F(Includes, InWideCharactersAreRefused) {
  write("wide", std::string("\xFF\xFE\0\0<\0\0\0a\0\0\0/\0\0\0>\0\0\0", 20));
  EXPECT_EQ(load("<x:include schemaLocation='wide'/>"), "1: is not UTF-8: save it in that encoding");
}

}  // namespace
}  // namespace sfjwt::wsdl
