// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/login/password_check.h"

namespace sfjwt::httpd {
namespace {

// Restores what providers change in a request: authorization has been decided by others before.
class Unchanged {
 public:
  explicit Unchanged(request_rec* r)
      : r_(r),
        user_(r->user),
        auth_type_(r->ap_auth_type),
        notes_(apr_table_copy(r->pool, r->notes)),
        variables_(apr_table_copy(r->pool, r->subprocess_env)) {}
  Unchanged(const Unchanged&) = delete;
  Unchanged& operator=(const Unchanged&) = delete;
  ~Unchanged() {
    r_->user = user_;
    r_->ap_auth_type = auth_type_;
    r_->notes = notes_;
    r_->subprocess_env = variables_;
  }

 private:
  request_rec* r_;
  char* user_;
  char* auth_type_;
  apr_table_t* notes_;
  apr_table_t* variables_;
};

authn_status ask(request_rec* r, const PasswordProvider& provider, const std::string& user,
                 const Secret& password) {
  apr_table_setn(r->notes, AUTHN_PROVIDER_NAME_NOTE, provider.name.c_str());
  const authn_status status = provider.provider->check_password(r, user.c_str(), password.reveal().data());
  apr_table_unset(r->notes, AUTHN_PROVIDER_NAME_NOTE);
  return status;
}

}  // namespace

const authn_provider* password_provider(const char* name) {
  const auto* provider = static_cast<const authn_provider*>(
      ap_lookup_provider(AUTHN_PROVIDER_GROUP, name, AUTHN_PROVIDER_VERSION));
  return provider && provider->check_password ? provider : nullptr;
}

PasswordCheck check_password(request_rec* r, const PasswordProviders& providers, const std::string& user,
                             const Secret& password) {
  if (password.empty()) return PasswordCheck::denied;
  const Unchanged unchanged(r);
  for (const PasswordProvider& provider : providers) {
    switch (ask(r, provider, user, password)) {
      case AUTH_GRANTED:
        return PasswordCheck::granted;
      case AUTH_DENIED:
        return PasswordCheck::denied;
      case AUTH_USER_NOT_FOUND:
        break;
      default:
        return PasswordCheck::failed;
    }
  }
  return PasswordCheck::denied;
}

}  // namespace sfjwt::httpd
