// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/wsdl/compiler/schema_warnings.h"
#include "mod_sfjwt/wsdl/compiler/type_numbers.h"

namespace sfjwt::wsdl {

/// Warns of every type whose sequence violates Unique Particle Attribution or Element Declarations Consistent
/// (XML Schema Part 1 section 3.8.6). Call it after all types are compiled.
///
/// For a flat sequence the first rule means: of two particles that could take the same element, the first
/// must have a fixed number of occurrences, or a required particle must be between them. If a sequence
/// violates the rule, the validator does not backtrack: an element goes to the first particle of its name
/// that can take more, and to a wildcard only if no particle of its name can take it. Hence it can refuse a
/// valid document, but accepts no invalid one.
void check_determinism(const schema::Schema& tables, const TypeNumbers& types, SchemaWarnings& warnings);

}  // namespace sfjwt::wsdl
