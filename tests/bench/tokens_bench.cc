// SPDX-License-Identifier: Apache-2.0
// What the shared token table costs; see tokens.sh.
//   tokens_bench hits ROUNDS KEY                    hits of 2 processes with 8 threads each, on 100,000 users
//   tokens_bench million                            a million users in a table of the default entry size
//   tokens_bench fetch URL CA-FILE KEY CLIENT-ID N   N fetches at a token endpoint, beside N bare signatures
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/net/curl_transport.h"
#include "mod_sfjwt/tokens/local_token_store.h"
#include "mod_sfjwt/tokens/token_source.h"
#include "tests/unit/keys/processes.h"
#include "tests/unit/oauth/scripted_transport.h"
#include "tests/unit/oauth/test_client.h"

namespace sfjwt::oauth {
namespace {

constexpr int kProcesses = 2;
constexpr int kThreads = 8;
constexpr std::size_t kUsers = 100'000;
constexpr std::size_t kHits = 200'000;  // of one thread
constexpr tokens::TokenTable::Shape kForAMillion{1'048'576, tokens::TokenTable::kDefaultEntry};

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string user(std::size_t number) {
  return "user" + std::to_string(number) + "@corp.example";
}

tokens::AccessToken token_of(std::size_t number) {
  const UnixTime now = SystemClock().now();
  tokens::AccessToken token{
      Secret("00D5g0000000001!" + std::string(90, 'x') + std::to_string(100'000'000 + number)),
      "https://example--sandbox.sandbox.my.salesforce.com", now, now + std::chrono::hours(1),
      now + std::chrono::hours(12)};
  return token;
}

void fill(tokens::TokenTable& table, const tokens::TokenKeys& keys, std::size_t users) {
  for (std::size_t i = 0; i < users; ++i) {
    const tokens::TokenKey key = keys.of(user(i));
    const auto answer = table.get_or_claim(key, std::chrono::seconds(9), nullptr);
    if (const auto* claimed = std::get_if<tokens::TokenStore::Claimed>(&answer))
      table.put(key, claimed->claim, token_of(i));
  }
}

// CPU nanoseconds per call of `hit`, in all processes and threads together. A request has its user at hand,
// so what the benchmark itself keeps of a user is prefetched.
template <class Prefetch, class Hit>
double nanoseconds_per_hit(Prefetch prefetch, Hit hit) {
  const double before = cpu_seconds(RUSAGE_CHILDREN);
  std::vector<std::unique_ptr<keys::Child>> children;
  for (int process = 0; process < kProcesses; ++process) {
    children.push_back(std::make_unique<keys::Child>([&] {
      std::vector<std::jthread> threads;
      std::atomic<bool> all_hit{true};
      for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
          std::minstd_rand random(static_cast<unsigned>(getpid() + thread));
          std::size_t next = random() % kUsers;
          for (std::size_t i = 0; i < kHits; ++i) {
            const std::size_t who = std::exchange(next, random() % kUsers);
            prefetch(next);
            if (!hit(who)) all_hit = false;
          }
        });
      }
      threads.clear();
      return all_hit.load();
    }));
  }
  for (auto& child : children) {
    if (!child->succeeded()) std::cout << "a token was not there\n";
  }
  return (cpu_seconds(RUSAGE_CHILDREN) - before) / (kProcesses * kThreads * static_cast<double>(kHits)) * 1e9;
}

