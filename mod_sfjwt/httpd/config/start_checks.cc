// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/start_checks.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/config_tree.h"

namespace sfjwt::httpd {
namespace {

// `On` means all errors, `On 502 503` only these.
bool overrides_500(const ap_directive_t* node) {
  const auto words = words_of(node);
  if (words.empty() || !equals_ignoring_case(words[0], "on")) return false;
  return words.size() == 1 || std::find(words.begin() + 1, words.end(), "500") != words.end();
}

const void* expression_in(const OperationRules& rules) {
  const auto with =
      std::find_if(rules.begin(), rules.end(), [](const auto& rule) { return rule.expression; });
  return with == rules.end() ? nullptr : with->expression;
}

// An expression that is evaluated for requests; null if there is none.
const ap_expr_info_t* expression_in(const Settings& settings) {
  if (settings.subject_expression.value_or(nullptr)) return *settings.subject_expression;
  const void* found = nullptr;
  if (settings.allow)
    for (const gateway::AllowRule& rule : **settings.allow)
      if (rule.expression) found = rule.expression;
  if (settings.allow_operations && !found) found = expression_in(**settings.allow_operations);
  for (const OperationRules* rules : settings.deny_operations.lists())
    if (!found) found = expression_in(*rules);
  return static_cast<const ap_expr_info_t*>(found);
}

}  // namespace

std::optional<std::string> hidden_faults(const server_rec& server, const ap_directive_t& enabled_at) {
  const ap_directive_t* said = in_force("ProxyErrorOverride", server, enabled_at);
  if (!said || !overrides_500(said)) return {};
  return "SFJ0916: ProxyErrorOverride at " + place_of(*said) +
         " hides the faults of Salesforce from applications, and from SFJwtRenew at " + place_of(enabled_at) +
         "; name other codes than 500 (ProxyErrorOverride On 502 503)";
}

std::optional<std::string> dumped_output(const server_rec& server, const ap_directive_t& enabled_at) {
  const ap_directive_t* said = in_force("DumpIOOutput", server, enabled_at);
  if (!said || !argument_is(said, "on")) return {};
  return "SFJ0918: DumpIOOutput at " + place_of(*said) +
         " writes what goes to Salesforce into the log, the tokens of SFJwt at " + place_of(enabled_at) +
         " included";
}

std::optional<std::string> dumped_input(const server_rec& server, const ap_directive_t& enabled_at) {
  const ap_directive_t* said = in_force("DumpIOInput", server, enabled_at);
  if (!said || !argument_is(said, "on")) return {};
  return "SFJ0918: DumpIOInput at " + place_of(*said) +
         " writes what clients send into the log, the passwords and handles of SFJwtLogin at " +
         place_of(enabled_at) + " included";
}

std::optional<std::string> dumped_cores(const server_rec& main_server) {
  const ap_directive_t* said = in_force("CoreDumpDirectory", main_server);
  if (!said) return {};
  return "SFJ0919: CoreDumpDirectory at " + place_of(*said) +
         " lets a child that crashes write its memory into a file, tokens and assertions included, and every "
         "process of the same user read it while it runs; remove it when the crash is found";
}

std::optional<std::string> merged_trailers(const server_rec& server, const Settings& settings) {
  const auto* core = static_cast<const core_server_config*>(ap_get_core_module_config(server.module_config));
  const ap_expr_info_t* expression = expression_in(settings);
  if (core->merge_trailers != AP_MERGE_TRAILERS_ENABLE || !expression) return {};
  const ap_directive_t* said = in_force("MergeTrailers", server);
  return "SFJ0920: MergeTrailers On" + (said ? " at " + place_of(*said) : "") +
         " lets clients add request headers after the body, which the expression at " +
         std::string(as_view(expression->filename)) + ":" + std::to_string(expression->line_number) +
         " may then read; set it to Off";
}

}  // namespace sfjwt::httpd
