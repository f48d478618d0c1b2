// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/handles.h"

namespace sfjwt::login {

// A realm is never equal to the name of a section.
std::string Handles::realm_of(const Place& place) const {
  return rules_.realm.empty() ? "section " + place.section : "realm " + rules_.realm;
}

Secret Handles::issue(std::string_view subject, const Place& place) const {
  std::optional<CallerDigest> digest;
  if (rules_.bound_to_caller) digest = caller_digest(place.caller);
  return seal_.seal(table_.new_handle(std::string(subject), digest, clock_.now(), rules_.lifetime),
                    realm_of(place));
}

Result<Handle, const char*> Handles::accept(std::string_view text, const Place& place) const {
  auto handle = seal_.open(text, realm_of(place), clock_.now());
  if (!handle) {
    return Unexpected{handle.error() == HandleDefect::expired
                          ? "it has expired"
                          : "it was changed, or issued for another realm or with another key"};
  }
  if (handle->caller.has_value() != rules_.bound_to_caller ||
      (handle->caller && *handle->caller != caller_digest(place.caller)))
    return Unexpected{"it was issued to another caller"};
  if (table_.revocations().revoked(*handle)) return Unexpected{"it was revoked by a logout"};
  return *std::move(handle);
}

void Handles::revoke(const Handle& handle) const {
  table_.revocations().revoke(handle, clock_.now());
}

}  // namespace sfjwt::login
