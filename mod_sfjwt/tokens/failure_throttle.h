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

/// Counts failed token requests in one number that processes can share (a virtual scheduling GCRA): the time,
/// in milliseconds of the steady clock, at which all of them are paid for. An impossible number counts as no
/// failures. Thread-safe.
class FailureDebt {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  /// The effect of reserve(), for cancel().
  struct Reservation {
    std::uint64_t before;
    std::uint64_t after;
    std::uint64_t cost;  // milliseconds
    milliseconds debt;   // before the reservation
  };

  /// Aligned memory that must outlive the object.
  explicit FailureDebt(std::uint64_t& paid_at) : paid_at_(&paid_at) {}

  milliseconds debt(Steady now) const;

  /// Adds `cost`; nullopt, with no change, if the debt is already above `limit`.
  std::optional<Reservation> reserve(Steady now, milliseconds cost, milliseconds limit) const;
  void cancel(const Reservation& reservation) const;

 private:
  std::uint64_t* paid_at_;
};

/// The record of one caller that sent requests for new users, in memory that processes share.
class CallerRecord {
 public:
  using Steady = FailureDebt::Steady;
  static constexpr std::size_t kWords = 3;  // hash of the caller, debt, last outcome

  explicit CallerRecord(std::uint64_t* words) : words_(words) {}

  FailureDebt debt() const { return FailureDebt(words_[1]); }
  bool failed_since(Steady since) const;
  bool succeeded_last() const;
  void note_failure(Steady now) const;

  /// Does not hide a failure after `since`.
  void note_success(Steady now, Steady since) const;

 private:
  std::uint64_t* words_;
};

/// The records of callers: a lock-free set-associative table in memory that processes share. A caller uses a
/// free record, or replaces the one with the least debt.
class CallerTable {
 public:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kSets = 256;
  static constexpr std::size_t kBytes = kSets * kWays * CallerRecord::kWords * sizeof(std::uint64_t);

  /// kBytes of aligned memory that must outlive the object; all zeros is the empty table.
  explicit CallerTable(std::uint64_t* memory) : memory_(memory) {}

  /// The record of a caller, by a hash that the caller cannot choose and that is not 0.
  std::optional<CallerRecord> find(std::uint64_t caller) const;
  CallerRecord find_or_add(std::uint64_t caller) const;

 private:
  std::uint64_t* words(std::uint64_t caller, std::size_t way) const {
    return memory_ + (caller % kSets * kWays + way) * CallerRecord::kWords;
  }

  std::uint64_t* memory_;
};

/// Limits failing token requests, so that no caller exhausts the tolerance of the authorization server or
/// blocks others. Ask it before a token request for a subject that is not known to have had a token.
///
/// A caller whose last request succeeded may send any number at a time; a new one may send a few, until one
/// of them succeeds. For kProbation after a failure a caller may send one per kCallerInterval; successful
/// requests do not count, and a request whose turn comes within kLongestWait waits for it. All callers of a
/// client id together may cause one failure per kClientInterval on average. The interval is randomised, so
/// that no caller can time its requests to take every turn. Callers that failed recently leave a reserve for
/// the others.
class FailureThrottle {
 public:
  using Steady = FailureDebt::Steady;
  using milliseconds = std::chrono::milliseconds;

  static constexpr milliseconds kCallerInterval{250};
  static constexpr milliseconds kClientInterval{240};
  static constexpr milliseconds kLongestWait{1'750};
  static constexpr milliseconds kProbation{60'000};

  enum class Refused {
    caller,   // too many requests of this caller failed
    client,   // too many requests of all callers failed
    pending,  // the outcome of this caller's requests is not known yet: ask again soon
  };

  /// Permission to send one token request after `wait`; end it with succeeded() or failed().
  struct Permit {
    std::uint64_t caller = 0;
    milliseconds wait{0};
    std::optional<FailureDebt::Reservation> of_caller = std::nullopt;
    std::optional<FailureDebt::Reservation> of_client = std::nullopt;
  };

  /// Has no limit.
  FailureThrottle() = default;

  /// `client` is aligned memory that must outlive the object. `salt` is a secret for hashing callers.
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
