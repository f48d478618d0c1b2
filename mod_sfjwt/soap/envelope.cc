// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/envelope.h"

#include <cstdint>

#include "mod_sfjwt/soap/header_blocks.h"
#include "mod_sfjwt/soap/part_validation.h"
#include "mod_sfjwt/xml/location.h"
#include "mod_sfjwt/xml/scanner.h"

namespace sfjwt::soap {
namespace {

using Tag = xml::Scanner::Tag;

// The envelope around an operation, read step by step. A step answers whether the document may still be
// accepted; when not, the first violation is kept.
class EnvelopeReader {
 public:
  EnvelopeReader(std::string_view body, const Catalog& catalog, const xml::Limits& limits)
      : body_(body),
        catalog_(catalog),
        limits_(limits),
        scanner_(body, catalog.namespaces(), limits),
        blocks_(catalog, scanner_),
        validation_(catalog, scanner_) {}

  Result<Envelope, DocumentError> read() {
    if (envelope() && header() && body() && end()) {
      if (const auto& reported = validation_.reported())
        envelope_.violation = DocumentError{xml::located(body_, catalog_.namespaces(), limits_, *reported)};
      return std::move(envelope_);
    }
    DocumentError error{xml::located(body_, catalog_.namespaces(), limits_, violation_)};
    error.foreign = std::move(foreign_);
    error.operation = envelope_.operation;
    error.session = envelope_.session;
    return Unexpected{std::move(error)};
  }

 private:
  bool refuse(xml::Rule rule, const char* message, std::string_view name = {}) {
    return refuse_at(scanner_.tag_begin(), rule, message, name);
  }
  bool refuse_at(std::size_t offset, xml::Rule rule, const char* message, std::string_view name = {}) {
    violation_ = {rule, offset, message, name, {}};
    return false;
  }

  // About the session header, in a message that names it as the WSDLs do.
  bool refuse_session(std::string message, std::string_view name = {}) {
    session_message_ = std::move(message);
    return refuse(xml::Rule::session_header, session_message_.c_str(), name);
  }
  std::string the_header() const { return "the " + std::string(catalog_.names().session_header); }
  std::string id_name() const { return std::string(catalog_.names().session_id); }
  bool refuse(const xml::Violation& violation) {
    violation_ = violation;
    return false;
  }

  // The element just started is not one of the WSDLs.
  void note_foreign() {
    foreign_ = ForeignElement{std::string(scanner_.namespace_uri()), std::string(scanner_.name().local)};
  }

  // The next tag of an element that may hold elements only; `local` is what it probably starts.
  bool step(Tag& tag, std::string_view local) {
    if (!scanner_.child(local)) return step(tag);
    tag = Tag::start;
    return true;
  }

  // The next tag of an element that may hold elements only.
  bool step(Tag& tag) {
    tag = scanner_.next();
    if (tag == Tag::failed) return scanner_failed();
    if (!xml::only_white_space(scanner_.content())) {
      return refuse_at(static_cast<std::size_t>(scanner_.content().raw.data() - body_.data()),
                       xml::Rule::envelope, "text appears where only elements are allowed");
    }
    return true;
  }

  bool is_soap(std::string_view local) const { return scanner_.name() == xml::Name{soap_, local}; }

  bool envelope() {
    Tag tag;
    if (!step(tag)) return false;
    if (scanner_.name().local != "Envelope") {
      return refuse(xml::Rule::envelope, "the document is not a SOAP envelope but", scanner_.raw_name());
    }
    soap_ = scanner_.name().namespace_id;
    if (soap_ != xml::kSoap11 && soap_ != xml::kSoap12) {
      return refuse(xml::Rule::version_mismatch,
                    "the namespace of the Envelope is not that of a SOAP version");
    }
    envelope_.version = soap_ == xml::kSoap11 ? SoapVersion::v1_1 : SoapVersion::v1_2;
    if (!catalog_.binds(envelope_.version)) {
      return refuse(xml::Rule::version_mismatch, soap_ == xml::kSoap12
                                                     ? "the WSDL binds SOAP 1.1, not SOAP 1.2"
                                                     : "the WSDL binds SOAP 1.2, not SOAP 1.1");
    }
    return only_qualified_attributes();
  }

  // SOAP 1.1 section 4.1.1: further attributes of Envelope and Header must be namespace-qualified.
  bool only_qualified_attributes() {
    for (const xml::Attribute& attribute : scanner_.attributes()) {
      if (attribute.namespace_id == xml::kNoNamespace) {
        return refuse(xml::Rule::envelope,
                      "a SOAP element has an attribute without a namespace:", attribute.raw_name);
      }
    }
    return true;
  }

