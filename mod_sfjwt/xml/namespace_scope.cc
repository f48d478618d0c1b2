// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/namespace_scope.h"

#include <cstring>

#include "mod_sfjwt/xml/byte_scan.h"

namespace sfjwt::xml {
namespace {

template <class Word>
std::uint64_t word_at(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// A prefix of up to eight bytes as a number; of a longer one the first eight bytes.
std::uint64_t key_of(std::string_view prefix) {
  const char* bytes = prefix.data();
  const std::size_t n = prefix.size();
  if (n >= 8) return word_at<std::uint64_t>(bytes);
  if (n >= 4) return word_at<std::uint32_t>(bytes) | word_at<std::uint32_t>(bytes + n - 4) << 32;
  if (n == 0) return 0;
  const auto byte = [bytes](std::size_t i) { return word_at<std::uint8_t>(bytes + i); };
  return byte(0) | byte(n / 2) << 8 | byte(n - 1) << 16;
}

bool is_of(const NamespaceScope::Binding& binding, std::uint64_t key, std::string_view prefix) {
  return binding.key == key && binding.prefix.size() == prefix.size() &&
         (prefix.size() <= 8 || same_text(binding.prefix, prefix));
}

}  // namespace

const NamespaceScope::Binding* NamespaceScope::find(std::string_view prefix) const {
  const std::uint64_t key = key_of(prefix);
  for (std::uint32_t i = bindings_in_use_; i-- > 0;) {
    if (is_of(bindings_[i], key, prefix)) return &bindings_[i];
  }
  return nullptr;
}

NamespaceScope::Declared NamespaceScope::declare(const Mark& mark, std::string_view prefix,
                                                 std::string_view uri, NamespaceId id) {
  const std::uint64_t key = key_of(prefix);
  for (std::uint32_t i = mark.bindings; i < bindings_in_use_; ++i) {
    if (is_of(bindings_[i], key, prefix)) return Declared::twice;
  }
  if (bindings_in_use_ >= Limits::kMaxBindings) return Declared::too_many;
  // Member by member: copying the whole struct would read in wide loads what was just written in narrow
  // stores, and stall.
  Binding& binding = bindings_[bindings_in_use_++];
  binding.prefix = prefix;
  binding.uri = uri;
  binding.key = key;
  binding.id = id;
  if (prefix.empty()) default_namespace_ = id;
  scope_ = ++last_scope_;
  return Declared::yes;
}

}  // namespace sfjwt::xml
