// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/caller.h"

#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/settings.h"

namespace sfjwt::httpd {
namespace {

// Sets the variables for expressions and unsets them afterwards; the variables for logs are set elsewhere,
// according to SFJwtLogSubject.
class Variables {
 public:
  Variables(const request_rec* r, std::string_view operation, std::string_view subject) : r_(r) {
    set(kOperation, operation);
    if (!subject.empty()) set(kSubject, subject);
  }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;
  ~Variables() {
    apr_table_unset(r_->subprocess_env, kOperation);
    apr_table_unset(r_->subprocess_env, kSubject);
  }

 private:
  static constexpr const char* kOperation = "SFJWT_OPERATION";
  static constexpr const char* kSubject = "SFJWT_SUBJECT";

  void set(const char* name, std::string_view value) {
    apr_table_setn(r_->subprocess_env, name, apr_pstrmemdup(r_->pool, value.data(), value.size()));
  }

  const request_rec* r_;
};

void append_aliases(std::string& name, const apr_array_header_t* aliases) {
  for (int i = 0; aliases && i < aliases->nelts; ++i)
    name.append(" ").append(as_view(APR_ARRAY_IDX(aliases, i, const char*)));
}

}  // namespace

std::string_view RequestCaller::user() const {
  return as_view(r_->user);
}

// Everything by which httpd tells virtual hosts apart, since two of them may have the same ServerName; and
// both the place that httpd knows, which <Proxy> does not set, and that of our directives, which are not in
// every section.
std::string RequestCaller::section() const {
  const server_rec& server = *r_->server;
  const auto* core = static_cast<const core_dir_config*>(ap_get_core_module_config(r_->per_dir_config));
  std::string name(as_view(server.server_hostname));
  for (const server_addr_rec* address = server.addrs; address; address = address->next)
    name.append(" ")
        .append(as_view(address->virthost))
        .append(":")
        .append(std::to_string(address->host_port));
  append_aliases(name, server.names);
  append_aliases(name, server.wild_names);
  return name.append(" ")
      .append(as_view(core->d))
      .append(" ")
      .append(as_view(config_in(r_->per_dir_config).place));
}

std::optional<std::string> RequestCaller::subject_for(std::string_view operation) const {
  if (!subject_) return std::nullopt;
  const Variables variables(r_, operation, {});
  const char* error = nullptr;
  const char* subject = ap_expr_str_exec(r_, subject_, &error);
  if (error)
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r_, "SFJ0404: SFJwtSubject cannot be evaluated: %s", error);
  if (error || !subject) return std::nullopt;
  return subject;
}

std::optional<bool> RequestCaller::holds(const void* expression, std::string_view operation,
                                         std::string_view subject) const {
  const Variables variables(r_, operation, subject);
  const char* error = nullptr;
  const int holds = ap_expr_exec(r_, static_cast<const ap_expr_info_t*>(expression), &error);
  if (!error && holds >= 0) return holds > 0;
  ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r_, "SFJ0404: an expression cannot be evaluated: %s",
                error ? error : "no reason given");
  return std::nullopt;
}

tokens::CallerIdentity caller_identity(const request_rec* r) {
  const auto* core = static_cast<const core_dir_config*>(ap_get_core_module_config(r->per_dir_config));
  return {as_view(r->server->server_hostname), as_view(core->d), as_view(r->user), as_view(r->useragent_ip)};
}

}  // namespace sfjwt::httpd
