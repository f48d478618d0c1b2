// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstddef>
#include <optional>

#include "mod_sfjwt/schema/validator.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/xml/scanner.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::soap {

/// Validates the parts of a message, header blocks and the child of Body, against the schemas according to
/// the mode: mode structure does not validate; mode report records the first violation and then stops
/// validating. Each step returns whether the message is still acceptable; if not, violation() gives the
/// reason.
class PartValidation {
 public:
  PartValidation(const Catalog& catalog, xml::Scanner& scanner);

  /// The start tag just read begins a part; the part is validated if it is declared.
  bool begin(const schema::SoapAttributes& soap);
  /// The start tag just read begins a child of an open element of the part.
  bool child() { return !validating_ || accept(validator_->child()); }
  /// The end tag just read ends the innermost open element of the part.
  bool close() { return !validating_ || accept(validator_->close()); }
  /// Reads the element just started to its end, with or without validation.
  bool subtree();

  /// Mode report: the first violation of the schemas.
  const std::optional<xml::Violation>& reported() const { return reported_; }
  /// The violation that made a step fail.
  const xml::Violation& violation() const {
    assert(violation_);
    return *violation_;
  }

 private:
  bool accept(bool valid);
  bool rest_of(std::size_t depth);
  bool scanner_failed() {
    violation_ = &scanner_.violation();
    return false;
  }

  const Catalog& catalog_;
  xml::Scanner& scanner_;
  std::optional<schema::Validator> validator_;
  bool validating_ = false;
  std::optional<xml::Violation> reported_;
  const xml::Violation* violation_ = nullptr;  // of the scanner or the validator
};

}  // namespace sfjwt::soap
