// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::wsdl {

/// What is wrong with a file that is no XML document at all, by its first bytes: that it is empty,
/// compressed, a web page, JSON or the like, and what to do about it. Reads like a sentence after the name of
/// the file; empty when it may be XML.
std::string_view why_not_xml(std::string_view bytes);

/// The same of a well-formed document that is not a WSDL 1.1, by its root element: an XML Schema, a WADL, a
/// WSDL 2.0 and the like. Empty for one that nothing is known of.
std::string_view why_not_wsdl(const xmlNode& root);

/// Whether a document begins with the byte order mark of UTF-16 (XML 1.0 section 4.3.3).
bool is_utf16(std::string_view bytes);

/// A document in UTF-16 as UTF-8, without the mark; its XML declaration still says the other encoding. Fails
/// for half a character and for a surrogate without its pair (RFC 2781 section 2.2).
Result<std::string, std::string_view> utf8_of_utf16(std::string_view bytes);

}  // namespace sfjwt::wsdl
