// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfjwt::gateway {

/// Who sent a request, as the server knows it. Expressions are the server's own, so the server evaluates
/// them; each call names all that an expression may read, and calls may come in any order.
class Caller {
 public:
  virtual ~Caller() = default;

  /// REMOTE_USER; empty when nobody is authenticated. Valid as long as the request.
  virtual std::string_view user() const = 0;

  /// The server and the section that the request is for, as a name that no other section has.
  virtual std::string section() const = 0;

  /// The result of the SFJwtSubject expression for a request of this operation; nothing when there is no such
  /// expression or it cannot be evaluated.
  virtual std::optional<std::string> subject_for(std::string_view operation) const = 0;

  /// Whether a condition of the configuration holds for this operation on behalf of this subject; nothing
  /// when it cannot be evaluated.
  virtual std::optional<bool> holds(const void* expression, std::string_view operation,
                                    std::string_view subject) const = 0;

 protected:
  Caller() = default;
  Caller(const Caller&) = default;
  Caller& operator=(const Caller&) = default;
};

}  // namespace sfjwt::gateway
