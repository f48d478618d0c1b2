// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token.h"
#include "mod_sfjwt/gateway/salesforce.h"

#include <csignal>
#include <iostream>
#include <memory>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/net/client_certificate.h"
#include "mod_sfjwt/net/curl_transport.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/oauth/audience.h"
#include "mod_sfjwt/oauth/grant_error.h"
#include "mod_sfjwt/tokens/local_token_store.h"
#include "mod_sfjwt/tokens/token_source.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/identity.h"
#include "mod_sfjwt/tools/standard_input.h"
#include "mod_sfjwt/tools/terminal_text.h"

namespace sfjwt::tools {
namespace {

constexpr long kLongestTimeout = 300;  // seconds

struct TokenOptions {
  IdentityOptions identity;
  std::string endpoint;  // empty: derived from the audience
  std::string authorization_endpoint;
  std::string client_secret;  // where to read it from
  std::string ca;
  std::string client_certificate;
  std::string proxy;
  long timeout = 0;  // seconds; 0: the default
  Pairs params;
  std::vector<std::string> allowed_instances;
  bool show = false;
};

std::optional<Problem> read_endpoint(const TokenOptions& options, oauth::Client& client) {
  client.token_endpoint = options.endpoint.empty()
                              ? oauth::default_token_endpoint(client.audience, gateway::kSalesforce.provider)
                              : options.endpoint;
  client.authorization_endpoint = options.authorization_endpoint;
  auto secret = read_sourced(options.client_secret);
  if (!secret) return secret.error();
  client.client_secret = (*std::move(secret)).value_or(Secret());
  client.token_params = options.params;
  client.allowed_instances = gateway::default_hosts();
  client.allowed_instances.insert(client.allowed_instances.end(), options.allowed_instances.begin(),
                                  options.allowed_instances.end());
  return std::nullopt;
}

// The error names the file, or "standard input".
Result<std::unique_ptr<net::CurlTransport>, Problem> make_transport(const TokenOptions& options) {
  net::CurlOptions curl;
  curl.proxy = options.proxy;
  if (options.timeout > 0) curl.total_timeout = curl.connect_timeout = std::chrono::seconds(options.timeout);
  const auto ca = NamedInput::of_secret(options.ca);
  if (!ca) return Unexpected{Problem{Exit::failed, ca.error()}};
  const auto certificate = NamedInput::of_secret(options.client_certificate);
  if (!certificate) return Unexpected{Problem{Exit::failed, certificate.error()}};
  if (!options.ca.empty()) {
    auto read = net::Authorities::read(ca->path());
    if (!read) return Unexpected{Problem{Exit::failed, ca->restored("--ca: " + read.error())}};
    curl.authorities = *std::move(read);
  }
  if (!options.client_certificate.empty()) {
    auto read = net::read_client_certificate(certificate->path());
    if (!read)
      return Unexpected{
          Problem{Exit::failed, certificate->restored("--client-certificate: " + read.error())}};
    curl.client_certificate = std::move(read->pem);
  }
  return std::make_unique<net::CurlTransport>(std::move(curl));
}

// A session id is the id of the org, '!' and the secret; the id of the org is not secret.
std::string masked(std::string_view token) {
  const gateway::SessionIdShape& shape = gateway::kSalesforce.session_id;
  const auto mark = token.starts_with(shape.prefix) ? token.find(shape.separator) : std::string_view::npos;
  const std::string_view shown = mark == std::string_view::npos ? "" : token.substr(0, mark + 1);
  return std::string(shown) + "******** (" + std::to_string(token.size()) + " bytes)";
}

// Also records the difference between the local clock and the Date header of the response.
class ObservedTransport final : public oauth::Transport {
 public:
  ObservedTransport(oauth::Transport& way, const Clock& clock) : way_(way), clock_(clock) {}

  Result<oauth::HttpReply, oauth::TransportError> post_form(const std::string& url, const Secret& form,
                                                            std::chrono::milliseconds limit) override {
    auto reply = way_.post_form(url, form, limit);
    if (reply && reply->date) clock_ahead_ = clock_.now() - *reply->date;
    return reply;
  }

