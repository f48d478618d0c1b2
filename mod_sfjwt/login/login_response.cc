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

constexpr std::size_t kUsualBytes = 2048;

// The document but for the session id, which is inserted into a buffer that does not move any more.
class ResponseWriter {
 public:
  ResponseWriter(const soap::LoginDescription& description, const soap::LoginNames& names,
                 const Session& session)
      : description_(description), names_(names), session_(session) {}

  Secret document(soap::SoapVersion version) {
    const xml::QName& output = description_.output;
    const xml::QName& result = description_.result;
    text_.reserve(kUsualBytes);
    text_.append(envelope_start(version)).append("<soapenv:Body>");
    append_start_tag(text_, output, {});
    append_start_tag(text_, result, output.namespace_uri);
    for (const LoginField& field : description_.fields) {
      if (field.name.local_name == names_.user_info_result) {
        write_user(field);
      } else if (field.name.local_name == names_.session_id) {
        write_session_id(field);
      } else {
        write(field, value_of(field.name.local_name), result.namespace_uri);
      }
    }
    append_end_tag(text_, result);
    append_end_tag(text_, output);
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
    append_start_tag(text_, field.name, description_.result.namespace_uri);
    session_id_at_ = text_.size();
    append_end_tag(text_, field.name);
  }

  void write_user(const LoginField& field) {
    append_start_tag(text_, field.name, description_.result.namespace_uri);
    for (const LoginField& child : description_.user) {
      const UserInfo::Field* given = session_.user.find(child.name.local_name);
      write(child, given && given->value ? Value(*given->value) : std::nullopt, field.name.namespace_uri);
    }
    append_end_tag(text_, field.name);
  }

  // An empty text is a value of types that allow it, which have no other placeholder.
  void write(const LoginField& field, Value value, std::string_view outside) {
    if (value && value->empty() && !field.placeholder.empty()) value.reset();
    if (!value && !field.required) return;
    if (!value && field.nillable) {
      append_open_tag(text_, field.name, outside);
      text_ += " xsi:nil=\"true\"/>";
      return;
    }
    append_start_tag(text_, field.name, outside);
    text_ += xml::escaped_content(value.value_or(field.placeholder));
    append_end_tag(text_, field.name);
  }

  Secret with_session_id() const {
    const Secret id(xml_escaped(session_.id.reveal()));
    std::string whole;
    whole.reserve(text_.size() + id.size());
    whole.append(text_, 0, session_id_at_);
    whole += id.reveal();
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
