// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/media_type.h"

#include <string>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::gateway {
namespace {

struct Parameter {
  std::string_view name;
  std::string_view value;  // as it was sent
};

Unexpected<Refusal> refused(std::string message) {
  return Unexpected{Refusal{Reason::unsupported_media_type, std::move(message), {}}};
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

// Where the parameter that begins here ends: at the next semicolon outside of quotes; npos when a quote stays
// open.
std::size_t end_of_parameter(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ';' && !quoted) {
      return i;
    }
  }
  return quoted ? std::string_view::npos : text.size();
}

// The parameter at the beginning, which is taken away with its semicolon; nothing when a quote stays open.
std::optional<Parameter> next_parameter(std::string_view& rest) {
  const std::size_t end = end_of_parameter(rest);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end == rest.size() ? end : end + 1);
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return Parameter{};
  return Parameter{trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1))};
}

// Also `action*`, which some take for the same (RFC 8187).
bool is_action(std::string_view name) {
  constexpr std::string_view kAction = "action";
  return equals_ignoring_case(name.substr(0, name.find('*')), kAction);
}

}  // namespace

Result<MediaType, Refusal> media_type(std::string_view content_type) {
  if (trimmed(content_type).empty())
    return refused("The request has no Content-Type; SOAP 1.1 is sent as text/xml; charset=UTF-8.");
  const auto semicolon = content_type.find(';');
  const std::string_view type = trimmed(content_type.substr(0, semicolon));
  const bool soap12 = equals_ignoring_case(type, "application/soap+xml");
  if (!soap12 && !equals_ignoring_case(type, "text/xml"))
    return refused("Content-Type " + printable(type, 80) +
                   " is not accepted; SOAP 1.1 is sent as text/xml, SOAP 1.2 as application/soap+xml.");
  MediaType found{soap12 ? soap::SoapVersion::v1_2 : soap::SoapVersion::v1_1, {}};
  std::string_view rest = semicolon == std::string_view::npos ? "" : content_type.substr(semicolon + 1);
  while (!rest.empty()) {
    const auto parameter = next_parameter(rest);
    if (!parameter) return refused("The Content-Type of the request has a quote that is not closed.");
    if (equals_ignoring_case(parameter->name, "charset")) {
      const std::string_view charset = unquoted(parameter->value);
      if (!equals_ignoring_case(charset, "UTF-8") && !equals_ignoring_case(charset, "US-ASCII"))
        return refused("charset " + printable(charset, 40) + " is not accepted; only UTF-8 is.");
    } else if (is_action(parameter->name)) {
      if (found.action) return refused("The Content-Type of the request has more than one action.");
      found.action = parameter->value;
    }
  }
  return found;
}

}  // namespace sfjwt::gateway
