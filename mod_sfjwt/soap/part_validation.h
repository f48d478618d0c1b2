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

/// Holds the parts of a message, header blocks and the child of Body, to the schemas as the mode says: not at
/// all in mode structure; in mode report the first violation is kept and nothing more is looked at. A step
/// answers whether the message may still be accepted; violation() says why not.
class PartValidation {
 public:
  PartValidation(const Catalog& catalog, xml::Scanner& scanner);

  /// The start tag just read begins a part, which is held to its declaration from here on if it has one.
  bool begin(const schema::SoapAttributes& soap);
  /// The start tag just read is that of a child of an open element of the part.
  bool child() { return !validating_ || accept(validator_->child()); }
  /// The end tag just read closes the innermost open element of the part.
  bool close() { return !validating_ || accept(validator_->close()); }
  /// Reads the element just started to its end, whether it is validated or not.
  bool subtree();

  /// Mode report: where the schemas are violated.
  const std::optional<xml::Violation>& reported() const { return reported_; }
  /// After a step that failed.
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
