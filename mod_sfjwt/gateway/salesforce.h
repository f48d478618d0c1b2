// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/salesforce_refusals.h"

namespace sfjwt::gateway {

namespace salesforce {

inline constexpr std::array<std::string_view, 6> kHosts = {".salesforce.com", ".force.com",
                                                           ".cloudforce.com", ".salesforce.mil",
                                                           ".crmforce.mil",   ".sfcrmproducts.cn"};

inline constexpr std::array<GuardedOperation, 5> kGuardedOperations = {{
    {"logout", ""},
    {"invalidateSessions", "it would end sessions that other callers use"},
    {"setPassword", "a new password ends the sessions of its user"},
    {"resetPassword", "a new password ends the sessions of its user"},
    {"changeOwnPassword", "a new password ends the sessions of its user"},
}};

inline constexpr std::array<NamedApi, 5> kApis = {{
    {"urn:partner.soap.sforce.com", "partner API"},
    {"urn:enterprise.soap.sforce.com", "enterprise API"},
    {"urn:tooling.soap.sforce.com", "tooling API"},
    {"http://soap.sforce.com/2006/04/metadata", "metadata API"},
    {"http://soap.sforce.com/2006/08/apex", "Apex API"},
}};

// Beatbox has the singular ones, jsforce the others.
inline constexpr std::array<schema::KnownAlias, 5> kParameterAliases = {{
    {&schema::Relaxations::parameter_names, "retrieve", "retrieveRequest", "request"},
    {&schema::Relaxations::parameter_names, "merge", "request", "mergeRequests"},
    {&schema::Relaxations::parameter_names, "cancelDeploy", "String", "id"},
    {&schema::Relaxations::singular_ids, "delete", "ids", "id"},
    {&schema::Relaxations::singular_ids, "undelete", "ids", "id"},
}};

// Those whose parameters jsforce puts into the namespace of records, as it writes that.
inline constexpr std::array<std::string_view, 5> kOperationsOnRecords = {"create", "update", "upsert",
                                                                         "delete", "undelete"};

// What kind of org answers at a host is in its name: a sandbox has two hyphens before the name of the
// sandbox.
inline constexpr std::string_view kSandbox =
    "a sandbox, which takes https://test.salesforce.com (SFJwtAudience sandbox)";
inline constexpr std::string_view kProduction =
    "a production org, which takes https://login.salesforce.com (SFJwtAudience production)";
inline constexpr std::string_view kSite = "an Experience Cloud site, which takes its own URL, ";
inline constexpr std::array<oauth::KnownHost, 7> kKnownHosts = {{
    {"test.salesforce.com", "", kSandbox},
    {".sandbox.my.salesforce.com", "", kSandbox},
    {".my.salesforce.com", "--", kSandbox},
    {"login.salesforce.com", "", kProduction},
    {".my.salesforce.com", "", kProduction},
    {".my.site.com", "", kSite, true},
    {".force.com", "", kSite, true},
}};

}  // namespace salesforce

/// Salesforce, as its WSDLs and its documentation describe it.
inline constexpr BackendFamily kSalesforce{
    .name = "Salesforce",
    .names = {.session_header = "SessionHeader",
              .session_id = "sessionId",
              .exception_code = "exceptionCode",
              .exception_message = "exceptionMessage",
              .login = {.login = "login",
                        .user_name = "username",
                        .password = "password",
                        .fault = "LoginFault",
                        .user_info = "getUserInfo",
                        .session_id = "sessionId",
                        .server_url = "serverUrl",
                        .metadata_server_url = "metadataServerUrl",
                        .password_expired = "passwordExpired",
                        .sandbox = "sandbox",
                        .user_info_result = "userInfo",
                        .user_id = "userId",
                        .organization_id = "organizationId"},
              .relaxed = {.object_name = "type",
                          .record_id = "Id",
                          .id = {.declared = 18, .short_form = 15},
                          .aliases = salesforce::kParameterAliases,
                          .operations_on_records = salesforce::kOperationsOnRecords,
                          .test_level = {"DeployOptions", "testLevel"},
                          .conversions = {"convertLead", "leadConverts"}}},
    .soap_path = "/services/Soap/",  // u/66.0, class/Invoices
    .hosts = salesforce::kHosts,
    .session_over = "INVALID_SESSION_ID",
    .session_over_text =
        "Invalid Session ID found in SessionHeader: Illegal Session. Log in again. (SFJ0410)",
    .login_denied_text = "Invalid username, password, security token; or user locked out.",
    .exceptions = {.media_type = "UNSUPPORTED_MEDIA_TYPE",
                   .size = "EXCEEDED_MAX_SIZE_REQUEST",
                   .xml = "XML_PARSER_ERROR",
                   .header = "INVALID_SOAP_HEADER",
                   .operation = "INVALID_OPERATION",
                   .login = "INVALID_LOGIN",
                   .access = "INSUFFICIENT_ACCESS",
                   .unavailable = "SERVER_UNAVAILABLE",
                   .unknown = "UNKNOWN_EXCEPTION"},
    .default_fault = "UnexpectedErrorFault",
    .guarded_operations = salesforce::kGuardedOperations,
    .guarded_apis = {"urn:", ".soap.sforce.com"},  // enterprise, partner and tooling; not Apex classes
    .apis = salesforce::kApis,
    .classes = {"http://soap.sforce.com/schemas/class/", "Apex class"},
    .session_id = {"00D", '!'},  // the id of the organisation, then '!' and a secret
    .provider = {.name = "Salesforce",
                 .token_path = "/services/oauth2/token",
                 .production_audience = "https://login.salesforce.com",
                 .sandbox_audience = "https://test.salesforce.com",
                 .audiences = "production takes https://login.salesforce.com, a sandbox "
                              "https://test.salesforce.com, an Experience Cloud site its own URL",
                 .hosts = salesforce::kKnownHosts,
                 .refusals = salesforce::kRefusals,
                 .unknown_refusal = salesforce::kUnknownRefusal,
                 .no_jwt_tokens = salesforce::kNoJwtTokens,
                 .status_page = "status.salesforce.com"},
};

/// The host patterns a token may go to when SFJwtAllowInstance says nothing.
inline std::vector<std::string> default_hosts() {
  return {kSalesforce.hosts.begin(), kSalesforce.hosts.end()};
}

}  // namespace sfjwt::gateway
