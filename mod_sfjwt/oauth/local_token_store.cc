// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/local_token_store.h"

#include <algorithm>

namespace sfjwt::oauth {
namespace {

constexpr std::size_t kStripes = 16;
constexpr std::size_t kTidyAt =
    64;  // claims of one stripe, beyond which those whose lease ran out are looked for

}  // namespace

LocalTokenStore::LocalTokenStore(const Clock& clock, std::size_t capacity) : clock_(clock) {
  const std::size_t stripes = std::clamp<std::size_t>(capacity, 1, kStripes);
  for (std::size_t i = 0; i < stripes; ++i) stripes_.push_back(std::make_unique<Stripe>(capacity / stripes));
}

// By the last byte: the first ones pick the place within the stripe.
LocalTokenStore::Stripe& LocalTokenStore::stripe_of(const TokenKey& key) {
  return *stripes_[key.back() % stripes_.size()];
}

TokenStore::Claim LocalTokenStore::claim(Stripe& stripe, const TokenKey& key,
                                         std::chrono::milliseconds lease) {
  const Steady now = clock_.steady();
  if (stripe.mints.size() >= kTidyAt) {
    std::erase_if(stripe.mints, [now](const auto& entry) { return entry.second.lease_end <= now; });
  }
  const std::uint64_t generation = ++stripe.last_generation;
  stripe.mints.insert_or_assign(key, Mint{generation, now + lease});
  return Claim{generation};
}

TokenStore::Answer LocalTokenStore::get_or_claim(const TokenKey& key, std::chrono::milliseconds lease,
                                                 const Secret* rejected) {
  using State = Answer::State;
  Stripe& stripe = stripe_of(key);
  const std::lock_guard lock(stripe.mutex);
  if (const AccessToken* const token = stripe.tokens.find(key)) {
    const UnixTime now = clock_.now();
    const bool dead = rejected && token->value == *rejected && token->renewable(now);
    if (now < token->expires_at && !dead) return Answer{State::fresh, *token, {}, {}};
    stripe.tokens.erase(key);
  }
  const Steady now = clock_.steady();
  if (const Failure* const failure = stripe.failures.find(key)) {
    if (now < failure->until) return Answer{State::failed, {}, failure->error, {}};
    stripe.failures.erase(key);
  }
  const auto mint = stripe.mints.find(key);
  if (mint != stripe.mints.end() && now < mint->second.lease_end) return Answer{State::minting, {}, {}, {}};
  return Answer{State::claimed, {}, {}, claim(stripe, key, lease)};
}

bool LocalTokenStore::end_claim(Stripe& stripe, const TokenKey& key, Claim claim) {
  const auto mint = stripe.mints.find(key);
  if (mint == stripe.mints.end() || mint->second.generation != claim.generation) return false;
  stripe.mints.erase(mint);
  stripe.changed.notify_all();  // those who wait get the mutex after us, whatever comes first
  return true;
}

void LocalTokenStore::put(const TokenKey& key, Claim claim, const AccessToken& token) {
  Stripe& stripe = stripe_of(key);
  const std::lock_guard lock(stripe.mutex);
  if (!end_claim(stripe, key, claim)) return;
  stripe.failures.erase(key);
  stripe.tokens.put(key, token);
}

void LocalTokenStore::fail(const TokenKey& key, Claim claim, const TokenError& error,
                           std::chrono::seconds keep) {
  Stripe& stripe = stripe_of(key);
  const std::lock_guard lock(stripe.mutex);
  if (!end_claim(stripe, key, claim)) return;
  stripe.failures.put(key, Failure{error, clock_.steady() + keep});
}

void LocalTokenStore::update(const TokenKey& key, const AccessToken& token) {
  Stripe& stripe = stripe_of(key);
  const std::lock_guard lock(stripe.mutex);
  AccessToken* const held = stripe.tokens.find(key);
  if (!held || held->value != token.value) return;
  held->expires_at = std::max(held->expires_at, token.expires_at);
  held->unproven = token.unproven;
  held->renewal_paused_until = token.renewal_paused_until;
}

TokenStore::Wait LocalTokenStore::wait(const TokenKey& key, std::chrono::milliseconds limit) {
  Stripe& stripe = stripe_of(key);
  std::unique_lock lock(stripe.mutex);
  const auto mint = stripe.mints.find(key);
  if (mint == stripe.mints.end()) return Wait::changed;  // it ended between the caller's question and now
  const auto lease_left =
      std::chrono::ceil<std::chrono::milliseconds>(mint->second.lease_end - clock_.steady());
  const auto waited_for = mint->second.generation;
  const bool changed = stripe.changed.wait_for(lock, std::min(lease_left, limit), [&] {
    const auto current = stripe.mints.find(key);
    return current == stripe.mints.end() || current->second.generation != waited_for;
  });
  // When the lease ran out the claim is free for whoever asks next.
  return changed || lease_left <= limit ? Wait::changed : Wait::timed_out;
}

}  // namespace sfjwt::oauth
