// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "mod_sfjwt/tokens/token_key.h"
#include "mod_sfjwt/tokens/token_source.h"
#include "tests/unit/oauth/test_client.h"

namespace sfjwt::tokens {

/// A token of the test client that some source has supplied a while ago.
inline SuppliedToken supplied_before(std::string value, std::string_view subject) {
  AccessToken token;
  token.value = Secret(std::move(value));
  return SuppliedToken{std::move(token), TokenKeys(oauth::client()).of(subject), SuppliedToken::Origin::hit};
}

}  // namespace sfjwt::tokens
