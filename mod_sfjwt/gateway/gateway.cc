// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/gateway.h"

#include <numeric>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::gateway {
namespace {

using soap::SessionPlace;

// SOAPAction is a hint (SOAP 1.1 section 6.1.1) and Salesforce dispatches on Body. Where a client does name
// an operation there, alone or behind the namespace, it must be the one in Body: whoever looks at the header
// only, a firewall say, must not be told another story.
bool action_agrees(std::string_view soap_action, const soap::Catalog& catalog,
                   const soap::CatalogOperation& operation) {
  std::string_view action = trimmed(soap_action);
  if (action.size() >= 2 && action.front() == '"' && action.back() == '"')
    action = action.substr(1, action.size() - 2);
  if (action.empty() || action == operation.soap_action) return true;
  const auto separator = action.find_last_of("#/:");
  const auto* named =
      catalog.operation_named(separator == std::string_view::npos ? action : action.substr(separator + 1));
  return named == nullptr || named->name == operation.name;
}

Result<std::string, Refusal> subject_of(std::string_view body, const Rules& rules, const Caller& caller,
                                        const soap::Envelope& envelope) {
  if (!rules.subject_from_body) {
    if (!caller.expressed_subject || trimmed(*caller.expressed_subject).empty()) {
      return Unexpected{Refusal{Reason::subject_missing,
                                "The gateway could not tell which user this request is for: the configured "
                                "SFJwtSubject expression gave nothing for this caller.",
                                {}}};
    }
    return user_named(*caller.expressed_subject, rules.map);
  }
  const std::string text = soap::session_id(body, envelope.session);
  if (trimmed(text).empty()) {
    return Unexpected{Refusal{Reason::subject_missing,
                              "The request names no user: put the e-mail of the Salesforce user into "
                              "SessionHeader/sessionId.",
                              {}}};
  }
  return user_named(text, rules.map);
}

}  // namespace

Result<Admitted, Refusal> admit(std::string_view body, std::string_view soap_action, const Rules& rules,
                                const Caller& caller, const Witness& witness) {
  auto envelope = soap::read_envelope(body, *rules.catalog, rules.limits);
  if (!envelope) return Unexpected{refusal_of(envelope.error())};
  const soap::CatalogOperation& operation = *envelope->operation;
  witness(operation, {});
  if (!operation.session_header) {
    return Unexpected{
        Refusal{Reason::no_session,
                "Operation " + operation.name +
                    " takes no session. The gateway signs users in by itself: leave out login and send "
                    "the e-mail of the user in SessionHeader/sessionId of each request.",
                {}}};
  }
  if (!action_agrees(soap_action, *rules.catalog, operation)) {
    return Unexpected{Refusal{
        Reason::soap_action_mismatch,
        "The SOAPAction header names another operation than the Body, which holds " + operation.name + ".",
        {}}};
  }
  auto subject = subject_of(body, rules, caller, *envelope);
  if (!subject) return Unexpected{subject.error()};
  witness(operation, *subject);
  if (!allowed(rules.allow, rules.map, caller, *subject)) {
    return Unexpected{subject_not_allowed()};
  }
  if (!operation_allowed(rules.operations, caller, operation.name)) {
    return Unexpected{Refusal{Reason::operation_not_allowed,
                              "This caller may not use operation " + operation.name + " at this gateway.",
                              {}}};
  }
  Admitted admitted{operation.name, std::move(*subject), envelope->version, *envelope, {}};
  if (const auto* guarded = guarded_operation(rules.guard, *rules.catalog, operation)) {
    if (!guarded->consequence.empty()) return Unexpected{refusal_of(*guarded)};
    admitted.answer = empty_response(*rules.catalog, operation, envelope->version);
  }
  return admitted;
}

