// SPDX-License-Identifier: Apache-2.0
#define PCRE2_CODE_UNIT_WIDTH 8
#include "mod_sfjwt/gateway/pattern.h"

#include <pcre2.h>

#include <array>
#include <cstdint>
#include <new>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::gateway {
namespace {

// Far more than an honest expression needs for a name of 255 bytes, a few milliseconds at most for one that
// backtracks without end.
constexpr std::uint32_t kMatchLimit = 100'000;
constexpr std::uint32_t kDepthLimit = 10'000;
constexpr std::uint32_t kHeapLimitKib = 4096;

using MatchData = Owned<pcre2_match_data, pcre2_match_data_free>;

std::string compile_error(int number, std::size_t offset) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(number, text.data(), text.size());
  return std::string(reinterpret_cast<const char*>(text.data())) + " at offset " + std::to_string(offset);
}

}  // namespace

// Both are only read while matching, so that threads may share them (pcre2api, MULTITHREADING).
struct Pattern::Code {
  Owned<pcre2_code, pcre2_code_free> expression;
  Owned<pcre2_match_context, pcre2_match_context_free> limits;

  bool matches(std::string_view text, pcre2_match_data* match) const {
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());
    return pcre2_match(expression.get(), subject, text.size(), 0, 0, match, limits.get()) >= 0;
  }
};

Result<Pattern, std::string> Pattern::compile(std::string_view expression) {
  // No UTF mode, not even by (*UTF) in the expression: a text that is not UTF-8 would be an error there.
  constexpr std::uint32_t kOptions =
      PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_CASELESS | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
  int error = 0;
  std::size_t offset = 0;
  Owned<pcre2_code, pcre2_code_free> code{pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()),
                                                        expression.size(), kOptions, &error, &offset,
                                                        nullptr)};
  if (!code) return Unexpected{compile_error(error, offset)};

  Owned<pcre2_match_context, pcre2_match_context_free> limits{pcre2_match_context_create(nullptr)};
  if (!limits) throw std::bad_alloc();
  pcre2_set_match_limit(limits.get(), kMatchLimit);
  pcre2_set_depth_limit(limits.get(), kDepthLimit);
  pcre2_set_heap_limit(limits.get(), kHeapLimitKib);

  // Fails where executable memory is forbidden (SELinux); matching is then interpreted, with the same
  // answers.
  static_cast<void>(pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE));
  return Pattern(std::make_shared<const Code>(Code{std::move(code), std::move(limits)}));
}

bool Pattern::matches(std::string_view text) const {
  const MatchData match{pcre2_match_data_create(1, nullptr)};
  return match && code_->matches(text, match.get());
}

std::size_t Pattern::groups() const {
  std::uint32_t count = 0;
  pcre2_pattern_info(code_->expression.get(), PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}

std::optional<std::vector<std::string>> Pattern::groups_in(std::string_view text) const {
  const MatchData match{pcre2_match_data_create_from_pattern(code_->expression.get(), nullptr)};
  if (!match || !code_->matches(text, match.get())) return std::nullopt;
  const std::size_t* ends = pcre2_get_ovector_pointer(match.get());
  std::vector<std::string> taken;
  for (std::size_t group = 0; group <= groups(); ++group) {
    const std::size_t begin = ends[2 * group];
    const std::size_t end = ends[2 * group + 1];
    const bool took_part = begin != PCRE2_UNSET && begin <= end;  // \K can turn them round
    taken.emplace_back(took_part ? text.substr(begin, end - begin) : std::string_view());
  }
  return taken;
}

}  // namespace sfjwt::gateway
