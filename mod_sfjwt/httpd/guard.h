// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <type_traits>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

inline void log_escaped_exception(const char* what) noexcept {
  ap_log_error(APLOG_MARK, APLOG_CRIT, 0, ap_server_conf, "SFJ0999: stopped at the border to httpd: %s",
               what);
}

template <auto Function, auto Failure>
struct Guard;

template <class Answer, class... Arguments, Answer (*Function)(Arguments...), auto Failure>
struct Guard<Function, Failure> {
  static Answer call(Arguments... arguments) noexcept {
    try {
      return Function(arguments...);
    } catch (const std::exception& exception) {
      log_escaped_exception(exception.what());
    } catch (...) {
      log_escaped_exception("unknown exception");
    }
    if constexpr (!std::is_void_v<Answer>) return Failure;
  }
};

/// The function as httpd may call it: no exception leaves it, it answers `Failure` instead. An exception that
/// crosses the C frames of httpd or mod_proxy ends the child or leaks backend connections until none are
/// left.
template <auto Function, auto Failure = nullptr>
inline constexpr auto guard = Guard<Function, Failure>::call;

}  // namespace sfjwt::httpd
