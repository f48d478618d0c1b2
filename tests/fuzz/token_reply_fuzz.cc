// SPDX-License-Identifier: Apache-2.0
// What a token endpoint answers: JSON, grants and refusals.
#include <algorithm>
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/oauth/instance_url.h"
#include "mod_sfjwt/oauth/json.h"
#include "mod_sfjwt/oauth/token_reply.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;

constexpr UnixTime kNow{std::chrono::seconds{1'700'000'000}};
constexpr std::size_t kLongestMessage = 2000;
constexpr std::size_t kTokenLike = 64;  // a run that long would be enough of a token to be worth hiding
constexpr std::string_view kTokenBytes =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!._~+/=-";

oauth::Client client() {
  oauth::Client client;
  client.provider = &gateway::kSalesforce.provider;
  client.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
  client.allowed_instances = gateway::default_hosts();
  return client;
}

// Whether the text contains a part of the body that is long enough to be a token.
bool repeats_a_long_run(std::string_view text, std::string_view body) {
  for (std::size_t from = 0; from < body.size();) {
    const std::size_t begin = body.find_first_of(kTokenBytes, from);
    if (begin == std::string_view::npos) return false;
    const std::size_t end = std::min(body.find_first_not_of(kTokenBytes, begin), body.size());
    if (end - begin >= kTokenLike && text.find(body.substr(begin, kTokenLike)) != std::string_view::npos)
      return true;
    from = end;
  }
  return false;
}

void check_grant(const oauth::Grant& grant, std::string_view body) {
  must_hold(oauth::check_json(body).has_value(), "a grant is JSON to the letter");
  const std::string_view token = grant.access_token.reveal();
  must_hold(!token.empty() && token.size() <= 4096, "a token has 1 to 4096 bytes");
  must_hold(token.find_first_not_of(kTokenBytes) == std::string_view::npos,
            "a token needs no escaping anywhere");
  const auto origin = oauth::instance_origin(grant.instance_url, gateway::default_hosts());
  must_hold(origin.has_value() && *origin == grant.instance_url, "a grant is for a host a token may go to");
  must_hold(!grant.expires_in || grant.expires_in->count() > 0, "a token lives for some time");
}

void check_error(const oauth::TokenError& error, std::string_view body) {
  must_hold(!error.message.empty() && error.message.size() <= kLongestMessage,
            "a message of a sentence or two");
  must_hold(fuzz::is_plain_line(error.message) && fuzz::is_plain_line(error.code),
            "a message is one plain line");
  // The host of an instance_url that is not allowed is named, so that an administrator can allow it.
  if (error.message.find("names the host") != std::string::npos) return;
  must_hold(!repeats_a_long_run(error.message + error.code, body), "a message repeats nothing like a token");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const oauth::Client asking = client();
  const std::string_view body = fuzz::text_of(data, size);
  (void)oauth::check_json(body);
  if (const auto quoted = oauth::json_string(body)) {
    must_hold(oauth::check_json(*quoted).has_value(), "a JSON string we write is JSON");
  }
  for (const long status : {200L, 400L, 503L}) {
    oauth::HttpReply reply;
    reply.status = status;
    reply.body = Secret(std::string(body));
    const auto grant = oauth::read_token_reply(reply, asking, kNow);
    must_hold(!grant || status == 200, "only status 200 is a grant");
    if (grant) {
      check_grant(*grant, body);
    } else {
      check_error(grant.error(), body);
    }
  }
  return 0;
}
