// SPDX-License-Identifier: Apache-2.0
// The bytes of a request: scanner, envelope, validator and the rewriting, in all modes side by side.
#include <array>
#include <memory>
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;
using schema::Mode;
using soap::DocumentError;
using soap::Envelope;
using soap::SessionPlace;
using xml::Rule;

using Reading = Result<Envelope, DocumentError>;

// Nothing a token may hold needs escaping; these do, and must come back as they are all the same.
const Secret kToken{"00D!to<&>'\"ken"};
const Secret kOtherToken{"other"};

struct Catalogs {
  std::shared_ptr<const soap::Catalog> strict, tolerant, report, structure;
};

std::shared_ptr<const soap::Catalog> catalog(Mode mode) {
  const std::string source = SFJWT_SOURCE_DIR;
  auto loaded =
      wsdl::load_catalog({source + "/wsdl/sample-partner.wsdl", source + "/wsdl/sample-enterprise.wsdl",
                          source + "/tests/data/constructs.wsdl"},
                         {mode, schema::Relaxations::all()}, gateway::kSalesforce.names);
  if (!loaded) std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
  must_hold(loaded.has_value(), "the WSDLs of the project are read");
  return *loaded;
}

const Catalogs& catalogs() {
  static const Catalogs all{catalog(Mode::strict), catalog(Mode::tolerant), catalog(Mode::report),
                            catalog(Mode::structure)};
  return all;
}

bool same_place(const SessionPlace& a, const SessionPlace& b) {
  return a.kind == b.kind && a.place.begin == b.place.begin && a.place.end == b.place.end &&
         a.nil.has_value() == b.nil.has_value();
}

bool same_reading(const Envelope& a, const Envelope& b) {
  return a.version == b.version && a.operation->name == b.operation->name && same_place(a.session, b.session);
}

std::string rewritten(std::string_view body, const Envelope& envelope, const Secret& token) {
  const gateway::RewrittenBody pieces(body, envelope, token);
  std::string all;
  for (const std::string_view piece : pieces.pieces()) all += piece;
  must_hold(all.size() == pieces.size(), "the size of a rewritten body is that of its pieces");
  return all;
}

void check_error(std::string_view body, const DocumentError& error) {
  must_hold(error.offset <= body.size(), "an error stands within the body");
  must_hold(error.line >= 1 && error.column >= 1, "lines and columns are counted from 1");
  must_hold(!error.message.empty(), "an error says why");
  must_hold(error.message.find_first_of("\r\n") == std::string::npos, "an error is one line");
}

void check_outside(std::string_view body, const Envelope& envelope, std::string_view result) {
  const SessionPlace& session = envelope.session;
  const std::string_view behind = body.substr(session.place.end);
  must_hold(result.ends_with(behind), "what follows the session id is unchanged");
  const std::size_t front = session.nil ? session.nil->begin : session.place.begin;
  must_hold(result.substr(0, front) == body.substr(0, front), "what precedes the session id is unchanged");
  if (session.kind == SessionPlace::Kind::content && !session.nil) {
    const std::string_view token = result.substr(front, result.size() - behind.size() - front);
    must_hold(token == "00D!to&lt;&amp;&gt;&apos;&quot;ken",
              "the escaped token alone stands between the tags");
  }
}

void check_rewriting(std::string_view body, const Envelope& envelope, const soap::Catalog& catalog) {
  const std::string result = rewritten(body, envelope, kToken);
  check_outside(body, envelope, result);
  const Reading again = soap::read_envelope(result, catalog, {});
  // A header block of our own brings a namespace declaration along, which may be the one too many.
  if (!again && again.error().rule == Rule::limit && !envelope.session.present()) return;
  if (!again) std::fprintf(stderr, "%s\n", again.error().message.c_str());
  must_hold(again.has_value(), "a rewritten body is accepted again");
  must_hold(again->operation == envelope.operation, "a rewritten body names the same operation");
  must_hold(soap::session_id(result, again->session) == kToken.reveal(), "the session id is the token");
  must_hold(rewritten(result, *again, kOtherToken) == rewritten(body, envelope, kOtherToken),
            "a second token takes the place of the first");
}

