// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/xsd_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <optional>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::soap {
namespace {

// The expression in PCRE2's words. XML Schema has no anchors and no groups beyond (...): what PCRE2 would
// read as such is escaped or refused.
Result<std::string, std::string> translated(std::string_view expression) {
  std::string pcre;
  bool in_class = false;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    const char next = i + 1 < expression.size() ? expression[i + 1] : '\0';
    if (c == '\\') {
      if (std::string_view("icIC").find(next) != std::string_view::npos && next != '\0') {
        return Unexpected{std::string("\\") + next};
      }
      if ((next == 'p' || next == 'P') && expression.substr(i + 2, 3) == "{Is")
        return Unexpected{std::string("\\p{Is...}")};
      if (std::string_view("nrt\\|.-^?*+{}()[]pPsSdDwW$").find(next) == std::string_view::npos ||
          next == '\0') {
        return Unexpected{std::string("\\") + next};
      }
      pcre += c;
      pcre += next;
      ++i;
      continue;
    }
    if (in_class && c == '[') return Unexpected{std::string("class subtraction")};
    if (c == '[') {
      in_class = true;
      pcre += c;
      if (next == '^') {
        pcre += next;
        ++i;
      }
      continue;
    }
    if (c == ']') in_class = false;
    if (!in_class && (c == '^' || c == '$')) pcre += '\\';
    if (!in_class && c == '(' && (next == '?' || next == '*')) return Unexpected{std::string("(") + next};
    if (!in_class && next == '+' && (c == '*' || c == '+' || c == '?' || c == '}'))
      return Unexpected{std::string("++")};
    if (!in_class && next == '?' && (c == '*' || c == '+' || c == '?' || c == '}'))
      return Unexpected{std::string("+?")};
    pcre += c;
  }
  return pcre;
}

}  // namespace

struct XsdPattern::Code {
  Owned<pcre2_code, pcre2_code_free> code;
  Owned<pcre2_match_context, pcre2_match_context_free> context;
};

Result<XsdPattern, std::string> XsdPattern::compile(std::string_view expression) {
  const auto pcre = translated(expression);
  if (!pcre) return Unexpected{"the pattern uses " + pcre.error() + ", which is not supported"};
  Owned<pcre2_compile_context, pcre2_compile_context_free> options{pcre2_compile_context_create(nullptr)};
  pcre2_set_newline(options.get(), PCRE2_NEWLINE_ANYCRLF);  // '.' matches neither CR nor LF
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_shared<Code>();
  code->code.reset(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pcre->data()), pcre->size(),
                    PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_UCP | PCRE2_NO_AUTO_CAPTURE,
                    &error, &offset, options.get()));
  if (!code->code) {
    PCRE2_UCHAR text[256] = {};
    pcre2_get_error_message(error, text, sizeof text);
    return Unexpected{"the pattern cannot be read: " + std::string(reinterpret_cast<const char*>(text))};
  }
  code->context.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(code->context.get(), 100'000);
  pcre2_set_depth_limit(code->context.get(), 1'000);
  return XsdPattern(std::move(code));
}

bool XsdPattern::matches(std::string_view text) const {
  const Owned<pcre2_match_data, pcre2_match_data_free> match{pcre2_match_data_create(1, nullptr)};
  return pcre2_match(code_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                     PCRE2_NO_UTF_CHECK, match.get(), code_->context.get()) >= 0;
}

}  // namespace sfjwt::soap
