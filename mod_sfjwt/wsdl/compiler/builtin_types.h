// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/schema/relaxed_names.h"
#include "mod_sfjwt/schema/schema.h"

namespace sfjwt::wsdl {

/// Puts what every schema has into empty tables: xsd:anyType, the type that stands for undefined ones, and
/// the built-in simple types, under their fixed numbers.
void add_builtin_types(schema::Schema& tables, const schema::Tolerance& tolerance);

}  // namespace sfjwt::wsdl
