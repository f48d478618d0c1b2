// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/punctual_store.h"

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sfjwt::sharing {
namespace {

// Blocks signals, which are for other threads.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

struct PunctualStore::Errand {
  std::function<Fetched(SealedStore&)> task;
  Fetched result;
  std::optional<std::chrono::steady_clock::time_point> begun;
  bool done = false;
};

// Shared by the callers and the threads. Each thread keeps it alive.
struct PunctualStore::Desk {
  explicit Desk(SealedStore& behind) : store(behind) {}

  SealedStore& store;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::shared_ptr<Errand>> waiting;
  std::size_t busy = 0;  // threads
  bool closing = false;
  std::vector<std::thread> threads;
};

PunctualStore::PunctualStore(SealedStore& store, std::chrono::milliseconds limit, std::size_t most_threads)
    : limit_(limit), most_threads_(most_threads), desk_(std::make_shared<Desk>(store)) {}

PunctualStore::~PunctualStore() {
  std::unique_lock lock(desk_->mutex);
  desk_->closing = true;
  desk_->changed.notify_all();
  const bool idle = desk_->changed.wait_for(lock, limit_, [this] { return desk_->busy == 0; });
  lock.unlock();
  for (std::thread& thread : desk_->threads) idle ? thread.join() : thread.detach();
}

SealedStore::Fetched PunctualStore::fetch(const keys::SealedId& id) {
  return run([id](SealedStore& store) { return store.fetch(id); });
}

SealedStore::Outcome PunctualStore::store(const keys::SealedId& id, UnixTime expires_at,
                                          std::string_view value) {
  return run([id, expires_at, copy = std::string(value)](SealedStore& store) {
           return Fetched{store.store(id, expires_at, copy), {}};
         })
      .outcome;
}

SealedStore::Outcome PunctualStore::remove(const keys::SealedId& id) {
  return run([id](SealedStore& store) { return Fetched{store.remove(id), {}}; }).outcome;
}

// A task is not started after its caller has given up.
SealedStore::Fetched PunctualStore::run(std::function<Fetched(SealedStore&)> task) {
  const auto errand = std::make_shared<Errand>();
  errand->task = std::move(task);
  std::unique_lock lock(desk_->mutex);
  if (desk_->busy + desk_->waiting.size() >= desk_->threads.size() && !add_thread()) return {};
  desk_->waiting.push_back(errand);
  desk_->changed.notify_all();
  const auto done = [&errand] { return errand->done; };
  if (desk_->changed.wait_for(lock, limit_, done) ||
      (errand->begun && desk_->changed.wait_until(lock, *errand->begun + limit_, done))) {
    return std::move(errand->result);
  }
  std::erase(desk_->waiting, errand);
  return {};
}

// Returns false if there is no thread at all, because the system cannot create one.
bool PunctualStore::add_thread() {
  try {
    const SignalsBlocked blocked;
    if (desk_->threads.size() < most_threads_) desk_->threads.emplace_back(work, desk_);
  } catch (const std::system_error&) {  // the existing threads have more work
  }
  return !desk_->threads.empty();
}

void PunctualStore::work(const std::shared_ptr<Desk>& desk) {
  std::unique_lock lock(desk->mutex);
  for (;;) {
    desk->changed.wait(lock, [&desk] { return desk->closing || !desk->waiting.empty(); });
    if (desk->closing) return;
    const auto errand = std::move(desk->waiting.front());
    desk->waiting.pop_front();
    ++desk->busy;
    errand->begun = std::chrono::steady_clock::now();
    lock.unlock();
    Fetched result;
    try {
      result = errand->task(desk->store);
    } catch (...) {  // counts as a failure
    }
    lock.lock();
    --desk->busy;
    errand->result = std::move(result);
    errand->done = true;
    desk->changed.notify_all();
  }
}

}  // namespace sfjwt::sharing