  std::optional<std::chrono::seconds> clock_ahead() const { return clock_ahead_; }

 private:
  oauth::Transport& way_;
  const Clock& clock_;
  std::optional<std::chrono::seconds> clock_ahead_;
};

int print_token(const TokenOptions& options) {
  auto identity = read_identity(options.identity);
  if (!identity) return report(identity.error());
  if (const auto problem = read_endpoint(options, identity->client)) return report(*problem);
  const auto transport = make_transport(options);
  if (!transport) return report(transport.error());

  std::signal(SIGPIPE, SIG_IGN);  // report a closed connection as an error instead of being killed
  const SystemClock clock;
  tokens::LocalTokenStore store(clock);
  ObservedTransport observed(**transport, clock);
  tokens::TokenSource source(identity->client, identity->key, store, observed, clock);
  const auto supplied = source.token_for(identity->subject);
  if (observed.clock_ahead()) {
    std::cout << "clock of this machine: " << oauth::clock_position(*observed.clock_ahead()) << '\n';
  }
  if (!supplied) return failure("no token (" + supplied.error().code + "): " + supplied.error().message);

  const std::string_view token = supplied->token.value.reveal();
  std::cout << "access_token: ";
  if (options.show) {
    std::cout << token << '\n';
  } else {
    std::cout << masked(token) << '\n';
  }
  std::cout << "instance_url: " << escaped(supplied->token.instance_url) << '\n';
  return Exit::all_well;
}

void add_text(CLI::App& command, const char* name, std::string& value, const char* description,
              const Check& check, const char* type) {
  command.add_option(name, value, description)->check(checked(check))->type_name(type);
}

void add_endpoint(CLI::App& command, TokenOptions& options) {
  add_text(command, "--endpoint", options.endpoint,
           "Token endpoint (default: the audience followed by /services/oauth2/token)", check_token_endpoint,
           "URL");
  add_text(command, "--authorization-endpoint", options.authorization_endpoint,
           "URL where users approve the app, printed if the user has not approved it", check_https_url,
           "URL");
  add_text(command, "--client-secret", options.client_secret,
           "Source of the consumer secret of the app: file:NAME, exec:/PROGRAM, or - for standard input",
           check_source, "SOURCE");
  add_pairs(command, "--param", options.params, oauth::token_param_configurable,
            "Additional parameter of the token request; can be given several times");
  add_list(
      command, "--allow-instance", options.allowed_instances,
      "Host or domain that the token may be for, in addition to those of Salesforce; can be given several "
      "times")
      ->check(checked([](const std::string& pattern) -> std::optional<std::string> {
        const auto right = check_host_pattern(pattern);
        if (!right) return right.error();
        return std::nullopt;
      }))
      ->type_name("PATTERN");
}

void add_transport(CLI::App& command, TokenOptions& options) {
  add_text(command, "--ca", options.ca, "CA certificates to trust, in PEM (default: those of the system)",
           check_not_empty, "FILE");
  add_text(command, "--client-certificate", options.client_certificate,
           "Client certificate and its key, in PEM, for an endpoint that requires one", check_not_empty,
           "FILE");
  add_text(command, "--proxy", options.proxy, "HTTP proxy to use, http://HOST:PORT", check_not_empty, "URL");
  command.add_option("--timeout", options.timeout, "Timeout of the whole request")
      ->check(CLI::Range(1L, kLongestTimeout))
      ->option_text("SECONDS (default: 8)");
}

}  // namespace

void add_token(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<TokenOptions>();
  CLI::App& command = *program.add_subcommand(
      "token",
      "Request an access token as the gateway does, and print it masked, or the reason for the refusal");
  add_identity(command, options->identity);
  add_endpoint(command, *options);
  add_transport(command, *options);
  command.add_flag("--show", options->show, "Print the token unmasked")->disable_flag_override();
  command.callback([options, &chosen] { chosen = [options] { return print_token(*options); }; });
}

}  // namespace sfjwt::tools
