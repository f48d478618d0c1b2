// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/signing_key.h"
#include "mod_sfjwt/tools/arguments.h"
#include "mod_sfjwt/tools/commands.h"

namespace sfjwt::tools {

/// The options by which a command is told who asks for whom.
inline constexpr auto kIdentityOptions = std::to_array<Option>({{Option::required, "key"},
                                                                {Option::optional, "passphrase"},
                                                                {Option::optional, "key-id"},
                                                                {Option::required, "client-id"},
                                                                {Option::required, "audience"},
                                                                {Option::required, "subject"},
                                                                {Option::optional, "subject-claim"},
                                                                {Option::optional, "lifetime"},
                                                                {Option::repeated, "claim"}});

/// These options and further ones.
template <std::size_t N>
constexpr std::array<Option, kIdentityOptions.size() + N> with_identity_options(
    const std::array<Option, N>& further) {
  std::array<Option, kIdentityOptions.size() + N> all{};
  std::copy(further.begin(), further.end(),
            std::copy(kIdentityOptions.begin(), kIdentityOptions.end(), all.begin()));
  return all;
}

/// Who asks for whom, as the gateway has it after reading its configuration and a request.
struct Identity {
  oauth::Client client;  // all of it but where the token is asked for
  oauth::SigningKey key;
  std::string subject;  // in normal form
};

Result<Identity, Problem> read_identity(const Arguments& arguments);

/// The secret an option names the source of, as a directive does: file:NAME, exec:/PROGRAM, or - for standard
/// input. Nothing when the option is not given.
Result<std::optional<Secret>, Problem> read_sourced(const Arguments& arguments, std::string_view option);

/// A whole number in decimal digits, if it is one from `least` to `most`.
std::optional<long> number_between(std::string_view text, long least, long most);

/// The values of a repeated option, each written name=value, if `allowed` lets every name pass.
using Pairs = std::vector<std::pair<std::string, std::string>>;
Result<Pairs, Problem> read_pairs(const Arguments& arguments, std::string_view option,
                                  bool (*allowed)(std::string_view name));

}  // namespace sfjwt::tools
