// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/config/settings.h"
#include "mod_sfjwt/httpd/memory/shm_token_table.h"

namespace sfjwt::httpd {

/// Why the argument of a directive is invalid, to be printed after the directive's name; nullopt if it is
/// valid.
using ArgumentError = std::optional<std::string>;

/// One word of printable ASCII without spaces.
ArgumentError check_word(apr_pool_t* pool, const char* value);

/// An https URL with a host, without user information, query allowed, no fragment.
ArgumentError check_https_url(apr_pool_t* pool, const char* value);

/// An https URL as above, with a path.
ArgumentError check_token_endpoint(apr_pool_t* pool, const char* value);

/// The URL of an HTTP proxy: http or https, a host and a port, nothing else.
ArgumentError check_proxy_url(apr_pool_t* pool, const char* value);
ArgumentError check_public_url(apr_pool_t* pool, const char* value);

/// The source of a passphrase or secret: file:NAME or exec:/PROGRAM.
ArgumentError check_secret_source(apr_pool_t* pool, const char* value);

ArgumentError check_host_pattern(apr_pool_t* pool, const char* value);

/// The name of a request header that can be removed without breaking the request.
ArgumentError check_strippable_header(apr_pool_t* pool, const char* value);

/// A claim or form parameter that the gateway does not set itself.
ArgumentError check_claim_name(apr_pool_t* pool, const char* value);
ArgumentError check_token_param_name(apr_pool_t* pool, const char* value);

/// A decimal number within bounds; the error names them with the unit.
Result<long, std::string> number_between(const char* value, long least, long most, std::string_view unit);

/// The value of SFJwtTokenCache for the table: shm[:entries[:bytes]].
Result<tokens::TokenTable::Shape, std::string> token_table_shape(const char* value);

/// The arguments of SFJwtValidate: a mode and, for tolerant and report, relaxations with - or +.
Result<schema::Validation, std::string> validation(int count, char* const words[]);

/// The arguments of SFJwtXmlLimits, each name=number; limits that are not named keep their defaults.
Result<xml::Limits, std::string> xml_limits(int count, char* const words[]);

/// The arguments of SFJwtSubjectMap: a regular expression and its replacement, or a file, which is read.
Result<gateway::MapRule, std::string> map_rule(cmd_parms* cmd, const char* expression,
                                               const char* replacement);

/// The arguments of SFJwtSessionGuard: On or Off, and exceptions with - or +.
Result<gateway::SessionGuard, std::string> session_guard(int count, char* const words[]);

/// The arguments of SFJwtAllowOperation or SFJwtDenyOperation as a rule.
Result<gateway::OperationRule, std::string> operation_rule(cmd_parms* cmd, int count, char* const words[]);

/// The arguments of SFJwtAllowSubject as a rule.
Result<gateway::AllowRule, std::string> allow_rule(cmd_parms* cmd, int count, char* const words[]);

}  // namespace sfjwt::httpd
