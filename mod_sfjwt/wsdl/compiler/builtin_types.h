// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/schema/relaxed_names.h"
#include "mod_sfjwt/schema/schema.h"

namespace sfjwt::wsdl {

/// Adds the types of every schema to empty tables, under their fixed numbers: xsd:anyType, the type for
/// undefined ones, and the built-in simple types.
void add_builtin_types(schema::Schema& tables, const schema::Tolerance& tolerance);

}  // namespace sfjwt::wsdl
