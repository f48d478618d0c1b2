// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/reason.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/document_error.h"

namespace sfjwt::gateway {

/// One refusal: what the client is told and what the log says are the same sentence, but for as_told().
struct Refusal {
  Reason reason;
  std::string message;  // what, where (line, column, path) and what to do; no values, no secrets
  std::optional<long> retry_after_seconds;
  // What the message names, as far as it was read. The operation need not be in the WSDL; subjects are users.
  std::string operation = {};
  std::string subject = {};
  const soap::CatalogOperation* served = nullptr;  // the operation, if it was judged by what the WSDL says
};

/// The refusal of a rule that could not be evaluated. `rule` names the directive and where it stands
/// ("SFJwtSubjectMap (/etc/x.conf:12)"), `why` the error; for the log only.
Refusal rule_undecided(std::string_view rule, std::string_view why);

/// What a client is told that is not to know more (SFJwtFaultDetail brief): whether it is up to the client,
/// and that the log has the rest.
std::string_view brief_message(Reason reason);

/// The refusal as the client may read it. Who is refused must not learn whether it is since SFJwtSubjectMap
/// does not know the user, since a rule could not be evaluated for them, or since the caller may not act as
/// them: to the byte, all are subject_not_allowed.
Refusal as_told(const Refusal& refusal, const BackendFamily& backend);

/// Of a caller who may not act as the user the request names.
Refusal subject_not_allowed();

Refusal refusal_of(const soap::DocumentError& error, const BackendFamily& backend);
/// The same, and says how the request differs from the WSDLs when it is for others (wsdl_mismatch.h).
Refusal refusal_of(const soap::DocumentError& error, const soap::Catalog& catalog,
                   const BackendFamily& backend);
Refusal refusal_of(const oauth::TokenError& error);

}  // namespace sfjwt::gateway
