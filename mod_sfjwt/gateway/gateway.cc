// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/gateway.h"

#include <numeric>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/soap_action.h"
#include "mod_sfjwt/gateway/subject.h"

namespace sfjwt::gateway {
namespace {

using soap::SessionPlace;

std::optional<Refusal> refused_action(std::string_view action, const char* where, const Rules& rules,
                                      const soap::CatalogOperation& operation) {
  switch (judge_action(action, *rules.catalog, operation)) {
    case ActionVerdict::agrees:
      return std::nullopt;
    case ActionVerdict::names_other:
      return Refusal{
          Reason::soap_action_mismatch,
          std::string(where) + " names another operation than the Body, which holds " + operation.name + ".",
          {}};
    case ActionVerdict::unreadable:
      return Refusal{
          Reason::soap_action_mismatch, std::string(where) + " must be empty or hold one plain URI.", {}};
  }
  return Refusal{Reason::internal, "The SOAPAction could not be checked.", {}};
}

// SOAPAction is a hint (SOAP 1.1 section 6.1.1) and the backend dispatches on Body. Where a client does name
// an operation in the HTTP header it must be the one in Body, and in the words of the right version: whoever
// looks at the header only, a firewall say, must not be told another story.
std::optional<Refusal> contradiction(const MessageHead& head, const Rules& rules,
                                     const soap::Envelope& envelope) {
  const soap::CatalogOperation& operation = *envelope.operation;
  if (auto refusal = refused_action(head.soap_action, "The SOAPAction header", rules, operation))
    return refusal;
  const MediaType& media = head.media_type;
  const bool soap11 = envelope.version == soap::SoapVersion::v1_1;
  if (media.action && soap11)
    return Refusal{
        Reason::soap_action_mismatch,
        "The Content-Type has an action, which is for SOAP 1.2, and the envelope is SOAP 1.1; SOAP "
        "1.1 has the SOAPAction header for it.",
        {}};
  if (media.version == soap::SoapVersion::v1_2 && soap11)
    return Refusal{
        Reason::unsupported_media_type,
        "Content-Type application/soap+xml is for SOAP 1.2, and the envelope is SOAP 1.1, which is "
        "sent as text/xml.",
        {}};
  if (!media.action) return std::nullopt;
  return refused_action(*media.action, "The action of the Content-Type", rules, operation);
}

// The user that the SFJwtSubject expression gives, whatever stands in the request.
Result<std::string, Refusal> expressed_user(const Rules& rules, const Caller& caller,
                                            std::string_view operation) {
  const auto expressed = caller.subject_for(operation);
  if (!expressed || trimmed(*expressed).empty()) {
    return Unexpected{Refusal{Reason::subject_missing,
                              "The gateway could not tell which user this request is for: the SFJwtSubject "
                              "expression is empty for this caller.",
                              {}}};
  }
  return user_named(*expressed, rules.map, *rules.backend);
}

Refusal unnamed(const BackendFamily& backend) {
  return {Reason::subject_missing,
          "The request names no user: put the e-mail of the " + std::string(backend.name) + " user into " +
              backend.names.session_path() + ".",
          {}};
}

Refusal invalid_handle(std::string_view why) {
  return {Reason::handle_not_valid, "The handle in the request is not valid: " + std::string(why) + ".", {}};
}

// A handle is nothing to the backend, and nobody else's business: not even as data is it forwarded.
std::optional<Refusal> refused_handle(std::string_view body, const Rules& rules,
                                      const soap::SessionPlace& session) {
  if (!rules.handles || (!login::contains_handle(body.substr(0, session.place.begin)) &&
                         !login::contains_handle(body.substr(session.place.end))))
    return std::nullopt;
  return Refusal{
      Reason::session_header,
      "The session id of a login is in the message as something else than its session id; it is of "
      "no use to " +
          std::string(rules.backend->name) + ".",
      {}};
}

// Who a request is from.
struct User {
  std::string subject;
  std::optional<login::Handle> handle;
};

Result<User, Refusal> user_of(std::string_view body, const Rules& rules, const Caller& caller,
                              const soap::Envelope& envelope) {
  const std::string text = soap::session_id(body, envelope.session);
  const std::string_view session = trimmed(text);
  User user;
  if (rules.handles && login::looks_like_handle(session)) {
    auto handle = rules.handles->accept(session, {caller.user(), caller.section()});
    if (!handle) return Unexpected{invalid_handle(handle.error())};
    user.handle = *std::move(handle);
  }
  if (rules.subject_from_body && !user.handle && session.empty()) return Unexpected{unnamed(*rules.backend)};
  auto subject = !rules.subject_from_body ? expressed_user(rules, caller, envelope.operation->name)
                 : user.handle            ? normal_subject(user.handle->subject, *rules.backend)
                                          : user_named(text, rules.map, *rules.backend);
  if (!subject) return Unexpected{std::move(subject.error())};
  if (user.handle && user.handle->subject != *subject)
    return Unexpected{invalid_handle("it was issued for another user than SFJwtSubject gives")};
  user.subject = *std::move(subject);
  return user;
}

// Of a request that is refused before its subject is judged, what its log line may name. What is not a user
// is left out: it may be a token.
Refusal with_subject(Refusal refusal, std::string_view body, const Rules& rules,
                     const soap::SessionPlace& session) {
  if (!rules.subject_from_body) return refusal;
  if (auto user = user_named(soap::session_id(body, session), rules.map, *rules.backend))
    refusal.subject = *std::move(user);
  return refusal;
}

Refusal refused_message(const soap::DocumentError& error, std::string_view body, const Rules& rules) {
  Refusal refusal = refusal_of(error, *rules.catalog, *rules.backend);
  if (error.operation) refusal.operation = error.operation->name;
  if (error.foreign && error.rule == xml::Rule::unknown_operation)
    refusal.operation = error.foreign->local_name;
  return with_subject(std::move(refusal), body, rules, error.session);
}

Refusal without_session(const soap::CatalogOperation& operation, const BackendFamily& backend) {
  return {
      Reason::no_session,
      "Operation " + operation.name +
          " takes no session. The gateway signs users in by itself: leave out login and send the e-mail of "
          "the user in " +
          backend.names.session_path() + " of each request.",
      {}};
}

// Why the caller may not act as this subject; nothing if it may.
std::optional<Refusal> refused_subject(const Rules& rules, const Caller& caller, const UserRequest& request) {
  return subject_refusal(rules.allow, rules.map, *rules.backend, caller, request);
}

bool is_login(const Rules& rules, const soap::CatalogOperation& operation) {
  return rules.handles && operation.name == rules.backend->names.login.login &&
         rules.catalog->wsdls()[operation.wsdl].login;
}

// What the gateway does instead of forwarding the operation; null: nothing. The end of a handle is its own
// matter, whatever SFJwtSessionGuard says.
const GuardedOperation* guarded(const Rules& rules, const soap::CatalogOperation& operation,
                                bool has_handle) {
  const auto* found = guarded_operation(rules.guard, *rules.catalog, operation, *rules.backend);
  if (found || !has_handle) return found;
  found = guarded_operation(SessionGuard::all(), *rules.catalog, operation, *rules.backend);
  return found && found->consequence.empty() ? found : nullptr;
}

// The refusal of a request whose operation is known, and its subject unless that is empty.
Refusal of(const soap::CatalogOperation& operation, std::string subject, Refusal refusal) {
  refusal.operation = operation.name;
  refusal.served = &operation;
  if (!subject.empty()) refusal.subject = std::move(subject);
  return refusal;
}

}  // namespace

Result<Admitted, Refusal> admit(std::string_view body, const MessageHead& head, const Rules& rules,
                                const Caller& caller) {
  auto envelope = soap::read_envelope(body, *rules.catalog, rules.limits);
  if (!envelope) return Unexpected{refused_message(envelope.error(), body, rules)};
  const soap::CatalogOperation& operation = *envelope->operation;
  const bool login = is_login(rules, operation);
  if (!operation.session_header && !login)
    return Unexpected{of(operation, {}, without_session(operation, *rules.backend))};
  if (auto refusal = contradiction(head, rules, *envelope))
    return Unexpected{of(operation, {}, with_subject(std::move(*refusal), body, rules, envelope->session))};
  if (login) return Admitted{{}, envelope->version, *envelope, {}, {}, true, &operation};
  if (auto refusal = refused_handle(body, rules, envelope->session))
    return Unexpected{of(operation, {}, *std::move(refusal))};
  auto user = user_of(body, rules, caller, *envelope);
  if (!user) return Unexpected{of(operation, {}, std::move(user.error()))};
  // A handle that is bound to a caller stands for no password.
  const bool proven = user->handle && !user->handle->caller;
  const auto* ours = guarded(rules, operation, user->handle.has_value());
  // No operation rule keeps a handle alive that its bearer wants to end.
  const bool ends_handle = user->handle && ours && ours->consequence.empty();
  const UserRequest request{operation.name, user->subject, proven};
  auto refusal = refused_subject(rules, caller, request);
  if (!refusal && !ends_handle) refusal = operation_refusal(rules.operations, caller, request);
  if (refusal) return Unexpected{of(operation, std::move(user->subject), std::move(*refusal))};
  if (ours && !ours->consequence.empty())
    return Unexpected{of(operation, std::move(user->subject), refusal_of(*ours))};
  Admitted admitted{
      std::move(user->subject), envelope->version, *envelope, {}, std::move(user->handle), false, &operation};
  if (ours) admitted.answer = empty_response(*rules.catalog, operation, envelope->version);
  return admitted;
}

Result<std::string, Refusal> admit_login(std::string_view user_name, bool proven,
                                         const soap::CatalogOperation& operation, const Rules& rules,
                                         const Caller& caller) {
  auto subject = rules.subject_from_body ? user_named(user_name, rules.map, *rules.backend)
                                         : expressed_user(rules, caller, operation.name);
  if (!subject) return Unexpected{of(operation, {}, std::move(subject.error()))};
  const UserRequest request{operation.name, *subject, proven};
  auto refusal = refused_subject(rules, caller, request);
  if (!refusal) refusal = operation_refusal(rules.operations, caller, request);
  if (refusal) return Unexpected{of(operation, std::move(*subject), std::move(*refusal))};
  return subject;
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
      after_token_ = "</" + name + ">";
      break;
    case SessionPlace::Kind::into_header:
      insert_header_block(*envelope.wsdl);
      break;
    case SessionPlace::Kind::opened_header:
      insert_header_block(*envelope.wsdl);
      before_token_.insert(0, ">");
      after_token_ += "</" + name + ">";
      break;
    case SessionPlace::Kind::before_body:
      insert_header_block(*envelope.wsdl);
      before_token_.insert(0,
                           "<Header xmlns=\"" + std::string(soap::namespace_uri(envelope.version)) + "\">");
      after_token_ += "</Header>";
      break;
  }
  assemble(body, session);
}

// With namespace declarations of its own: whatever prefixes the document uses, these names are right.
void RewrittenBody::insert_header_block(const soap::Wsdl& wsdl) {
  const std::string& header = wsdl.session_header.local_name;
  const std::string& id = wsdl.session_id.local_name;
  before_token_ = "<" + header + " xmlns=\"" + xml_escaped(wsdl.session_header.namespace_uri) + "\"><" + id;
  if (wsdl.session_id.namespace_uri.empty()) before_token_ += " xmlns=\"\"";
  before_token_ += ">";
  after_token_ = "</" + id + "></" + header + ">";
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
  add(after_token_);
  add(body.substr(session.place.end));
}

std::size_t RewrittenBody::size() const {
  return std::accumulate(pieces_.begin(), pieces_.end(), std::size_t{0},
                         [](std::size_t sum, std::string_view piece) { return sum + piece.size(); });
}

}  // namespace sfjwt::gateway