Result<soap::SoapVersion, Refusal> soap_media_type(std::string_view content_type) {
  const auto refused = [](std::string message) {
    return Unexpected{Refusal{Reason::unsupported_media_type, std::move(message), {}}};
  };
  if (trimmed(content_type).empty()) {
    return refused("The request has no Content-Type; SOAP 1.1 is sent as text/xml; charset=UTF-8.");
  }
  const auto semicolon = content_type.find(';');
  const std::string_view type = trimmed(content_type.substr(0, semicolon));
  const bool soap12 = equals_ignoring_case(type, "application/soap+xml");
  if (!soap12 && !equals_ignoring_case(type, "text/xml")) {
    return refused("Content-Type " + printable(type, 80) +
                   " is not accepted; SOAP 1.1 is sent as text/xml, SOAP 1.2 as application/soap+xml.");
  }
  for (std::string_view rest = semicolon == std::string_view::npos ? "" : content_type.substr(semicolon + 1);
       !rest.empty();) {
    const auto next = rest.find(';');
    const std::string_view parameter = rest.substr(0, next);
    rest = next == std::string_view::npos ? "" : rest.substr(next + 1);
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos ||
        !equals_ignoring_case(trimmed(parameter.substr(0, equals)), "charset"))
      continue;
    std::string_view charset = trimmed(parameter.substr(equals + 1));
    if (charset.size() >= 2 && charset.front() == '"' && charset.back() == '"') {
      charset = charset.substr(1, charset.size() - 2);
    }
    if (!equals_ignoring_case(charset, "UTF-8") && !equals_ignoring_case(charset, "US-ASCII")) {
      return refused("charset " + printable(charset, 40) + " is not accepted; only UTF-8 is.");
    }
  }
  return soap12 ? soap::SoapVersion::v1_2 : soap::SoapVersion::v1_1;
}

// The token alone is secret: what is written around it stands in strings of its own, so that no copy of the
// token is left in memory that nobody wipes.
RewrittenBody::RewrittenBody(std::string_view body, const soap::Envelope& envelope, const Secret& token)
    : token_(xml_escaped(token.reveal())) {
  const SessionPlace& session = envelope.session;
  const std::string name(session.tag_name.of(body));
  switch (session.kind) {
    case SessionPlace::Kind::content:
      break;
    case SessionPlace::Kind::self_closed:
      before_token_ = ">";
      behind_token_ = "</" + name + ">";
      break;
    case SessionPlace::Kind::into_header:
      insert_header_block(*envelope.wsdl);
      break;
    case SessionPlace::Kind::opened_header:
      insert_header_block(*envelope.wsdl);
      before_token_.insert(0, ">");
      behind_token_ += "</" + name + ">";
      break;
    case SessionPlace::Kind::before_body:
      insert_header_block(*envelope.wsdl);
      before_token_.insert(0,
                           "<Header xmlns=\"" + std::string(soap::namespace_uri(envelope.version)) + "\">");
      behind_token_ += "</Header>";
      break;
  }
  assemble(body, session);
}

// With namespace declarations of its own: whatever prefixes the document uses, these names are right.
void RewrittenBody::insert_header_block(const soap::Wsdl& wsdl) {
  before_token_ =
      "<SessionHeader xmlns=\"" + xml_escaped(wsdl.session_header.namespace_uri) + "\"><sessionId";
  if (wsdl.session_id.namespace_uri.empty()) before_token_ += " xmlns=\"\"";
  before_token_ += ">";
  behind_token_ = "</sessionId></SessionHeader>";
}

void RewrittenBody::assemble(std::string_view body, const SessionPlace& session) {
  const auto add = [this](std::string_view piece) {
    if (!piece.empty()) pieces_.push_back(piece);
  };
  std::size_t from = 0;
  if (session.nil) {
    add(body.substr(0, session.nil->begin));
    from = session.nil->end;
  }
  add(body.substr(from, session.place.begin - from));
  add(before_token_);
  add(token_.reveal());
  add(behind_token_);
  add(body.substr(session.place.end));
}

std::size_t RewrittenBody::size() const {
  return std::accumulate(pieces_.begin(), pieces_.end(), std::size_t{0},
                         [](std::size_t sum, std::string_view piece) { return sum + piece.size(); });
}

}  // namespace sfjwt::gateway
