// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/login/login_store.h"

#include <algorithm>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/keys/seal.h"
#include "mod_sfjwt/keys/secret_source.h"

namespace sfjwt::httpd {

std::optional<std::string> LoginStore::add_key(const char* source) {
  if (sources_.size() == 2) return "is given a third time; two are for a rotation";
  sources_.emplace_back(source);
  return {};
}

void LoginStore::open(server_rec& server, ConfigErrors& errors, ConfigErrors& warnings) {
  auto table = shm_login_table(server);
  if (!table) return add_once(errors, "SFJ0940: " + table.error());
  table_ = std::move(*table);
  auto keys = read_keys(errors, warnings);
  if (keys.empty()) keys.push_back(table_->key());
  seal_.emplace(keys);
}

void LoginStore::child_init(std::size_t threads) {
  int processes = 0;
  if (ap_mpm_query(AP_MPMQ_MAX_DAEMONS, &processes) != APR_SUCCESS) processes = 0;
  if (table_) delay_.set_limits(threads, static_cast<std::size_t>(std::max(processes, 0)), table_->waiting());
}

std::vector<Secret> LoginStore::read_keys(ConfigErrors& errors, ConfigErrors& warnings) const {
  std::vector<Secret> keys;
  for (const std::string& source : sources_) {
    const auto text = keys::read_secret_source(source);
    auto key = text ? keys::seal_key_in(text->secret) : Unexpected{text.error()};
    if (text && text->warning) add_once(warnings, "SFJwtLoginKey: " + *text->warning);
    if (key) {
      keys.push_back(*std::move(key));
    } else {
      add_once(errors, "SFJ0940: SFJwtLoginKey: " + key.error());
    }
  }
  return keys;
}

std::unique_ptr<const login::Handles> LoginStore::handles_for(login::Handles::Rules rules) {
  if (!seal_) return nullptr;
  return std::make_unique<const login::Handles>(std::move(rules), *seal_, *table_, clock_);
}

}  // namespace sfjwt::httpd
