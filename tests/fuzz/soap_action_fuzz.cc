// SPDX-License-Identifier: Apache-2.0
// The SOAPAction of a request whose Body holds query.
#include <algorithm>
#include <memory>
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/soap_action.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;

constexpr const char* kDeclared = "urn:callouts/Query;1";

std::shared_ptr<const soap::Catalog> catalog() {
  constexpr const char* kApi = "urn:partner.soap.sforce.com";
  soap::Wsdl wsdl;
  wsdl.session_header = {kApi, "SessionHeader"};
  wsdl.operations = {{"query", {kApi, "query"}, {}, {}, {}, kDeclared},
                     {"delete", {kApi, "delete"}, {}, {}, {}, ""}};
  return soap::Catalog::build({wsdl}, gateway::kSalesforce.names, schema::Mode::structure).value();
}

// What a careless reader makes of a text: without the punctuation around it, whatever its case.
std::string without_punctuation(std::string_view text) {
  constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string lower = ascii_lower(text);
  const auto begin = lower.find_first_of(kOfNames);
  if (begin == std::string::npos) return {};
  return lower.substr(begin, lower.find_last_of(kOfNames) + 1 - begin);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto all = catalog();
  const std::string_view action = fuzz::text_of(data, size);
  const auto verdict = gateway::judge_action(action, *all, *all->operation_named("query"));
  const auto other = gateway::judge_action(action, *all, *all->operation_named("delete"));
  if (verdict != gateway::ActionVerdict::agrees) return 0;
  must_hold(without_punctuation(action) != "delete",
            "who reads the header only does not read another operation");
  if (action.find(kDeclared) == std::string_view::npos)
    must_hold(trimmed(action).find_first_of(",;%\\<> \r\n\t") == std::string_view::npos,
              "what agrees is one value");
  if (without_punctuation(action) == "query")
    must_hold(other != gateway::ActionVerdict::agrees, "what names one operation agrees with no other");
  return 0;
}
