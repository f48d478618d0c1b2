// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::tokens {

/// Failed token requests as one number, which processes may share (a virtual scheduling GCRA: the moment, in
/// milliseconds of the steady clock, at which all of them are paid for). A number that cannot be counts for
/// none. Safe to call from several threads.
class FailureDebt {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  /// What reserve() has changed, for cancel().
  struct Reservation {
    std::uint64_t before;
    std::uint64_t after;
    std::uint64_t cost;  // milliseconds
    milliseconds debt;   // before it
  };

  /// Aligned memory that outlives the object.
  explicit FailureDebt(std::uint64_t& paid_at) : paid_at_(&paid_at) {}

  milliseconds debt(Steady now) const;

  /// Adds `cost` unless the debt is more than `limit` already; nothing then.
  std::optional<Reservation> reserve(Steady now, milliseconds cost, milliseconds limit) const;
  void cancel(const Reservation& reservation) const;

 private:
  std::uint64_t* paid_at_;
};

/// What is known of one caller whose requests for new users were sent, in memory that processes share.
class CallerRecord {
 public:
  using Steady = FailureDebt::Steady;
  static constexpr std::size_t kWords = 3;  // whose it is, the debt, the last outcome

  explicit CallerRecord(std::uint64_t* words) : words_(words) {}

  FailureDebt debt() const { return FailureDebt(words_[1]); }
  bool failed_since(Steady since) const;
  bool succeeded_last() const;
  void note_failure(Steady now) const;

  /// Does not hide a failure since then.
  void note_success(Steady now, Steady since) const;

 private:
  std::uint64_t* words_;
};

/// The records of callers: a set-associative table without locks, in memory that processes share. A caller
/// takes a free record, or the one with the least debt.
class CallerTable {
 public:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kSets = 256;
  static constexpr std::size_t kBytes = kSets * kWays * CallerRecord::kWords * sizeof(std::uint64_t);

  /// kBytes of aligned memory; all zero is the empty table. It outlives the object.
  explicit CallerTable(std::uint64_t* memory) : memory_(memory) {}

  /// The record of a caller, by a hash he cannot choose and that is not 0.
  std::optional<CallerRecord> find(std::uint64_t caller) const;
  CallerRecord find_or_add(std::uint64_t caller) const;

 private:
  std::uint64_t* words(std::uint64_t caller, std::size_t way) const {
    return memory_ + (caller % kSets * kWays + way) * CallerRecord::kWords;
  }

  std::uint64_t* memory_;
};

/// Limits the token requests that fail, so that nobody wears out what the authorization server puts up with,
/// and nobody shuts others out. It is asked before a token request for a subject that is not known to have
/// had a token.
///
/// A caller whose last request succeeded may send as many at a time as he likes; one who is not known yet, a
/// few, until one of them succeeds. For kProbation after a failure he sends one per kCallerInterval; requests
/// that succeed do not count, and one whose turn comes within kLongestWait waits for it. All callers of a
/// client id together cause one failure per kClientInterval on average, which is varied at random so that
/// nobody can time his requests for the next one: whose request comes then is by lot. Callers that failed
/// lately leave a reserve to the others.
class FailureThrottle {
 public:
  using Steady = FailureDebt::Steady;
  using milliseconds = std::chrono::milliseconds;

  static constexpr milliseconds kCallerInterval{250};
  static constexpr milliseconds kClientInterval{240};
  static constexpr milliseconds kLongestWait{1'750};
  static constexpr milliseconds kProbation{60'000};

  enum class Refused {
    caller,   // too many of his requests failed
    client,   // too many requests of all callers failed
    pending,  // how the requests of this caller end is not known yet: ask again soon
  };

  /// The right to send one token request after `wait`; ends by succeeded() or failed().
  struct Permit {
    std::uint64_t caller = 0;
    milliseconds wait{0};
    std::optional<FailureDebt::Reservation> of_caller = std::nullopt;
    std::optional<FailureDebt::Reservation> of_client = std::nullopt;
  };

  /// Without a limit.
  FailureThrottle() = default;

  /// `client` is aligned memory that outlives the object. `salt` is a secret for hashes of callers.
  FailureThrottle(std::uint64_t& client, CallerTable callers, std::string salt)
      : limits_(Limits{FailureDebt(client), callers}), salt_(std::move(salt)) {}

  Result<Permit, Refused> permit(std::uint64_t caller, Steady now) const;
  void succeeded(const Permit& permit, Steady now) const;
  void failed(const Permit& permit, Steady now) const;

  std::string_view salt() const { return salt_; }

 private:
  struct Limits {
    FailureDebt client;
    CallerTable callers;
  };

  Result<Permit, Refused> permit_on_probation(Permit permit, const CallerRecord& caller, Steady now) const;

  std::optional<Limits> limits_;
  std::string salt_;
};

}  // namespace sfjwt::tokens
