// SPDX-License-Identifier: Apache-2.0
#define PCRE2_CODE_UNIT_WIDTH 8
#include "mod_sfjwt/gateway/pattern.h"

#include <pcre2.h>

#include <algorithm>
#include <array>
#include <new>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/gateway/backtracking.h"

namespace sfjwt::gateway {
namespace {

using PcreCode = Owned<pcre2_code, pcre2_code_free>;
using PcreLimits = Owned<pcre2_match_context, pcre2_match_context_free>;
using MatchData = Owned<pcre2_match_data, pcre2_match_data_free>;

// No UTF mode, not even by (*UTF) in the expression: a text that is not UTF-8 would be an error there.
constexpr std::uint32_t kOptions =
    PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_CASELESS | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;

constexpr std::size_t kMaxTriedBytes = 255;  // what a subject may have
constexpr std::uint32_t kTrialShare = 10;    // texts nobody thought of may need that much more

constexpr const char* kBacktracks =
    "it can take too long on names of 255 characters, because its repetitions can divide the same characters "
    "in "
    "too many ways, as (a+)+ and .*.*.* can. Write it so that each character fits one repetition only: "
    "[^.@]+(\\.[^.@]+)* instead of (\\w+\\.?)+, one .* instead of several";

std::string message_of(int number) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(number, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR pcre_text(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());
}

Result<PcreCode, std::string> compiled(std::string_view expression, std::uint32_t options) {
  int error = 0;
  std::size_t offset = 0;
  PcreCode code{pcre2_compile(pcre_text(expression), expression.size(), options, &error, &offset, nullptr)};
  if (!code) return Unexpected{message_of(error) + " at offset " + std::to_string(offset)};
  return code;
}

PcreLimits context_of(const MatchLimits& limits) {
  PcreLimits context{pcre2_match_context_create(nullptr)};
  if (!context) throw std::bad_alloc();
  pcre2_set_match_limit(context.get(), limits.steps);
  pcre2_set_heap_limit(context.get(), limits.heap_kib);
  return context;
}

// Without the optimisations that give up early on a text that lacks a character the expression must have: who
// makes up names puts it in.
bool backtracks_too_far(std::string_view expression) {
  const MatchLimits limits;
  const auto code = compiled(expression, kOptions | PCRE2_NO_START_OPTIMIZE);
  const PcreLimits share = context_of({limits.steps / kTrialShare, limits.heap_kib / kTrialShare});
  const MatchData match{code ? pcre2_match_data_create(1, nullptr) : nullptr};
  if (!match) return true;
  const auto texts = backtracking_texts(expression, kMaxTriedBytes);
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    const int result = pcre2_match(code->get(), pcre_text(text), text.size(), 0, 0, match.get(), share.get());
    return result < 0 && result != PCRE2_ERROR_NOMATCH;
  });
}

}  // namespace

// Both are only read while matching, so that threads may share them (pcre2api, MULTITHREADING). Not compiled
// to machine code: that counts steps in another way and fails where executable memory is forbidden, so what
// the trial finds would not hold everywhere.
struct Pattern::Code {
  PcreCode expression;
  PcreLimits limits;
};

Result<Pattern, std::string> Pattern::compile(std::string_view expression) {
  auto pattern = compile_untried(expression, {});
  if (pattern && backtracks_too_far(expression)) return Unexpected{std::string(kBacktracks)};
  return pattern;
}

Result<Pattern, std::string> Pattern::compile_untried(std::string_view expression,
                                                      const MatchLimits& limits) {
  auto code = compiled(expression, kOptions);
  if (!code) return Unexpected{code.error()};
  return Pattern(std::make_shared<const Code>(Code{std::move(*code), context_of(limits)}));
}

std::size_t Pattern::groups() const {
  std::uint32_t count = 0;
  pcre2_pattern_info(code_->expression.get(), PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}

Match Pattern::match(std::string_view text) const {
  const MatchData data{pcre2_match_data_create_from_pattern(code_->expression.get(), nullptr)};
  if (!data) return {Match::Result::error, {}, "no memory"};
  const int result = pcre2_match(code_->expression.get(), pcre_text(text), text.size(), 0, 0, data.get(),
                                 code_->limits.get());
  if (result == PCRE2_ERROR_NOMATCH) return {Match::Result::no_match, {}, {}};
  if (result <= 0) return {Match::Result::error, {}, message_of(result)};  // 0: the groups do not fit
  const std::size_t* ends = pcre2_get_ovector_pointer(data.get());
  std::vector<std::string> taken;
  for (std::size_t group = 0; group <= groups(); ++group) {
    const std::size_t begin = ends[2 * group];
    const std::size_t end = ends[2 * group + 1];
    const bool took_part = begin != PCRE2_UNSET && begin <= end;  // \K can turn them round
    taken.emplace_back(took_part ? text.substr(begin, end - begin) : std::string_view());
  }
  return {Match::Result::matched, std::move(taken), {}};
}

}  // namespace sfjwt::gateway
