// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/gateway_shared_tokens.h"

#include <exception>
#include <span>
#include <string>
#include <utility>

namespace sfjwt::sharing {
namespace {

using Outcome = SealedStore::Outcome;

std::optional<Secret> record_of(const tokens::SharedToken& shared) {
  std::string room(keys::kLargestSealed - keys::Seal::kOverhead, '\0');
  const auto size = tokens::write_record(shared, std::as_writable_bytes(std::span(room)));
  if (size) room.resize(*size);
  Secret record(std::move(room));
  return size ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace

GatewaySharedTokens::GatewaySharedTokens(SealedStore& store, std::vector<keys::Seal> seals,
                                         const Clock& clock, Report report)
    : store_(store), seals_(std::move(seals)), clock_(clock), report_(std::move(report)) {}

std::optional<tokens::SharedToken> GatewaySharedTokens::find(const tokens::TokenKey& key,
                                                             const Secret* rejected) noexcept {
  try {
    for (const keys::Seal& seal : seals_)
      if (auto found = find_by(seal, key, rejected)) return found;
  } catch (const std::exception&) {  // out of memory, or an error of OpenSSL: a miss
  }
  return std::nullopt;
}

std::optional<tokens::SharedToken> GatewaySharedTokens::find_by(const keys::Seal& seal,
                                                                const tokens::TokenKey& key,
                                                                const Secret* rejected) {
  if (!breaker_.may_try(clock_.steady())) return std::nullopt;
  const keys::SealedId id = seal.id_of(key);
  const auto fetched = store_.fetch(id);
  if (fetched.outcome != Outcome::done) {
    note(fetched.outcome);
    return std::nullopt;
  }
  const auto decrypted = seal.decrypt(id, fetched.value);
  auto shared = decrypted ? tokens::read_shared_token(std::as_bytes(std::span(decrypted->content.reveal())))
                          : std::nullopt;
  if (!shared) {
    note(Outcome::nothing);
    if (!foreign_.exchange(true)) report_(StoreEvent::foreign);
    return std::nullopt;
  }
  note(Outcome::done);
  if (decrypted->expires_at <= clock_.now()) return std::nullopt;
  if (!rejected || shared->token.value != *rejected) return shared;
  note(store_.remove(id));
  return std::nullopt;
}

void GatewaySharedTokens::keep(const tokens::TokenKey& key, const tokens::SharedToken& shared) noexcept {
  try {
    // Some stores treat a lifetime of less than a second as an error.
    const UnixTime until = shared.token.expires_at;
    if (until <= clock_.now() + std::chrono::seconds{1} || !breaker_.may_try(clock_.steady())) return;
    const auto record = record_of(shared);
    if (!record) return;
    const keys::Seal& seal = seals_.front();
    const keys::SealedId id = seal.id_of(key);
    const auto outcome = store_.store(id, until, seal.encrypt(id, until, record->reveal()));
    // A store that accepts nothing does not work, even if it reports no error.
    note(outcome == Outcome::nothing ? Outcome::failed : outcome);
  } catch (const std::exception&) {  // the other gateways do not find it
  }
}

// A missing or foreign value does not show whether the store works.
void GatewaySharedTokens::note(Outcome outcome) {
  switch (outcome) {
    case Outcome::done:
      if (breaker_.worked()) report_(StoreEvent::working);
      return;
    case Outcome::nothing:
      breaker_.unclear(clock_.steady());
      return;
    case Outcome::failed:
      if (breaker_.failed(clock_.steady())) report_(StoreEvent::failing);
      return;
  }
}

}  // namespace sfjwt::sharing
