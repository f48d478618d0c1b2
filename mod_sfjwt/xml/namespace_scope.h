// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/xml/limits.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::xml {

/// The namespace declarations in scope at one position of a document (Namespaces in XML section 6). The views
/// point into the document, which must outlive it.
class NamespaceScope {
 public:
  /// Identifies a state of the scope: within one document, equal numbers mean equal declarations.
  using Id = std::uint32_t;

  struct Binding {
    std::string_view prefix;  // empty: the default namespace
    std::string_view uri;
    std::uint64_t key = 0;  // derived from the prefix
    NamespaceId id = kNoNamespace;
  };

  /// The state at the start of an element, restored at its end.
  struct Mark {
    Id scope = 0;
    std::uint16_t bindings = 0;
    NamespaceId default_namespace = kNoNamespace;
  };

  Mark mark() const { return {scope_, bindings_in_use_, default_namespace_}; }
  void leave(const Mark& mark) {
    scope_ = mark.scope;
    bindings_in_use_ = mark.bindings;
    default_namespace_ = mark.default_namespace;
  }

  Id id() const { return scope_; }
  /// Gives the current state a number that it had before; the caller knows that the declarations are the
  /// same.
  void renumber(Id id) {
    assert(id <= last_scope_);
    scope_ = id;
  }

  /// The namespace of a prefix, including "" for the default namespace and `xml`; nullopt if it is not
  /// declared.
  std::optional<NamespaceId> namespace_of(std::string_view prefix) const {
    if (prefix.empty()) return default_namespace_;
    if (const Binding* binding = find(prefix)) return binding->id;
    if (prefix == "xml") return kXmlNamespace;
    return std::nullopt;
  }
  /// The innermost declaration of a prefix, or nullptr. `xml` needs no declaration and is not found here.
  const Binding* find(std::string_view prefix) const;
  enum class Declared : std::uint8_t { yes, twice, too_many };
  /// Declares a prefix, unless it was declared since the mark or Limits::kMaxBindings declarations are in
  /// scope.
  Declared declare(const Mark& mark, std::string_view prefix, std::string_view uri, NamespaceId id);

 private:
  Id scope_ = 0;
  Id last_scope_ = 0;
  std::uint16_t bindings_in_use_ = 0;
  NamespaceId default_namespace_ = kNoNamespace;
  RawArray<Binding, Limits::kMaxBindings> bindings_;
};

}  // namespace sfjwt::xml
