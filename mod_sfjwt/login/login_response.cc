// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/login_response.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/login/plain_element.h"
#include "mod_sfjwt/xml/escaped_content.h"

namespace sfjwt::login {
namespace {

using soap::LoginField;
using Value = std::optional<std::string_view>;

constexpr std::size_t kEscapedByte = 6;  // &quot;

// The document but for the session id, which is inserted into a buffer that does not move any more.
class ResponseWriter {
 public:
  ResponseWriter(const soap::LoginDescription& description, const soap::LoginNames& names,
                 const Session& session)
      : description_(description), names_(names), session_(session) {}

  Secret document(soap::SoapVersion version) {
    const xml::QName& output = description_.output;
    const xml::QName& result = description_.result;
    text_ = envelope_start(version) + "<soapenv:Body>";
    text_ += start_tag(output, {}) + start_tag(result, output.namespace_uri);
    for (const LoginField& field : description_.fields) {
      if (field.name.local_name == names_.user_info_result) {
        write_user(field);
      } else if (field.name.local_name == names_.session_id) {
        write_session_id(field);
      } else {
        write(field, value_of(field.name.local_name), result.namespace_uri);
      }
    }
    text_ += end_tag(result) + end_tag(output);
    text_ += kEnvelopeEnd;
    return with_session_id();
  }

 private:
  Value value_of(std::string_view name) const {
    if (name == names_.server_url) return session_.server_url;
    if (name == names_.metadata_server_url && !session_.metadata_server_url.empty())
      return session_.metadata_server_url;
    if (name == names_.password_expired) return "false";
    if (name == names_.sandbox) return session_.sandbox ? "true" : "false";
    if (name == names_.user_id) return session_.user.user_id;
    return std::nullopt;
  }

  void write_session_id(const LoginField& field) {
    text_ += start_tag(field.name, description_.result.namespace_uri);
    session_id_at_ = text_.size();
    text_ += end_tag(field.name);
  }

  void write_user(const LoginField& field) {
    text_ += start_tag(field.name, description_.result.namespace_uri);
    for (const LoginField& child : description_.user) {
      const UserInfo::Field* given = session_.user.find(child.name.local_name);
      write(child, given && given->value ? Value(*given->value) : std::nullopt, field.name.namespace_uri);
    }
    text_ += end_tag(field.name);
  }

  // An empty text is a value of types that allow it, which have no other placeholder.
  void write(const LoginField& field, Value value, std::string_view outside) {
    if (value && value->empty() && !field.placeholder.empty()) value.reset();
    if (!value && !field.required) return;
    if (!value && field.nillable) {
      text_ += open_tag(field.name, outside) + " xsi:nil=\"true\"/>";
      return;
    }
    text_ += start_tag(field.name, outside);
    text_ += xml::escaped_content(value.value_or(field.placeholder));
    text_ += end_tag(field.name);
  }

  Secret with_session_id() const {
    const std::string_view id = session_.id.reveal();
    std::string whole;
    whole.reserve(text_.size() + kEscapedByte * id.size());
    whole.append(text_, 0, session_id_at_);
    for (const char& c : id) whole += xml_escaped({&c, 1});
    whole.append(text_, session_id_at_);
    return Secret(std::move(whole));
  }

  const soap::LoginDescription& description_;
  const soap::LoginNames& names_;
  const Session& session_;
  std::string text_;
  std::size_t session_id_at_ = 0;
};

}  // namespace

Secret login_response(const soap::LoginDescription& description, const soap::LoginNames& names,
                      soap::SoapVersion version, const Session& session) {
  return ResponseWriter(description, names, session).document(version);
}

}  // namespace sfjwt::login
