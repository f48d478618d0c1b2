// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_key.h"

#include <gtest/gtest.h>

#include <set>

namespace sfjwt::tokens {
namespace {

oauth::Client client() {
  oauth::Client made;
  made.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
  made.client_id = "id";
  made.audience = "https://login.salesforce.com";
  return made;
}

TokenKey key(const oauth::Client& of, std::string_view subject = "jane@corp.example") {
  return TokenKeys(of).of(subject);
}

TEST(TokenKey, IsTheSameForTheSameIdentity) {
  EXPECT_EQ(key(client()), key(client()));
  const TokenKeys keys(client());
  EXPECT_EQ(keys.of("jane@corp.example"), keys.of("jane@corp.example"));
}

TEST(TokenKey, DiffersWithEveryPartOfTheIdentity) {
  std::set<TokenKey> keys{key(client()), key(client(), "john@corp.example")};
  const auto add = [&keys](auto change) {
    oauth::Client changed = client();
    change(changed);
    keys.insert(key(changed));
  };
  add([](oauth::Client& c) { c.token_endpoint += "?so=00D"; });
  add([](oauth::Client& c) { c.client_id = "id2"; });
  add([](oauth::Client& c) { c.audience = "https://test.salesforce.com"; });
  add([](oauth::Client& c) { c.subject_claim = "prn"; });
  add([](oauth::Client& c) { c.claims = {{"a", "b"}}; });
  add([](oauth::Client& c) { c.claims = {{"a", "c"}}; });
  add([](oauth::Client& c) { c.token_params = {{"a", "b"}}; });
  EXPECT_EQ(keys.size(), 9U);
}

TEST(TokenKey, PartsCannotRunIntoEachOther) {
  oauth::Client one = client();
  one.client_id = "ab";
  one.audience = "c";
  oauth::Client other = client();
  other.client_id = "a";
  other.audience = "bc";
  EXPECT_NE(key(one), key(other));
  one = other = client();
  one.claims = {{"a", "bc"}};
  other.claims = {{"ab", "c"}};
  EXPECT_NE(key(one), key(other));
}

TEST(TokenKey, LifetimesAreNoPartOfTheIdentity) {
  oauth::Client other = client();
  other.idle_lifetime = std::chrono::seconds{1};
  EXPECT_EQ(key(client()), key(other));
}

}  // namespace
}  // namespace sfjwt::tokens
