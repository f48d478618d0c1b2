// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/credentials.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "mod_sfjwt/login/message_reader.h"

namespace sfjwt::login {
namespace {

using Step = MessageReader::Step;

// Long enough for the heap: what a string holds inline stays behind when it is moved.
constexpr std::size_t kLeastRoom = 64;

Secret secret_value(const xml::Content& content) {
  std::string value;
  value.reserve(std::max(content.raw.size(), kLeastRoom));
  xml::append_character_data(value, content);
  return Secret(std::move(value));
}

class CredentialsReader {
 public:
  CredentialsReader(std::string_view document, const soap::LoginNames& names, const xml::Limits& limits)
      : names_(names), reader_(document, limits) {}

  Result<Credentials, CredentialsError> read() {
    if (!reader_.enter_body() || reader_.local_name() != names_.login)
      return error("The message does not contain " + std::string(names_.login) + ".");
    const std::string_view own = reader_.namespace_uri();
    Step step = reader_.next();
    for (; step == Step::start; step = reader_.next()) {
      if (!reader_.namespace_uri().empty() && reader_.namespace_uri() != own) return unexpected();
      if (auto failure = child()) return Unexpected{std::move(*failure)};
    }
    if (step != Step::end || !reader_.finish()) return error("The message is not a SOAP request.");
    if (!user_name_) return lack(names_.user_name);
    if (!password_) return lack(names_.password);
    return Credentials{std::move(*user_name_), std::move(*password_)};
  }

 private:
  using Failure = std::optional<CredentialsError>;

  Failure child() {
    const bool is_password = reader_.local_name() == names_.password;
    if (!is_password && reader_.local_name() != names_.user_name) return unexpected().error;
    const std::string name(reader_.local_name());
    if (is_password ? password_.has_value() : user_name_.has_value())
      return CredentialsError{"The message contains " + name + " more than once."};
    if (reader_.nil()) return lack(name).error;
    const auto text = reader_.text();
    if (!text || text->has_elements) return CredentialsError{"Element " + name + " does not contain text."};
    if (is_password) {
      password_ = secret_value(text->content);
    } else {
      user_name_ = xml::character_data(text->content);
    }
    return std::nullopt;
  }

  static Unexpected<CredentialsError> error(std::string message) {
    return {CredentialsError{std::move(message)}};
  }
  Unexpected<CredentialsError> lack(std::string_view name) const {
    return error("The message has no " + std::string(name) + ".");
  }
  Unexpected<CredentialsError> unexpected() const {
    return error("Element " + std::string(names_.login) + " contains something other than " +
                 std::string(names_.user_name) + " and " + std::string(names_.password) + ".");
  }

  const soap::LoginNames& names_;
  MessageReader reader_;
  std::optional<std::string> user_name_;
  std::optional<Secret> password_;
};

}  // namespace

Result<Credentials, CredentialsError> read_credentials(std::string_view document,
                                                       const soap::LoginNames& names,
                                                       const xml::Limits& limits) {
  return CredentialsReader(document, names, limits).read();
}

}  // namespace sfjwt::login
