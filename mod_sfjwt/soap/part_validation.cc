// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/part_validation.h"

namespace sfjwt::soap {

PartValidation::PartValidation(const Catalog& catalog, xml::Scanner& scanner)
    : catalog_(catalog), scanner_(scanner) {
  if (catalog.schema()) validator_.emplace(*catalog.schema(), scanner);
}

bool PartValidation::begin(const schema::SoapAttributes& soap) {
  validating_ = false;
  if (!validator_ || reported_) return true;
  const schema::ElementDeclaration* declaration = catalog_.schema()->element(scanner_.name());
  if (!declaration) return true;
  validating_ = true;
  return accept(validator_->begin(*declaration, soap));
}

bool PartValidation::accept(bool valid) {
  if (valid) return true;
  validating_ = false;
  if (catalog_.mode() == schema::Mode::report && validator_->violation().rule == xml::Rule::invalid) {
    reported_ = validator_->violation();
    return true;
  }
  violation_ = &validator_->violation();
  return false;
}

bool PartValidation::subtree() {
  const std::size_t depth = scanner_.depth();
  if (!validating_) return rest_of(depth);
  const schema::Validator::End end = validator_->subtree();
  if (end == schema::Validator::End::malformed) return scanner_failed();
  if (!accept(end == schema::Validator::End::valid)) return false;
  return validator_->closed() || rest_of(depth);
}

// Reads to the end of the element that is open at this depth.
bool PartValidation::rest_of(std::size_t depth) {
  xml::Scanner::Tag tag;
  do {
    tag = scanner_.next();
    if (tag == xml::Scanner::Tag::failed) return scanner_failed();
  } while (tag != xml::Scanner::Tag::end || scanner_.depth() != depth);
  return true;
}

}  // namespace sfjwt::soap
