// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/user_info.h"

#include <algorithm>
#include <utility>

#include "mod_sfjwt/login/message_reader.h"
#include "mod_sfjwt/login/plain_element.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/xml/limits.h"

namespace sfjwt::login {
namespace {

using Step = MessageReader::Step;

constexpr std::size_t kMaxFields = 200;

bool is_id(std::string_view text) {
  return (text.size() == 15 || text.size() == 18) && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

class UserInfoReader {
 public:
  UserInfoReader(std::string_view document, const soap::LoginDescription& description)
      : description_(description), reader_(document, xml::Limits()) {}

  Result<UserInfo, UserInfoError> read(const soap::LoginNames& names) {
    if (!reader_.enter_body() || !at(description_.user_info_output))
      return error("it is not " + description_.user_info_output.local_name);
    if (reader_.next() != Step::start || !at(description_.user_info_result))
      return error("it has no " + description_.user_info_result.local_name);
    if (auto failure = read_fields()) return Unexpected{std::move(*failure)};
    if (reader_.next() != Step::end || !reader_.finish()) return error("it contains more than one result");
    for (const auto& [name, id] :
         {std::pair{names.user_id, &info_.user_id}, {names.organization_id, &info_.organization_id}}) {
      const UserInfo::Field* field = info_.find(name);
      if (!field || !field->value || !is_id(*field->value)) return error("it has no " + std::string(name));
      *id = *field->value;
    }
    return std::move(info_);
  }

 private:
  bool at(const xml::QName& name) const {
    return reader_.local_name() == name.local_name && reader_.namespace_uri() == name.namespace_uri;
  }

  std::optional<UserInfoError> read_fields() {
    Step step = reader_.next();
    for (; step == Step::start; step = reader_.next()) {
      UserInfo::Field field{std::string(reader_.local_name()), std::nullopt};
      if (info_.find(field.name)) return error("a field is repeated").error;
      if (info_.fields.size() == kMaxFields) return error("it has too many fields").error;
      const bool nil = reader_.nil();
      const auto text = reader_.text();
      if (!text) return error("it is not well-formed").error;
      if (!nil && text->has_elements) continue;
      if (!nil) field.value = xml::character_data(text->content);
      info_.fields.push_back(std::move(field));
    }
    if (step != Step::end) return error("it is not well-formed").error;
    return std::nullopt;
  }

  static Unexpected<UserInfoError> error(const std::string& lack) {
    return {UserInfoError{"the response with the user info is not usable: " + lack}};
  }

  const soap::LoginDescription& description_;
  MessageReader reader_;
  UserInfo info_;
};

}  // namespace

const UserInfo::Field* UserInfo::find(std::string_view name) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [name](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string user_info_request(const soap::Wsdl& wsdl, soap::SoapVersion version) {
  std::string document = envelope_start(version);
  document += "<soapenv:Header>";
  append_start_tag(document, wsdl.session_header, {});
  append_start_tag(document, wsdl.session_id, wsdl.session_header.namespace_uri);
  append_end_tag(document, wsdl.session_id);
  append_end_tag(document, wsdl.session_header);
  document += "</soapenv:Header><soapenv:Body>";
  append_start_tag(document, wsdl.login->user_info, {});
  append_end_tag(document, wsdl.login->user_info);
  return document += kEnvelopeEnd;
}

Result<UserInfo, UserInfoError> read_user_info(std::string_view document,
                                               const soap::LoginDescription& description,
                                               const soap::LoginNames& names) {
  if (document.size() > kMaxUserInfoBytes)
    return Unexpected{UserInfoError{"the response with the user info is too long"}};
  return UserInfoReader(document, description).read(names);
}

}  // namespace sfjwt::login
