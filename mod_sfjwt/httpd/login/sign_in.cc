// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/login/sign_in.h"

#include <optional>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/subject.h"
#include "mod_sfjwt/gateway/subject_map.h"
#include "mod_sfjwt/httpd/login/public_address.h"
#include "mod_sfjwt/httpd/request/caller.h"
#include "mod_sfjwt/httpd/request/forwarding.h"
#include "mod_sfjwt/httpd/request/proxy_handoff.h"
#include "mod_sfjwt/httpd/request/respond.h"
#include "mod_sfjwt/httpd/request/token_fetch.h"
#include "mod_sfjwt/login/credentials.h"
#include "mod_sfjwt/login/login_response.h"
#include "mod_sfjwt/login/user_info.h"

namespace sfjwt::httpd {
namespace {

using gateway::Reason;
using gateway::Refusal;
using Step = std::optional<Refusal>;

// A larger request is no login, and its buffer would have moved, with copies of the password left behind.
constexpr std::size_t kMaxLoginBytes = std::size_t{16} * 1024;
constexpr std::size_t kOrganizationInUrl = 15;  // characters of its id

Refusal denied(std::string why) {
  return {Reason::login_denied, "Login refused: " + std::move(why) + ".", {}};
}

Step refused_connection(const request_rec* r, const SectionLogin& login) {
  if (login.insecure || ap_ssl_conn_is_ssl(r->connection) || is_loopback(as_view(r->connection->client_ip)))
    return {};
  return Refusal{
      Reason::login_in_clear,
      "The password was sent over a connection without TLS; use https for this gateway, and change "
      "the password (SFJwtLoginInsecure).",
      {}};
}

std::string_view name_of(login::AttemptLimits::Limit limit) {
  switch (limit) {
    case login::AttemptLimits::Limit::pair:
      return "too many failed logins of this user from this address";
    case login::AttemptLimits::Limit::address:
      return "too many failed logins from this address";
    case login::AttemptLimits::Limit::user:
      return "too many failed logins of this user";
  }
  return {};
}

// Attempts that are still being checked count as failed: they may be over before the refusal is due.
auto begun(const request_rec* r, const login::AttemptLimits& attempts, const std::string& user,
           FailureDelay::Turn& turn) {
  const auto begin = [&] {
    return attempts.begin(user, as_view(r->useragent_ip), std::chrono::steady_clock::now());
  };
  auto attempt = begin();
  while (!attempt && turn.pause(std::chrono::milliseconds(50))) attempt = begin();
  return attempt;
}

// All spellings of a name count together, and a name that leads to no user is not tried at all: the password
// could be the right one for a provider that takes the name for another spelling.
Step check(request_rec* r, const GatewaySection& section, const login::Credentials& credentials,
           FailureDelay::Turn& turn) {
  const SectionLogin& login = *section.login;
  const std::string given(trimmed(credentials.user_name));
  const auto name = gateway::normal_subject(given, *section.rules.backend);
  const auto user = name ? gateway::user_named(*name, section.rules.map, *section.rules.backend) : name;
  if (!user)
    return Refusal{
        Reason::login_denied, "Login refused without a look at the password: " + user.error().message, {}};
  const auto& attempts = login.store->attempts();
  const auto attempt = begun(r, attempts, *name, turn);
  if (!attempt) return denied(std::string(name_of(attempt.error())));
  switch (check_password(r, login.providers, given, credentials.password)) {
    case PasswordCheck::granted:
      attempts.succeeded(*attempt, std::chrono::steady_clock::now());
      return {};
    case PasswordCheck::denied:
      return denied("wrong user name or password");
    case PasswordCheck::failed:
      attempts.cancel(*attempt);
      return Refusal{Reason::login_undecided,
                     "The password could not be checked; see the log for the error of the authentication "
                     "provider.",
                     {}};
  }
  return denied("the provider gave no answer");
}

// One answer for every password that is not accepted, at the same time after the request.
Step refused_password(request_rec* r, const GatewaySection& section, const login::Credentials& credentials) {
  const SectionLogin& login = *section.login;
  if (login.providers.empty()) {
    if (r->user) return {};
    return denied("httpd has not authenticated the caller (SFJwtLogin caller)");
  }
  FailureDelay::Turn turn(login.store->delay());
  auto refusal = check(r, section, credentials, turn);
  if (refusal) turn.finish();
  return refusal;
}

// The request becomes one of getUserInfo: what is left of the login would not fit to it.
void become_user_info(request_rec* r, Exchange& exchange) {
  gateway::Admitted& admitted = *exchange.admitted;
  const GatewaySection& section = exchange.section;
  const std::string document = login::user_info_request(*admitted.envelope.wsdl, admitted.version);
  exchange.body.wipe();
  if (!exchange.body.append(document, document.size())) throw std::bad_alloc();
  admitted.envelope =
      soap::read_envelope(exchange.body.view(), *section.rules.catalog, section.rules.limits).value();
  const std::string& action = admitted.envelope.operation->soap_action;
  apr_table_setn(r->headers_in, "SOAPAction", apr_pstrcat(r->pool, "\"", action.c_str(), "\"", nullptr));
  apr_table_setn(r->headers_in, "Content-Type", soap::content_type(admitted.version).data());
  apr_table_unset(r->headers_in, "Accept-Encoding");
}

// "u/64.0" in the path of a SOAP API: the version of the API.
std::string_view version_in(std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  path.remove_prefix(slash + 1);
  return path.substr(0, path.find('/'));
}

struct Urls {
  std::string server;
  std::string metadata;
};

// The address that the client has called, followed by the organization, as Salesforce does it.
Urls urls_for(const request_rec* r, const SectionLogin& login, std::string_view soap_path,
              std::string_view organization) {
  const std::string address = public_address(r, login.public_url);
  std::string_view path = as_view(ap_os_escape_path(r->pool, r->uri, 1));  // httpd has decoded it
  path = path.substr(0, path.find_last_not_of('/') + 1);
  const std::string in_url = "/" + std::string(organization.substr(0, kOrganizationInUrl));
  Urls urls{address + std::string(path) + (path.ends_with(in_url) ? "" : in_url), {}};
  const auto api = path.find(soap_path);
  if (api == std::string_view::npos) return urls;
  const std::string_view version = version_in(path.substr(api + soap_path.size()));
  if (!version.empty())
    urls.metadata = address + std::string(path.substr(0, api)) + std::string(soap_path) + "m/" +
                    std::string(version) + in_url;
  return urls;
}

Refusal refused_user(int status) {
  return {Reason::login_refused,
          "Salesforce does not accept the user (getUserInfo was answered with status " +
              std::to_string(status) + "): is the user active, and may it use the API?",
          {}};
}

Result<login::UserInfo, Refusal> user_in(const Captured& response, const soap::LoginDescription& description,
                                         const soap::LoginNames& names) {
  if (response.status != HTTP_OK) return Unexpected{refused_user(response.status)};
  if (!response.body)
    return Unexpected{
        Refusal{Reason::backend_invalid,
                "Salesforce answered getUserInfo with a Content-Encoding that is not supported.",
                {}}};
  auto user = login::read_user_info(*response.body, description, names);
  if (user) return *std::move(user);
  return Unexpected{
      Refusal{Reason::backend_invalid, "Salesforce's answer to getUserInfo: " + user.error().message, {}}};
}

int send_response(request_rec* r, const Exchange& exchange, const login::UserInfo& user) {
  const SectionLogin& login = *exchange.section.login;
  const gateway::Admitted& admitted = *exchange.admitted;
  const gateway::BackendFamily& backend = *exchange.section.rules.backend;
  const Secret handle =
      login.handles->issue(admitted.subject, {as_view(r->user), RequestCaller(r, nullptr).section()});
  const Urls urls = urls_for(r, login, backend.soap_path, user.organization_id);
  const Secret document =
      login::login_response(*admitted.envelope.wsdl->login, backend.names.login, admitted.version,
                            {handle, urls.server, urls.metadata, login.sandbox, user});
  return respond(r, HTTP_OK, admitted.version, document.reveal());
}

}  // namespace

Result<int, Refusal> sign_in(request_rec* r, Exchange& exchange) {
  const GatewaySection& section = exchange.section;
  const SectionLogin& login = *section.login;
  gateway::Admitted& admitted = *exchange.admitted;
  const soap::CatalogOperation& operation = *admitted.envelope.operation;
  const gateway::BackendFamily& backend = *section.rules.backend;
  if (exchange.body.view().size() > kMaxLoginBytes)
    return Unexpected{Refusal{Reason::body_too_large, "A login request has at most 16 KB.", {}}};
  if (auto refusal = refused_connection(r, login)) return Unexpected{*std::move(refusal)};
  std::string user_name;
  {
    const auto credentials =
        login::read_credentials(exchange.body.view(), backend.names.login, section.rules.limits);
    if (!credentials) return Unexpected{Refusal{Reason::invalid, credentials.error().message, {}}};
    if (auto refusal = refused_password(r, section, *credentials)) {
      if (auto subject = gateway::normal_subject(credentials->user_name, backend))
        refusal->subject = *subject;
      return Unexpected{*std::move(refusal)};
    }
    user_name = credentials->user_name;
  }
  auto subject = gateway::admit_login(user_name, !login.providers.empty(), operation, section.rules,
                                      RequestCaller(r, section.subject_expression));
  if (!subject) return Unexpected{std::move(subject.error())};
  admitted.subject = *std::move(subject);
  become_user_info(r, exchange);
  if (auto refusal = refused_target(r, exchange)) return Unexpected{*std::move(refusal)};
  if (auto refusal = fetch_token(r, exchange)) return Unexpected{*std::move(refusal)};
  const auto response = forward_and_capture(r, exchange);
  if (!response) return response.error();
  const auto user = user_in(*response, *admitted.envelope.wsdl->login, backend.names.login);
  if (!user) return Unexpected{user.error()};
  return send_response(r, exchange, *user);
}

}  // namespace sfjwt::httpd
