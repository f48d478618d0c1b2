// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/namespace_scope.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sfjwt::xml {
namespace {

using Declared = NamespaceScope::Declared;

NamespaceId id_of(const NamespaceScope& scope, std::string_view prefix) {
  const auto* binding = scope.find(prefix);
  return binding ? binding->id : kUnknownNamespace;
}

TEST(NamespaceScope, TheInnermostDeclarationHoldsUntilItsElementEnds) {
  NamespaceScope scope;
  EXPECT_EQ(scope.declare(scope.mark(), "p", "urn:a", 20), Declared::yes);
  const auto outside = scope.mark();
  EXPECT_EQ(scope.declare(outside, "p", "urn:b", 21), Declared::yes);
  EXPECT_EQ(id_of(scope, "p"), 21);
  scope.leave(outside);
  EXPECT_EQ(id_of(scope, "p"), 20);
}

TEST(NamespaceScope, PrefixesOfAnyLengthAreToldApart) {
  NamespaceScope scope;
  std::vector<std::string> prefixes;
  for (std::size_t length = 1; length < 20; ++length) {
    for (std::size_t place : {std::size_t{0}, length / 2, length - 1}) {
      prefixes.emplace_back(length, 'p');
      prefixes.back()[place] = 'q';
    }
  }
  const auto outside = scope.mark();
  std::vector<std::pair<std::string_view, NamespaceId>> declared;
  for (const std::string& prefix : prefixes) {
    const auto id = static_cast<NamespaceId>(20 + declared.size());
    if (scope.declare(outside, prefix, "urn:a", id) == Declared::yes) declared.emplace_back(prefix, id);
  }
  EXPECT_GT(declared.size(), 50u);
  for (const auto& [prefix, id] : declared) EXPECT_EQ(id_of(scope, prefix), id) << prefix;
  EXPECT_EQ(id_of(scope, "pp"), kUnknownNamespace);
}

TEST(NamespaceScope, OneElementDeclaresAPrefixOnce) {
  NamespaceScope scope;
  const auto outside = scope.mark();
  EXPECT_EQ(scope.declare(outside, "", "urn:a", 20), Declared::yes);
  EXPECT_EQ(scope.declare(outside, "", "urn:b", 21), Declared::twice);
  EXPECT_EQ(scope.namespace_of(""), 20);
}

TEST(NamespaceScope, TheNumberComesBackWithTheDeclarations) {
  NamespaceScope scope;
  const auto outside = scope.mark();
  scope.declare(outside, "p", "urn:a", 20);
  const auto inside = scope.id();
  EXPECT_NE(inside, outside.scope);
  scope.leave(outside);
  EXPECT_EQ(scope.id(), outside.scope);
  scope.declare(outside, "p", "urn:a", 20);
  EXPECT_NE(scope.id(), inside) << "nobody has said yet that it is the same";
}

TEST(NamespaceScope, WhatALookUpFoundIsForgottenWithItsScope) {
  NamespaceScope scope;
  const auto outside = scope.mark();
  scope.declare(outside, "p", "urn:a", 20);
  EXPECT_EQ(id_of(scope, "p"), 20);
  scope.leave(outside);
  EXPECT_EQ(id_of(scope, "p"), kUnknownNamespace);
  scope.declare(outside, "q", "urn:b", 21);
  EXPECT_EQ(id_of(scope, "p"), kUnknownNamespace);
  EXPECT_EQ(id_of(scope, "q"), 21);
}

TEST(NamespaceScope, HoldsAsManyAsItsLimit) {
  NamespaceScope scope;
  std::vector<std::string> prefixes;
  for (std::size_t i = 0; i <= Limits::kMaxBindings; ++i) prefixes.push_back("p" + std::to_string(i));
  for (std::size_t i = 0; i < Limits::kMaxBindings; ++i)
    ASSERT_EQ(scope.declare(scope.mark(), prefixes[i], "urn:a", 20), Declared::yes);
  EXPECT_EQ(scope.declare(scope.mark(), prefixes.back(), "urn:a", 20), Declared::too_many);
  EXPECT_EQ(id_of(scope, prefixes.back()), kUnknownNamespace);
}

}  // namespace
}  // namespace sfjwt::xml
