// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/token.h"

#include <csignal>
#include <iostream>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/net/curl_transport.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/oauth/grant_error.h"
#include "mod_sfjwt/oauth/local_token_store.h"
#include "mod_sfjwt/oauth/token_source.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/identity.h"

namespace sfjwt::tools {
namespace {

constexpr long kLongestTimeout = 300;  // seconds

constexpr auto kOptions =
    with_identity_options(std::to_array<Option>({{Option::required, "endpoint"},
                                                 {Option::optional, "authorization-endpoint"},
                                                 {Option::optional, "client-secret"},
                                                 {Option::optional, "ca"},
                                                 {Option::optional, "client-certificate"},
                                                 {Option::optional, "proxy"},
                                                 {Option::optional, "timeout"},
                                                 {Option::repeated, "param"},
                                                 {Option::repeated, "allow-instance"},
                                                 {Option::flag, "show"}}));

Result<net::CurlOptions, Problem> read_transport(const Arguments& arguments) {
  net::CurlOptions options;
  options.ca_file = arguments.value("ca");
  options.client_certificate = arguments.value("client-certificate");
  options.proxy = arguments.value("proxy");
  if (arguments.has("timeout")) {
    const auto seconds = number_between(arguments.value("timeout"), 1, kLongestTimeout);
    if (!seconds)
      return Unexpected{Problem{Exit::wrong_usage, "--timeout is a number of seconds from 1 to 300"}};
    options.total_timeout = options.connect_timeout = std::chrono::seconds(*seconds);
  }
  return options;
}

std::optional<Problem> read_endpoint(const Arguments& arguments, oauth::Client& client) {
  client.token_endpoint = arguments.value("endpoint");
  client.authorization_endpoint = arguments.value("authorization-endpoint");
  auto secret = read_sourced(arguments, "client-secret");
  if (!secret) return secret.error();
  client.client_secret = (*std::move(secret)).value_or(Secret());
  auto params = read_pairs(arguments, "param", oauth::token_param_configurable);
  if (!params) return params.error();
  client.token_params = *std::move(params);
  client.allowed_instances = salesforce_hosts();
  for (const std::string& pattern : arguments.values("allow-instance")) {
    if (const auto checked = check_host_pattern(pattern); !checked) {
      return Problem{Exit::wrong_usage, "--allow-instance " + checked.error()};
    }
    client.allowed_instances.push_back(pattern);
  }
  return std::nullopt;
}

// A token for SOAP is the id of the organisation, '!' and the secret; the id may be seen.
std::string masked(std::string_view token) {
  const auto mark = token.starts_with("00D") ? token.find('!') : std::string_view::npos;
  const std::string_view shown = mark == std::string_view::npos ? "" : token.substr(0, mark + 1);
  return std::string(shown) + "******** (" + std::to_string(token.size()) + " bytes)";
}

// The way to the endpoint, and what its clock said when the answer came.
class ObservedTransport final : public oauth::Transport {
 public:
  ObservedTransport(oauth::Transport& way, const Clock& clock) : way_(way), clock_(clock) {}

  Result<oauth::HttpReply, oauth::TransportError> post_form_within(const std::string& url, const Secret& form,
                                                                   std::chrono::milliseconds limit) override {
    auto reply = way_.post_form_within(url, form, limit);
    if (reply && reply->date) clock_ahead_ = clock_.now() - *reply->date;
    return reply;
  }

  std::optional<std::chrono::seconds> clock_ahead() const { return clock_ahead_; }

 private:
  oauth::Transport& way_;
  const Clock& clock_;
  std::optional<std::chrono::seconds> clock_ahead_;
};

int print_token(const Arguments& arguments) {
  auto identity = read_identity(arguments);
  if (!identity) return report(identity.error());
  if (const auto problem = read_endpoint(arguments, identity->client)) return report(*problem);
  auto options = read_transport(arguments);
  if (!options) return report(options.error());

  std::signal(SIGPIPE, SIG_IGN);  // a connection that is closed is an error to tell, not a reason to end
  const SystemClock clock;
  oauth::LocalTokenStore store(clock);
  net::CurlTransport transport(*std::move(options));
  ObservedTransport observed(transport, clock);
  oauth::TokenSource source(identity->client, identity->key, store, observed, clock);
  const auto supplied = source.token_for(identity->subject);
  if (observed.clock_ahead()) {
    std::cout << "clock: this machine's is " << oauth::clock_position(*observed.clock_ahead()) << '\n';
  }
  if (!supplied) return failure("no token (" + supplied.error().code + "): " + supplied.error().message);

  const std::string_view token = supplied->token.value.reveal();
  std::cout << "access_token: ";
  if (arguments.has("show")) {
    std::cout << token << '\n';
  } else {
    std::cout << masked(token) << '\n';
  }
  std::cout << "instance_url: " << supplied->token.instance_url << '\n';
  return Exit::all_well;
}

}  // namespace

const Command kToken = {
    "token",
    "--endpoint URL --key KEY --client-id ID --audience AUDIENCE --subject E-MAIL [OPTION...]",
    "Asks a token endpoint for an access token as the gateway does, and prints what came; if\n"
    "none came, why, and what to do about it, in the words of the gateway. Tells how far this\n"
    "machine's clock is from that of the endpoint. Takes the options of sfjwtctl assert, and:\n"
    "\n"
    "  --endpoint URL                the token endpoint, https://HOST/services/oauth2/token\n"
    "  --authorization-endpoint URL  where users approve the app; told to those who have not\n"
    "  --client-secret SOURCE        the consumer secret: file:NAME, exec:/PROGRAM or -\n"
    "  --ca FILE                     the authorities to trust, PEM; default: those of the system\n"
    "  --client-certificate FILE     certificate and key to show to the endpoint, PEM\n"
    "  --proxy URL                   an HTTP proxy, http://HOST:PORT\n"
    "  --timeout SECONDS             for the whole exchange; default 8\n"
    "  --param NAME=VALUE            a further parameter of the request; may be repeated\n"
    "  --allow-instance PATTERN      a host the token may be for, besides those of Salesforce\n"
    "  --show                        prints the token itself, which is otherwise masked\n",
    kOptions,
    0,
    0,
    print_token};

}  // namespace sfjwt::tools
