// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/log_line.h"

namespace sfjwt::httpd {
namespace {

// " [name value]", or nothing, as three parts for a format.
struct Bracketed {
  Bracketed(const request_rec* r, const char* variable, const char* its_name)
      : value(apr_table_get(r->subprocess_env, variable)) {
    if (value) name = its_name, end = "]";
    if (!value) value = "";
  }

  const char* name = "";
  const char* value;
  const char* end = "";
};

}  // namespace

void log_line(const request_rec* r, int level, std::string_view code, std::string_view message) noexcept {
  const Bracketed operation(r, "SFJWT_OPERATION", " [operation ");
  const Bracketed subject(r, "SFJWT_SUBJECT", " [subject ");
  const Bracketed id(r, "UNIQUE_ID", " [request ");
  ap_log_rerror(APLOG_MARK, level, 0, r, "%.*s: %.*s%s%s%s%s%s%s%s%s%s", static_cast<int>(code.size()),
                code.data(), static_cast<int>(message.size()), message.data(), operation.name,
                operation.value, operation.end, subject.name, subject.value, subject.end, id.name, id.value,
                id.end);
}

}  // namespace sfjwt::httpd
