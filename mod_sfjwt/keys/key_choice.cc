// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/key_choice.h"

namespace sfjwt::keys {
namespace {

// Some servers also report an unknown user as an invalid assertion. While a key is known to work, such users
// must not cost two requests each. The pause is short, since the key may have been replaced just before such
// a request.
constexpr std::chrono::seconds kPauseAfterBothRefused{10};

constexpr KeyChoice::Which other_than(KeyChoice::Which key) {
  return key == KeyChoice::Which::first ? KeyChoice::Which::second : KeyChoice::Which::first;
}

}  // namespace

KeyChoice::KeyChoice(const Clock& clock, std::chrono::milliseconds patience)
    : clock_(clock), patience_(patience) {}

void KeyChoice::wait_for_finding(Lock& lock) {
  found_.wait_for(lock, patience_, [this] { return !being_found_; });
}

KeyChoice::Turn::Turn(KeyChoice& choice) : choice_(choice) {
  Lock lock(choice.mutex_);
  if (!choice.known_ && choice.being_found_) choice.wait_for_finding(lock);
  finds_out_ = !choice.known_ && !choice.being_found_;
  if (finds_out_) choice.being_found_ = true;
  key_ = choice.taken_;
}

KeyChoice::Turn::~Turn() {
  if (!finds_out_) return;
  const Lock lock(choice_.mutex_);
  end_finding();
}

void KeyChoice::Turn::end_finding() {
  if (!finds_out_) return;
  finds_out_ = false;
  choice_.being_found_ = false;
  choice_.found_.notify_all();
}

void KeyChoice::Turn::accepted() {
  const Lock lock(choice_.mutex_);
  choice_.known_ = true;
  choice_.taken_ = key_;
  choice_.proven_ = true;
  end_finding();
}

bool KeyChoice::Turn::refused() {
  Lock lock(choice_.mutex_);
  if (repeated_) {
    if (finds_out_) {  // nothing is left to find out, so nobody has to wait
      choice_.known_ = true;
      choice_.leave_until_ = choice_.clock_.steady() + kPauseAfterBothRefused;
    }
    return false;
  }
  if (!finds_out_ && choice_.being_found_) choice_.wait_for_finding(lock);
  if (choice_.taken_ == key_) {
    if (choice_.proven_ && choice_.clock_.steady() < choice_.leave_until_) return false;
    if (!finds_out_ && choice_.being_found_) return false;  // the other caller did not finish in time
    finds_out_ = true;
    choice_.being_found_ = true;
    choice_.known_ = false;
  }
  key_ = other_than(key_);
  repeated_ = true;
  return true;
}

}  // namespace sfjwt::keys