  bool header() {
    Tag tag;
    if (!step(tag, "Header")) return false;
    if (tag == Tag::end) return refuse(xml::Rule::envelope, "the Envelope has no Body");
    if (!is_soap("Header")) {
      place_session(SessionPlace::Kind::before_body, {scanner_.tag_begin(), scanner_.tag_begin()});
      return true;  // body() looks at the same tag
    }
    if (!only_qualified_attributes()) return false;
    const bool closed = scanner_.empty_element();
    const std::size_t tag_end = scanner_.tag_end();
    place_session(closed ? SessionPlace::Kind::opened_header : SessionPlace::Kind::into_header,
                  {closed ? tag_end - 2 : tag_end, tag_end});
    for (;;) {
      if (!step(tag)) return false;
      if (tag == Tag::end) break;
      if (!header_block()) return false;
    }
    if (!step(tag, "Body")) return false;
    if (tag == Tag::end) return refuse(xml::Rule::envelope, "the Envelope has no Body");
    return true;
  }

  bool header_block() {
    const xml::Name name = scanner_.name();
    if (name.namespace_id == soap_) {
      return refuse(xml::Rule::envelope, "a SOAP element appears in the Header:", scanner_.raw_name());
    }
    if (name == xml::Name{xml::kSecurity, "Security"}) return security_block();
    if (const auto violation = blocks_.add(soap_)) return refuse(*violation);
    const auto known = blocks_.last_declared();
    const bool session = known && catalog_.header_block(*known).is_session_header;
    if (!session && name.local == catalog_.names().session_header) {
      note_foreign();
      return refuse_session(the_header() + " is not in the namespace of the WSDL");
    }
    if (!valid(validation_.begin({soap_, false}))) return false;
    if (!session) return valid(validation_.subtree());
    if (session_block_)
      return refuse_session("there is more than one " + std::string(catalog_.names().session_header));
    session_block_ = *known;
    return session_header(name.namespace_id);
  }

  // A signature covers bytes that the gateway would change; without one, Security is a block like any
  // undeclared one.
  bool security_block() {
    const std::size_t offset = scanner_.tag_begin();
    const std::size_t outside = scanner_.depth();
    Tag tag;
    do {
      tag = scanner_.next();
      if (tag == Tag::failed) return scanner_failed();
      if (tag == Tag::start && scanner_.name() == xml::Name{xml::kSignature, "Signature"}) {
        return refuse(xml::Rule::signed_message,
                      "the message is signed, and a new session id would break the signature");
      }
    } while (tag != Tag::end || scanner_.depth() != outside);
    return refuse_at(offset, xml::Rule::header_block,
                     "the header block is not declared in the WSDL:", "Security");
  }

  bool session_header(xml::NamespaceId session_namespace) {
    Tag tag;
    for (;;) {
      if (!step(tag, catalog_.names().session_id)) return false;
      if (tag == Tag::end) break;
      if (scanner_.name().local != catalog_.names().session_id ||
          (scanner_.name().namespace_id != session_namespace &&
           scanner_.name().namespace_id != xml::kNoNamespace)) {
        return refuse_session(the_header() + " contains something other than " + id_name() + ":",
                              scanner_.raw_name());
      }
      if (envelope_.session.present()) return refuse_session("there is more than one " + id_name());
      if (!valid(validation_.child()) || !session_id_element()) return false;
    }
    if (!envelope_.session.present()) return refuse_session(the_header() + " has no " + id_name());
    return valid(validation_.close());
  }

  bool session_id_element() {
    const std::size_t begin = scanner_.tag_end();
    const bool closed = scanner_.empty_element();
    place_session(closed ? SessionPlace::Kind::self_closed : SessionPlace::Kind::content,
                  {closed ? begin - 2 : begin, begin});
    if (const xml::Attribute* attribute = scanner_.attribute(xml::kXsi, "nil"))
      envelope_.session.nil = whole_attribute(*attribute);
    const Tag tag = scanner_.next();
    if (tag == Tag::failed) return scanner_failed();
    if (tag == Tag::start) return refuse_session(id_name() + " contains an element:", scanner_.raw_name());
    if (!closed) envelope_.session.place.end = scanner_.tag_begin();
    return valid(validation_.close());
  }

  // The tag just read is the one by which the session id has its place.
  void place_session(SessionPlace::Kind kind, const Span& place) {
    SessionPlace& session = envelope_.session;
    session.kind = kind;
    session.place.begin = place.begin;
    session.place.end = place.end;
    session.tag_name = span_of(scanner_.raw_name());
  }

  // From the white space before its name to the closing quote.
  Span whole_attribute(const xml::Attribute& attribute) const {
    Span span{span_of(attribute.raw_name).begin, span_of(attribute.raw_value).end + 1};
    while (std::string_view(" \t\r\n").find(body_[span.begin - 1]) != std::string_view::npos) --span.begin;
    return span;
  }

