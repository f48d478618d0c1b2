// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/builtin_types.h"

#include <cassert>
#include <cstddef>
#include <string>
#include <utility>

namespace sfjwt::wsdl {
namespace {

schema::Type& add_type(schema::Schema& tables, std::string name, schema::Type::Content content) {
  tables.type_names.push_back(std::move(name));
  schema::Type& type = tables.all_types.emplace_back();
  type.content = content;
  return type;
}

void add_simple_type(schema::Schema& tables, schema::Builtin builtin, const schema::Tolerance& tolerance) {
  const std::string_view name = schema::name_of(builtin);
  assert(tables.all_types.size() == schema::id_of(builtin));
  schema::Type& type = add_type(tables, std::string(name), schema::Type::Content::simple);
  type.base =
      builtin == schema::Builtin::any_simple ? schema::kAnyType : schema::id_of(schema::base_of(builtin));
  type.simple = static_cast<std::uint32_t>(tables.all_simple_types.size());
  schema::SimpleType simple;
  simple.builtin = builtin;
  simple.white_space = schema::white_space_of(builtin);
  simple.date_time_for_date = builtin == schema::Builtin::date && tolerance.relaxations.date_time_for_date;
  tables.all_simple_types.push_back(std::move(simple));
  tables.types_by_name.insert({xml::kXsd, name}, schema::id_of(builtin));
}

}  // namespace

void add_builtin_types(schema::Schema& tables, const schema::Tolerance& tolerance) {
  assert(tables.all_types.empty());
  add_type(tables, "anyType", schema::Type::Content::anything);
  add_type(tables, "a type that the WSDL does not define", schema::Type::Content::unresolved);
  constexpr auto kLast = static_cast<std::size_t>(schema::Builtin::base64_binary);
  for (std::size_t i = 0; i <= kLast; ++i)
    add_simple_type(tables, static_cast<schema::Builtin>(i), tolerance);
  tables.types_by_name.insert({xml::kXsd, "anyType"}, schema::kAnyType);
}

}  // namespace sfjwt::wsdl