int hits(int rounds, keys::SigningKey key) {
  const SystemClock clock;
  constexpr tokens::TokenTable::Shape kShape{131'072, tokens::TokenTable::kDefaultEntry};
  const keys::SharedMemory memory(tokens::TokenTable::bytes(kShape));
  keys::RobustLocks locks;
  tokens::TokenTable table(memory.words(), kShape, locks, clock);
  const tokens::TokenKeys keys(client());
  fill(table, keys, kUsers);
  ScriptedTransport none([](std::size_t) { return granted("00D!none"); });
  tokens::TokenSource tokens(client(), std::move(key), table, none, clock);
  struct User {
    std::array<char, 32> name;
    tokens::TokenKey digest;
    std::string_view text() const { return name.data(); }
  };
  std::vector<User> users(kUsers);
  for (std::size_t i = 0; i < kUsers; ++i) {
    users[i].digest = keys.of(user(i));
    user(i).copy(users[i].name.data(), users[i].name.size() - 1);
  }
  const auto measured = [&](auto hit) {
    return nanoseconds_per_hit([&](std::size_t i) { __builtin_prefetch(&users[i]); },
                               [&](std::size_t i) { return hit(users[i]); });
  };
  std::vector<double> whole, of_table, of_digest;
  for (int round = 0; round < rounds; ++round) {
    whole.push_back(measured([&](const User& of) { return tokens.token_for(of.text()).has_value(); }));
    of_table.push_back(measured([&](const User& of) {
      return table.get_or_claim(of.digest, std::chrono::seconds(9), nullptr).index() == 0;
    }));
    of_digest.push_back(measured([&](const User& of) { return keys.of(of.text()) == of.digest; }));
  }
  const auto least = [](const std::vector<double>& of) { return *std::min_element(of.begin(), of.end()); };
  std::printf("a hit, %d processes x %d threads, %zu users: %.0f ns of CPU (digest %.0f, table %.0f)\n",
              kProcesses, kThreads, kUsers, least(whole), least(of_digest), least(of_table));
  return least(of_table) < 500 && least(whole) < 1000 ? 0 : 1;
}

int million() {
  constexpr std::size_t kMillion = 1'000'000;
  const SystemClock clock;
  const std::size_t bytes = tokens::TokenTable::bytes(kForAMillion);
  const keys::SharedMemory memory(bytes);
  keys::RobustLocks locks;
  tokens::TokenTable table(memory.words(), kForAMillion, locks, clock);
  const tokens::TokenKeys keys(client());
  fill(table, keys, kMillion);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < kMillion; ++i) {
    const auto answer = table.get_or_claim(keys.of(user(i)), std::chrono::seconds(9), nullptr);
    const auto* fresh = std::get_if<tokens::TokenStore::Fresh>(&answer);
    if (fresh && fresh->token.value == token_of(i).value) ++kept;
  }
  std::printf("a million users: %zu of them kept, in %zu MB\n", kept, bytes >> 20);
  return kept > kMillion * 999 / 1000 && bytes < std::size_t{512} << 20 ? 0 : 1;
}

double signature_seconds(const std::string& file, int count) {
  FILE* const stream = std::fopen(file.c_str(), "r");
  const Owned<EVP_PKEY, EVP_PKEY_free> key{PEM_read_PrivateKey(stream, nullptr, nullptr, nullptr)};
  std::fclose(stream);
  const std::string text(300, 'x');
  std::vector<unsigned char> signature(1024);
  const double before = cpu_seconds(RUSAGE_SELF);
  for (int i = 0; i < count; ++i) {
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> state{EVP_MD_CTX_new()};
    std::size_t size = signature.size();
    EVP_DigestSignInit(state.get(), nullptr, EVP_sha256(), nullptr, key.get());
    EVP_DigestSign(state.get(), signature.data(), &size, reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
  }
  return (cpu_seconds(RUSAGE_SELF) - before) / count;
}

int fetch(const std::string& url, const std::string& ca, const std::string& key_file, const std::string& id,
          int count) {
  std::signal(SIGPIPE, SIG_IGN);
  auto key = keys::SigningKey::load(key_file);
  if (!key) return std::cerr << key.error() << '\n', 2;
  Client asks = client();
  asks.token_endpoint = url;
  asks.client_id = id;
  asks.allowed_instances = {"localhost"};
  const SystemClock clock;
  tokens::LocalTokenStore store(clock);
  ScriptedTransport at_once([](std::size_t) { return granted("00D!token"); });
  Client elsewhere = client();
  tokens::TokenSource alone(elsewhere, *key, store, at_once, clock);
  double before = cpu_seconds(RUSAGE_SELF);
  for (int i = 0; i < count; ++i) static_cast<void>(alone.token_for(user(static_cast<std::size_t>(i))));
  const double without_network = (cpu_seconds(RUSAGE_SELF) - before) / count;
  net::CurlOptions options;
  options.authorities = *net::Authorities::read(ca);
  net::CurlTransport transport(options);
  tokens::TokenSource tokens(asks, *key, store, transport, clock);
  before = cpu_seconds(RUSAGE_SELF);
  for (int i = 0; i < count; ++i) {
    const auto token = tokens.token_for(user(static_cast<std::size_t>(i)));
    if (!token) return std::cerr << token.error().message << '\n', 2;
  }
  const double whole = (cpu_seconds(RUSAGE_SELF) - before) / count;
  const double signature = signature_seconds(key_file, count);
  std::printf("a fetch: %.0f us of CPU; without the network %.0f us = %.2f RSA signatures of %.0f us\n",
              whole * 1e6, without_network * 1e6, without_network / signature, signature * 1e6);
  return 0;
}

}  // namespace
}  // namespace sfjwt::oauth

int main(int count, char** words) {
  using namespace sfjwt::oauth;
  const std::string what = count > 1 ? words[1] : "";
  if (what == "hits" && count == 4) {
    auto key = sfjwt::keys::SigningKey::load(words[3]);
    return key ? hits(std::atoi(words[2]), std::move(*key)) : 2;
  }
  if (what == "million") return million();
  if (what == "fetch" && count == 7)
    return fetch(words[2], words[3], words[4], words[5], std::atoi(words[6]));
  return 2;
}
