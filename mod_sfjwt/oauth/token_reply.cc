// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/token_reply.h"

#include <json/json.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/oauth/audience.h"
#include "mod_sfjwt/oauth/grant_error.h"
#include "mod_sfjwt/oauth/instance_url.h"
#include "mod_sfjwt/oauth/json.h"
#include "mod_sfjwt/oauth/wording.h"

namespace sfjwt::oauth {
namespace {

constexpr std::size_t kMaxToken = 4096;

TokenError error_of(FetchFailure cause, std::string code, std::string message) {
  return TokenError{class_of(cause), std::move(code), std::move(message), std::nullopt, cause};
}

std::string right_endpoint(const Provider& provider) {
  return "SFJwtTokenEndpoint must be the token endpoint of " + std::string(provider.name) + ", such as " +
         default_token_endpoint(provider.production_audience, provider) +
         ", and no proxy may change its replies.";
}

Unexpected<TokenError> unusable(const std::string& why, std::string_view remedy) {
  return Unexpected{
      error_of(FetchFailure::reply, "unusable_reply",
               "The token endpoint's reply cannot be used: " + why + ". " + std::string(remedy))};
}

Unexpected<TokenError> unusable(const std::string& why, const Client& client) {
  return unusable(why, right_endpoint(*client.provider));
}

// Parses the body as a JSON object. jsoncpp reads the values, after check_json has accepted the text.
Result<Json::Value, std::string> json_object(std::string_view body) {
  if (trimmed(body).empty()) return Unexpected{std::string("it is empty")};
  if (const auto checked = check_json(body); !checked)
    return Unexpected{"it is not JSON: " + checked.error()};
  Json::CharReaderBuilder builder;
  Json::CharReaderBuilder::strictMode(&builder.settings_);
  const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
  Json::Value document;
  std::string problem;  // quotes the text, so it is dropped
  bool read = false;
  try {
    read = reader->parse(body.data(), body.data() + body.size(), &document, &problem);
  } catch (const Json::Exception&) {  // a number out of range
  }
  if (!read || !document.isObject()) return Unexpected{std::string("it is not a JSON object")};
  return document;
}

// A string member; empty if it is absent, null or of another type. Points into the document.
std::string_view text_member(const Json::Value& object, const char* name) {
  const Json::Value& member = object[name];
  const char* begin = nullptr;
  const char* end = nullptr;
  if (!member.isString() || !member.getString(&begin, &end)) return {};
  return {begin, static_cast<std::size_t>(end - begin)};
}

bool token_character(char c, std::string_view punctuation) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         punctuation.find(c) != std::string_view::npos;
}

// header.payload.signature with a header that is a JSON object (RFC 7519 section 7.2). An opaque token with a
// '!' before any dot is not a JWT, since base64url does not contain '!'.
bool is_jwt(std::string_view token) {
  if (std::count(token.begin(), token.end(), '.') != 2) return false;
  const auto header = base64url_decoded(token.substr(0, token.find('.')));
  return header && trimmed(*header).starts_with('{') && check_json(*header).has_value();
}

std::string why_unusable(const Json::Value& object, std::string_view token, const Provider& provider) {
  if (!object["access_token"].isString()) return "it holds no access_token string";
  if (token.empty()) return "its access_token is empty";
  if (token.size() > kMaxToken)
    return "its access_token is longer than " + std::to_string(kMaxToken) + " bytes";
  if (!std::all_of(token.begin(), token.end(),
                   [&](char c) { return token_character(c, provider.token_punctuation); })) {
    return "its access_token holds characters that no " + std::string(provider.name) + " session id has";
  }
  const Json::Value& type = object["token_type"];
  if (!type.isNull() && !equals_ignoring_case(text_member(object, "token_type"), "Bearer")) {
    return "its token_type is not Bearer";
  }
  return {};
}

Result<Grant, TokenError> grant_in(const Json::Value& object, std::string_view token, const Client& client) {
  if (const std::string why = why_unusable(object, token, *client.provider); !why.empty())
    return unusable(why, client);
  if (is_jwt(token))
    return unusable("its access_token has JWT format, which the " + std::string(client.provider->name) +
                        " SOAP APIs do not accept",
                    client.provider->no_jwt_tokens);
  if (!object["instance_url"].isString()) return unusable("it holds no instance_url string", client);
  auto origin = instance_origin(text_member(object, "instance_url"), client.allowed_instances);
  if (!origin) {
    if (echoes(origin.error(), token)) return unusable("its instance_url repeats its access_token", client);
    return unusable("its instance_url " + origin.error(), client);
  }
  Grant grant{Secret(std::string(token)), std::move(*origin), std::nullopt};
  if (const Json::Value& life = object["expires_in"]; !life.isNull()) {
    if (!life.isInt() || life.asInt() <= 0)
      return unusable("its expires_in is not a positive number of seconds", client);
    grant.expires_in = std::chrono::seconds(life.asInt());
  }
  return grant;
}

FetchFailure cause_of(long status) {
  if (status == 429) return FetchFailure::rate;
  if (status == 408 || status >= 500) return FetchFailure::server;
  return FetchFailure::reply;
}

// For a response that is not from OAuth: the page of a proxy, a maintenance page, another service.
TokenError error_by_status(long status, const Provider& provider) {
  const FetchFailure cause = cause_of(status);
  std::string message = "The token endpoint answered status " + std::to_string(status);
  if (cause == FetchFailure::rate) {
    message += ": it limits the rate of requests. The gateway tries again after a pause.";
  } else if (cause == FetchFailure::server) {
    message += ": it is out of order or overloaded. The gateway tries again after a pause";
    if (!provider.status_page.empty())
      message.append("; ").append(provider.status_page).append(" knows of outages of ").append(provider.name);
    message += ".";
  } else if (status >= 300 && status < 400) {
    message += ", a redirect, which is not followed. Set SFJwtTokenEndpoint to the final URL.";
  } else {
    message.append(" and no OAuth error. ").append(right_endpoint(provider));
  }
  return error_of(cause, "http_" + std::to_string(status), std::move(message));
}

// A date in Retry-After is in the server's time, so it is compared with the server's clock if known.
std::optional<long> asked_pause(const HttpReply& reply, UnixTime now) {
  constexpr long kLongestPause = 300;  // seconds
  std::optional<long> pause = reply.retry_after_seconds;
  if (reply.retry_at) pause = (*reply.retry_at - reply.date.value_or(now)).count();
  if (pause) pause = std::clamp(*pause, 0L, kLongestPause);
  return pause;
}

TokenError refusal_of(const HttpReply& reply, const Client& client, UnixTime now) {
  const auto object = json_object(reply.body.reveal());
  const std::string_view word = object ? text_member(*object, "error") : std::string_view();
  if (word.empty()) return error_by_status(reply.status, *client.provider);
  GrantRefusal refusal{reply.status, word, text_member(*object, "error_description"), {}};
  if (reply.date) refusal.clock_ahead = now - *reply.date;
  return grant_error(refusal, client);
}

}  // namespace

