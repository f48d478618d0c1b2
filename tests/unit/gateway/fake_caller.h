// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/caller.h"

namespace sfjwt::gateway {

/// A caller with properties set by the test. By default it has no user, and expressions cannot be evaluated.
struct FakeCaller final : Caller {
  using Holds = std::function<std::optional<bool>(const void* expression, std::string_view operation,
                                                  std::string_view subject)>;

  std::string_view user() const override { return remote_user; }
  std::string section() const override { return "/services/Soap/"; }
  std::optional<std::string> subject_for(std::string_view) const override { return expressed_subject; }
  std::optional<bool> holds(const void* expression, std::string_view operation,
                            std::string_view subject) const override {
    return evaluate ? evaluate(expression, operation, subject) : std::nullopt;
  }

  std::string remote_user;
  std::optional<std::string> expressed_subject;
  Holds evaluate;
};

}  // namespace sfjwt::gateway