  bool body() {
    if (!is_soap("Body")) {
      return refuse(xml::Rule::envelope,
                    is_soap("Header") ? "there is more than one Header"
                                      : "the Envelope contains an element other than Header and Body:",
                    is_soap("Header") ? std::string_view() : scanner_.raw_name());
    }
    Tag tag;
    if (!step(tag)) return false;
    if (tag == Tag::end) return refuse(xml::Rule::envelope, "the Body is empty");
    if (!operation() || !declared_header_blocks()) return false;
    if (!valid(validation_.begin(operation_attributes())) || !valid(validation_.subtree()) || !step(tag))
      return false;
    if (tag == Tag::start)
      return refuse(xml::Rule::envelope, "the Body holds more than one element:", scanner_.raw_name());
    return true;
  }

  bool operation() {
    envelope_.operation = catalog_.operation(scanner_.name());
    if (envelope_.operation) {
      envelope_.wsdl = &catalog_.wsdls()[envelope_.operation->wsdl];
      return true;
    }
    if (is_soap("Fault")) return refuse(xml::Rule::unknown_operation, "a Fault is a response, not a request");
    if (catalog_.is_response(scanner_.name())) {
      return refuse(xml::Rule::unknown_operation, "this is a response, not a request:", scanner_.raw_name());
    }
    note_foreign();
    return refuse(xml::Rule::unknown_operation, "the WSDL has no such operation:", scanner_.raw_name());
  }

  // Toolkits of the RPC style say on the element of the operation how it is encoded (SOAP 1.1 section 4.1.1).
  schema::SoapAttributes operation_attributes() const {
    const bool relaxed = soap_ == xml::kSoap11 && catalog_.schema() && catalog_.schema()->encoding_style;
    return relaxed ? schema::SoapAttributes{xml::kSoap11, true} : schema::SoapAttributes{};
  }

  // Which blocks may stand before an operation is known only now.
  bool declared_header_blocks() {
    const CatalogOperation& operation = *envelope_.operation;
    if (session_block_ && operation.session_header && session_block_ != operation.session_header) {
      const xml::NamespaceId id = catalog_.header_block(*session_block_).namespace_id;
      foreign_ = ForeignElement{catalog_.namespaces().uri_of(id),
                                std::string(catalog_.names().session_header), operation.wsdl};
      return refuse_session(the_header() + " belongs to another WSDL than the operation:", operation.name);
    }
    const auto violation = blocks_.violation_for(operation);
    return !violation || refuse(*violation);
  }

  bool valid(bool accepted) { return accepted || refuse(validation_.violation()); }

  bool end() {
    Tag tag;
    if (!step(tag)) return false;
    if (tag == Tag::start) {
      return refuse(xml::Rule::envelope,
                    is_soap("Body")     ? "there is more than one Body"
                    : is_soap("Header") ? "the Header follows the Body"
                                        : "something follows the Body:",
                    is_soap("Body") || is_soap("Header") ? std::string_view() : scanner_.raw_name());
    }
    return scanner_.next() == Tag::done || scanner_failed();
  }

  bool scanner_failed() { return refuse(scanner_.violation()); }

  Span span_of(std::string_view part) const {
    const auto begin = static_cast<std::size_t>(part.data() - body_.data());
    return {begin, begin + part.size()};
  }

  const std::string_view body_;
  const Catalog& catalog_;
  const xml::Limits& limits_;
  xml::Scanner scanner_;
  HeaderBlocks blocks_;
  PartValidation validation_;
  Envelope envelope_;
  xml::Violation violation_;
  std::string session_message_;            // that the violation points to
  std::optional<ForeignElement> foreign_;  // that the violation is about
  xml::NamespaceId soap_ = xml::kNoNamespace;
  std::optional<std::uint16_t> session_block_;
};

}  // namespace

std::string_view namespace_uri(SoapVersion version) {
  return version == SoapVersion::v1_1 ? "http://schemas.xmlsoap.org/soap/envelope/"
                                      : "http://www.w3.org/2003/05/soap-envelope";
}

Result<Envelope, DocumentError> read_envelope(std::string_view body, const Catalog& catalog,
                                              const xml::Limits& limits) {
  return EnvelopeReader(body, catalog, limits).read();
}

std::string session_id(std::string_view body, const SessionPlace& session) {
  if (session.kind != SessionPlace::Kind::content) return {};
  const std::string_view raw = session.place.of(body);
  return xml::character_data({raw, xml::Content::kReference | xml::Content::kCdata | xml::Content::kComment |
                                       xml::Content::kCarriageReturn});
}

SoapVersion version_of(std::string_view body, const xml::Limits& limits) {
  const xml::Namespaces namespaces;
  xml::Scanner scanner(body, namespaces, limits);
  const bool soap12 = scanner.next() == Tag::start && scanner.name() == xml::Name{xml::kSoap12, "Envelope"};
  return soap12 ? SoapVersion::v1_2 : SoapVersion::v1_1;
}

}  // namespace sfjwt::soap