void check_accepted(std::string_view body, const Envelope& envelope, const soap::Catalog& catalog) {
  must_hold(soap::version_of(body, {}) == envelope.version, "the version seen early is that of the envelope");
  const std::string id = soap::session_id(body, envelope.session);
  must_hold(envelope.session.present() || id.empty(), "no session id without its element");
  if (envelope.operation->session_header) check_rewriting(body, envelope, catalog);
}

// Validation may refuse what the structure allows, and nothing more.
void check_beside_structure(const Reading& reading, const Reading& structure) {
  if (reading) {
    must_hold(structure.has_value(), "what is valid has the right structure");
    must_hold(same_reading(*reading, *structure), "validation does not change what is read");
    return;
  }
  // Mode strict holds header blocks to the operation to the letter, which no other mode does.
  const Rule rule = reading.error().rule;
  if (rule != Rule::invalid && rule != Rule::header_block && rule != Rule::must_understand) {
    must_hold(!structure && structure.error().rule == reading.error().rule &&
                  structure.error().offset == reading.error().offset,
              "what is refused for another reason than the schema is refused without it");
  }
}

void check_report(const Reading& report, const Reading& tolerant, const Reading& structure) {
  must_hold(report.has_value() == structure.has_value(), "mode report refuses what mode structure refuses");
  if (!report) return;
  must_hold(report->violation.has_value() == !tolerant.has_value(),
            "mode report reports what tolerant refuses");
  if (report->violation) {
    must_hold(report->violation->offset == tolerant.error().offset,
              "mode report reports the first violation");
  }
}

// A large message is read with a table of the start tags that come again; a comment behind all that matters
// makes any message large, and changes nothing else: neither an accepted message nor the first violation of a
// schema.
void check_when_large(std::string_view body, const Reading& small, const soap::Catalog& catalog) {
  const auto last_tag = body.rfind("</");
  if (last_tag == std::string_view::npos || body.find("-->", last_tag) != std::string_view::npos) return;
  if (!small && (small.error().rule != Rule::invalid || small.error().offset >= last_tag)) return;
  std::string large(body);
  large.insert(last_tag, "<!--" + std::string(5'000, ' ') + "-->");
  const Reading reading = soap::read_envelope(large, catalog, {});
  must_hold(reading.has_value() == small.has_value(), "size does not change the verdict");
  if (reading) {
    must_hold(same_reading(*reading, *small), "size does not change what is read");
  } else {
    must_hold(
        reading.error().offset == small.error().offset && reading.error().message == small.error().message,
        "size does not change the first violation");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = sfjwt::fuzz::text_of(data, size);
  const Catalogs& all = catalogs();
  const Reading structure = soap::read_envelope(body, *all.structure, {});
  const Reading strict = soap::read_envelope(body, *all.strict, {});
  const Reading tolerant = soap::read_envelope(body, *all.tolerant, {});
  const Reading report = soap::read_envelope(body, *all.report, {});
  for (const Reading* reading : {&structure, &strict, &tolerant, &report}) {
    if (!*reading) check_error(body, reading->error());
  }
  check_beside_structure(strict, structure);
  check_beside_structure(tolerant, structure);
  must_hold(!strict || tolerant, "what the WSDL allows to the letter, mode tolerant takes");
  check_report(report, tolerant, structure);
  check_when_large(body, strict, *all.strict);
  check_when_large(body, tolerant, *all.tolerant);
  if (strict) check_accepted(body, *strict, *all.strict);
  if (tolerant) check_accepted(body, *tolerant, *all.tolerant);
  if (structure) check_accepted(body, *structure, *all.structure);
  return 0;
}
