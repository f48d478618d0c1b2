// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <type_traits>

#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/httpd/request/log_line.h"

namespace sfjwt::httpd {

// The request in the arguments of a function, if any.
template <class Argument>
const request_rec* request_of(Argument) noexcept {
  return nullptr;
}
inline const request_rec* request_of(request_rec* r) noexcept {
  return r;
}
inline const request_rec* request_of(ap_filter_t* filter) noexcept {
  return filter->r;
}

inline void log_escaped_exception(const request_rec* r, const char* what) noexcept {
  if (r) return log_line(r, APLOG_CRIT, "SFJ0999", what);
  ap_log_error(APLOG_MARK, APLOG_CRIT, 0, ap_server_conf, "SFJ0999: %s", what);
}

template <auto Function, auto Failure>
struct Guard;

template <class Answer, class... Arguments, Answer (*Function)(Arguments...), auto Failure>
struct Guard<Function, Failure> {
  static Answer call(Arguments... arguments) noexcept {
    try {
      return Function(arguments...);
    } catch (const std::exception& exception) {
      log(exception.what(), arguments...);
    } catch (...) {
      log("unknown exception", arguments...);
    }
    if constexpr (!std::is_void_v<Answer>) return Failure;
  }

 private:
  static void log(const char* what, Arguments... arguments) noexcept {
    const request_rec* r = nullptr;
    static_cast<void>(((r = request_of(arguments)) || ...));
    log_escaped_exception(r, what);
  }
};

/// Wraps a function for httpd: no exception leaves it; it returns `Failure` instead. An exception that passes
/// the C frames of httpd or mod_proxy would end the child, or leak backend connections until none are left.
template <auto Function, auto Failure = nullptr>
inline constexpr auto guard = Guard<Function, Failure>::call;

}  // namespace sfjwt::httpd
