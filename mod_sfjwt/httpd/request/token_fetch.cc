// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/token_fetch.h"

#include <string>
#include <string_view>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"
#include "mod_sfjwt/httpd/request/caller.h"
#include "mod_sfjwt/httpd/request/log_line.h"

namespace sfjwt::httpd {
namespace {

constexpr std::size_t kLongestName = 120;  // bytes of one name in the line

}  // namespace

std::optional<gateway::Refusal> fetch_token(request_rec* r, Exchange& exchange) {
  auto supplied = exchange.section.tokens->token_for(exchange.admitted->subject, caller_identity(r));
  if (!supplied) return gateway::refusal_of(supplied.error());
  note(r, "SFJWT_TOKEN", supplied->origin == tokens::SuppliedToken::Origin::hit ? "hit" : "fetched");
  exchange.supplied = std::move(*supplied);
  log_fetch(r, exchange);
  return {};
}

void log_fetch(request_rec* r, const Exchange& exchange) {
  using Origin = tokens::SuppliedToken::Origin;
  const tokens::SuppliedToken& supplied = *exchange.supplied;
  if (supplied.origin == Origin::hit) return;
  const tokens::CallerIdentity caller = caller_identity(r);
  const std::string section = std::string(caller.server).append(caller.location);
  const auto instance = parse_url(supplied.token.instance_url);
  log_line(r, APLOG_INFO, "SFJ0938",
           (supplied.origin == Origin::renewed ? "Renewed a token in " : "Fetched a token in ") +
               std::to_string(supplied.took.count()) + " ms; its instance is " +
               printable(instance ? instance->authority : "", kLongestName) + " [section " +
               printable(section, kLongestName) + "] [client " +
               printable(exchange.section.client_id, kLongestName) + "]");
}

}  // namespace sfjwt::httpd
