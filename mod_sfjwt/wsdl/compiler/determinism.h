// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/wsdl/compiler/schema_warnings.h"
#include "mod_sfjwt/wsdl/compiler/type_numbers.h"

namespace sfjwt::wsdl {

/// Warns of every type whose sequence breaks Unique Particle Attribution or Element Declarations Consistent
/// (XML Schema Part 1 section 3.8.6). All types must be compiled.
///
/// For a flat sequence the first rule says: of two particles that could take the same element, the first must
/// have a fixed number of occurrences, or a required one must stand between them. Where that is not so, the
/// validator still never chooses: an element goes to the first particle of its name that can take more, and
/// to a wildcard only if no particle of its name can take it. It refuses what fits in another way only, and
/// accepts nothing that does not fit.
void check_determinism(const schema::Schema& tables, const TypeNumbers& types, SchemaWarnings& warnings);

}  // namespace sfjwt::wsdl
