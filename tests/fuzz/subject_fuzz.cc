// SPDX-License-Identifier: Apache-2.0
// The user a request names.
#include <algorithm>
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/subject.h"
#include "mod_sfjwt/oauth/json.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;

void check_subject(const std::string& subject) {
  must_hold(!subject.empty() && subject.size() <= 255, "a subject has 1 to 255 bytes");
  must_hold(fuzz::is_plain_line(subject) && subject.find(' ') == std::string::npos,
            "a subject has no blanks");
  must_hold(std::count(subject.begin(), subject.end(), '@') == 1, "a subject has one @");
  must_hold(subject.front() != '@' && subject.back() != '@', "something stands on both sides of the @");
  must_hold(std::none_of(subject.begin(), subject.end(), [](char c) { return c >= 'A' && c <= 'Z'; }),
            "a subject is in lower case");
  const auto again = gateway::normal_subject(subject, gateway::kSalesforce);
  must_hold(again.has_value() && *again == subject, "the normal form of a normal form is itself");
  must_hold(oauth::json_string(subject).has_value(), "a subject can be put into an assertion");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto subject = gateway::normal_subject(text, gateway::kSalesforce);
  if (subject) {
    check_subject(*subject);
  } else {
    must_hold(fuzz::is_plain_line(subject.error().message), "a refusal is one plain line");
    must_hold(subject.error().message.find('!') == std::string::npos, "a refusal repeats no session id");
  }
  return 0;
}
