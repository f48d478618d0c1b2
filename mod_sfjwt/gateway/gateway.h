// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/caller.h"
#include "mod_sfjwt/gateway/media_type.h"
#include "mod_sfjwt/gateway/policy.h"
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/gateway/session_guard.h"
#include "mod_sfjwt/gateway/subject_map.h"
#include "mod_sfjwt/login/handles.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/xml/limits.h"

namespace sfjwt::gateway {

/// What one section is configured to accept.
struct Rules {
  std::shared_ptr<const soap::Catalog> catalog;
  xml::Limits limits;
  bool subject_from_body = true;  // SFJwtSubject body; otherwise Caller::subject_for()
  std::vector<MapRule> map;       // SFJwtSubjectMap; empty: users are called as their callers call them
  std::vector<AllowRule> allow;   // SFJwtAllowSubject
  OperationRules operations;      // SFJwtAllowOperation, SFJwtDenyOperation
  SessionGuard guard = SessionGuard::all();
  const login::Handles* handles = nullptr;  // of logins (SFJwtLogin); null: login is refused
  const BackendFamily* backend = nullptr;   // of which the catalog was made; never null here
};

/// A request that may be forwarded once there is a token. The envelope points into the catalog. A login has
/// no subject yet, and is not forwarded.
struct Admitted {
  std::string subject;
  soap::SoapVersion version = soap::SoapVersion::v1_1;
  soap::Envelope envelope;
  std::optional<std::string> answer;  // the response, where the gateway answers and nothing is forwarded
  std::optional<login::Handle> handle = {};  // by which the user has signed in; an answer to it ends it
  bool is_login = false;
  // What the caller asked for. The envelope is another one while the gateway asks who the user of a login is.
  const soap::CatalogOperation* operation = nullptr;
};

/// What the header of the HTTP request says of the message.
struct MessageHead {
  MediaType media_type{soap::SoapVersion::v1_1, {}};  // of the Content-Type
  std::string_view soap_action;
};

/// Everything that must hold before a token is asked for: the body is a valid request of a known operation
/// (soap::read_envelope), neither SOAPAction nor Content-Type tells another story, the subject is well formed
/// and known, the caller may act as it, may have the operation executed, and it does not end sessions of
/// others. A refusal names operation and subject as far as they are known.
Result<Admitted, Refusal> admit(std::string_view body, const MessageHead& head, const Rules& rules,
                                const Caller& caller);

/// The user of an admitted login, by the user name in it or the SFJwtSubject expression; `proven` if a
/// password has been checked. Refused as any request of that user would be.
Result<std::string, Refusal> admit_login(std::string_view user_name, bool proven,
                                         const soap::CatalogOperation& operation, const Rules& rules,
                                         const Caller& caller);

/// The body with the token in its place, as pieces that point into the body, the token and this object.
class RewrittenBody {
 public:
  RewrittenBody(std::string_view body, const soap::Envelope& envelope, const Secret& token);
  RewrittenBody(const RewrittenBody&) = delete;
  RewrittenBody& operator=(const RewrittenBody&) = delete;

  /// At most so many, none of them empty.
  static constexpr std::size_t kMaxPieces = 6;
  const std::vector<std::string_view>& pieces() const { return pieces_; }
  std::size_t size() const;

 private:
  void insert_header_block(const soap::Wsdl& wsdl);
  void assemble(std::string_view body, const soap::SessionPlace& session);

  Secret token_;  // XML-escaped
  std::string before_token_;
  std::string after_token_;
  std::vector<std::string_view> pieces_;
};

}  // namespace sfjwt::gateway