Result<Grant, TokenError> read_token_reply(const HttpReply& reply, const Client& client, UnixTime now) {
  if (reply.status != 200) {
    TokenError error = refusal_of(reply, client, now);
    error.retry_after_seconds = asked_pause(reply, now);
    return Unexpected{std::move(error)};
  }
  // jsoncpp leaves copies of its input in freed memory, so the token is replaced by letters first. A token
  // that is written with escapes is not found here, and jsoncpp reads it.
  const std::string_view body = reply.body.reveal();
  const std::string_view token = raw_string_member(body, "access_token").value_or("");
  const bool plain = !token.empty() && token.find('\\') == std::string_view::npos;
  std::string shown(body);
  if (plain) std::fill_n(shown.begin() + (token.data() - body.data()), token.size(), 'x');
  const auto object = json_object(shown);
  if (!object) {
    const bool page = body.find('<') != std::string_view::npos;
    return unusable(object.error() + (page ? "; it looks like a web page" : ""), client);
  }
  // RFC 6749 uses only status 400 and 401 for errors; some servers send them with 200.
  if (!text_member(*object, "error").empty()) return Unexpected{refusal_of(reply, client, now)};
  return grant_in(*object, plain ? token : text_member(*object, "access_token"), client);
}

}  // namespace sfjwt::oauth
