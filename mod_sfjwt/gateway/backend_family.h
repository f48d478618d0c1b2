// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "mod_sfjwt/oauth/provider.h"
#include "mod_sfjwt/soap/backend_names.h"

namespace sfjwt::gateway {

/// The exceptionCode of a fault detail for each kind of refusal: of the codes the backend's WSDLs list, the
/// one that comes nearest.
struct ExceptionCodes {
  std::string_view media_type;
  std::string_view size;
  std::string_view xml;
  std::string_view header;
  std::string_view operation;
  std::string_view login;
  std::string_view access;
  std::string_view unavailable;  // invites to try again: only for what has certainly not been executed
  std::string_view unknown;      // where a list has no better
};
using ExceptionCode = std::string_view ExceptionCodes::*;

/// An operation that ends sessions which other callers use.
struct GuardedOperation {
  std::string_view name;         // as in the WSDL and in SFJwtSessionGuard On -name
  std::string_view consequence;  // why it is refused; empty where the gateway answers it
};

/// Target namespaces of WSDLs that begin and end so.
struct NamespacePattern {
  std::string_view prefix;
  std::string_view suffix;
  constexpr bool matches(std::string_view uri) const {
    return uri.size() >= prefix.size() + suffix.size() && uri.starts_with(prefix) && uri.ends_with(suffix);
  }
};

/// An API by its target namespace.
struct NamedApi {
  std::string_view namespace_uri;
  std::string_view name;
};

/// Tokens that are not in JWT format: their first letters, in any case, and a character after them. An e-mail
/// address never has both.
struct SessionIdShape {
  std::string_view prefix;
  char separator;
};

/// What the gateway has to know of the services it stands in front of, at most 32 guarded operations. All
/// views are of static storage.
struct BackendFamily {
  std::string_view name;       // in messages: "a Salesforce user"
  soap::BackendNames names;    // in its WSDLs
  std::string_view soap_path;  // every address of a SOAP API begins with this path; its version is the
                               // segment after the next
  std::span<const std::string_view> hosts;  // patterns a token may go to when SFJwtAllowInstance says nothing
  std::string_view session_over;            // fault code that says the session has ended
  std::string_view session_over_text;       // what it says then
  std::string_view login_denied_text;       // what it says when a login fails
  ExceptionCodes exceptions;
  std::string_view default_fault;  // local name of the fault that fits every operation
  std::span<const GuardedOperation> guarded_operations;
  NamespacePattern guarded_apis;  // where these names mean these operations
  std::span<const NamedApi> apis;
  NamedApi classes;           // APIs made by customers: the beginning of their namespaces, and what they are
  SessionIdShape session_id;  // what a client sends that has a session id where the user belongs
  oauth::Provider provider;   // its authorization server
};

}  // namespace sfjwt::gateway
