// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/node_count.h"

#include <gtest/gtest.h>

#include <string>

namespace sfjwt::wsdl {
namespace {

std::size_t nodes(std::string_view xml) {
  return count_nodes(xml, 10).nodes;
}

TEST(NodeCount, CountsTagsAndAttributes) {
  EXPECT_EQ(nodes(""), 0U);
  EXPECT_EQ(nodes("<a/>"), 1U);
  EXPECT_EQ(nodes("<a b='1' c=\"2\"><d/></a>"), 5U);  // the end tag counts
}

TEST(NodeCount, SignsWithinAValueAreNoAttributes) {
  EXPECT_EQ(nodes("<a b='=<=>='/>"), 2U);
  EXPECT_EQ(nodes("<a b=\"'='\"/>"), 2U);
}

TEST(NodeCount, TextCommentsAndCharacterDataHoldNoAttributes) {
  EXPECT_EQ(nodes("a=b <!-- <x y='1'/> --> <![CDATA[<x y='1'/>]]> <?p y='1'?>"), 3U);
}

TEST(NodeCount, ATagWithTooManyAttributesIsNamed) {
  EXPECT_FALSE(count_nodes("<a b='1' c='2'/>", 2).crowded_tag);
  EXPECT_EQ(count_nodes("<z/>\n<a b='1' c='2' d='3'/>", 2).crowded_tag, 5U);
}

TEST(NodeCount, WhatIsCutOffAnywhereIsCounted) {
  const std::string whole = "<a b='1' c=\"2\"><!-- x --><![CDATA[y]]><?z?></a>";
  for (std::size_t size = 0; size <= whole.size(); ++size)
    EXPECT_LE(nodes(std::string_view(whole).substr(0, size)), 7U) << size;
}

}  // namespace
}  // namespace sfjwt::wsdl
