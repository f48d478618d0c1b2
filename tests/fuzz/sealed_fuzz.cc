// SPDX-License-Identifier: Apache-2.0
// What a store that several gateways share gives for a token: once as it is, once as the content of a value
// that is sealed as it should be.
#include <chrono>
#include <string>
#include <vector>

#include "fuzz_target.h"
#include "mod_sfjwt/sharing/two_level_token_store.h"

namespace {

using namespace sfjwt;
using namespace sfjwt::oauth;
using namespace std::chrono_literals;
using fuzz::must_hold;

constexpr UnixTime kNow{1'700'000'200s};
constexpr tokens::Lifetimes kLifetimes{55min, 12h};

class StandingClock final : public Clock {
 public:
  UnixTime now() const override { return kNow; }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
  void sleep(std::chrono::milliseconds) const override {}
};

// The key that the corpus was made with.
keys::Seal seal() {
  std::string key;
  for (char byte = 0; byte < 32; ++byte) key += byte;
  return keys::Seal(Secret(key));
}

class Liar final : public sharing::SealedStore {
 public:
  Fetched fetch(const keys::SealedId&) override { return {Outcome::done, value}; }
  Outcome store(const keys::SealedId&, UnixTime, std::string_view) override { return Outcome::done; }
  Outcome remove(const keys::SealedId&) override { return Outcome::done; }

  std::string value;
};

// Has no token, so that the other store is asked each time.
class EmptyStore final : public tokens::TokenStore {
 public:
  Answer get_or_claim(const tokens::TokenKey&, std::chrono::milliseconds, const Secret*) override {
    return Claimed{Claim{1}};
  }
  Put put(const tokens::TokenKey&, Claim, const tokens::AccessToken&) override { return Put::kept; }
  void fail(const tokens::TokenKey&, Claim, const oauth::TokenError&, std::chrono::seconds) override {}
  bool update(const tokens::TokenKey&, const tokens::AccessToken&) override { return false; }
  void rejected_again(const tokens::TokenKey&, const Secret&) override {}
  Wait wait(const tokens::TokenKey&, std::chrono::milliseconds) override { return Wait::timed_out; }
};

std::vector<keys::Seal> seals() {
  std::vector<keys::Seal> one;
  one.push_back(seal());
  return one;
}

void check_what_is_found(std::string value) {
  static const StandingClock clock;
  static Liar liar;
  static EmptyStore local;
  static sharing::GatewaySharedTokens shared(liar, seals(), clock,
                                             [](sharing::GatewaySharedTokens::StoreEvent) {});
  static sharing::TwoLevelTokenStore levels(local, shared, kLifetimes, clock);
  liar.value = std::move(value);
  const auto answer = levels.get_or_claim(tokens::TokenKey{}, 1s, nullptr);
  const auto* fresh = std::get_if<tokens::TokenStore::Fresh>(&answer);
  must_hold(fresh || std::holds_alternative<tokens::TokenStore::Claimed>(answer),
            "there is a token or the claim to fetch one");
  if (!fresh) return;
  const tokens::AccessToken& token = fresh->token;
  must_hold(token.issued_at <= kNow && kNow < token.expires_at, "a token is in its life");
  must_hold(token.expires_at <= kNow + kLifetimes.idle, "it is not used longer than the idle lifetime");
  must_hold(token.not_after <= token.issued_at + kLifetimes.absolute, "it does not become too old");
  must_hold(token.expires_at <= token.not_after && token.renew_at <= token.not_after,
            "its times are in order");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  check_what_is_found(text);
  static const keys::Seal own = seal();
  const keys::SealedId id = own.id_of(tokens::TokenKey{});
  check_what_is_found(own.encrypt(id, kNow + 1h, text));
  return 0;
}
