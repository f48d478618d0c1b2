// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::wsdl {

/// Why a file is not XML, from its first bytes (it is empty, compressed, a web page, JSON or the like), and
/// the remedy. To follow the name of the file in a sentence; empty if the file may be XML.
std::string_view why_not_xml(std::string_view bytes);

/// The same for a well-formed document that is not a WSDL 1.1, from its root element: an XML Schema, a WADL,
/// a WSDL 2.0 and the like. Empty for an unknown root element.
std::string_view why_not_wsdl(const xmlNode& root);

/// Whether a document begins with the byte order mark of UTF-16 (XML 1.0 section 4.3.3).
bool is_utf16(std::string_view bytes);

/// Converts a document from UTF-16 to UTF-8, without the byte order mark; its XML declaration is unchanged.
/// Fails for an incomplete character and for an unpaired surrogate (RFC 2781 section 2.2).
Result<std::string, std::string_view> utf8_of_utf16(std::string_view bytes);

}  // namespace sfjwt::wsdl
