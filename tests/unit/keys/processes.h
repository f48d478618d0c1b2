// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "mod_sfjwt/tokens/stripe_locks.h"
#include "mod_sfjwt/tokens/token_table.h"

namespace sfjwt::keys {

/// Zeroed memory that children of this process share with it.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t size)
      : size_(size), base_(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (base_ == MAP_FAILED) throw std::bad_alloc();
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory() { munmap(base_, size_); }
  std::uint64_t* words() const { return static_cast<std::uint64_t*>(base_); }

 private:
  std::size_t size_;
  void* base_;
};

/// Locks between processes that get free when their holder dies, as httpd's do.
class RobustLocks final : public tokens::StripeLocks {
 public:
  RobustLocks() : memory_(tokens::SlotTable::kStripes * sizeof(pthread_mutex_t)) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    for (std::size_t stripe = 0; stripe < tokens::SlotTable::kStripes; ++stripe)
      pthread_mutex_init(mutex(stripe), &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  bool lock(std::size_t stripe) noexcept override {
    if (pthread_mutex_lock(mutex(stripe)) == EOWNERDEAD) pthread_mutex_consistent(mutex(stripe));
    return true;
  }
  void unlock(std::size_t stripe) noexcept override { pthread_mutex_unlock(mutex(stripe)); }

 private:
  pthread_mutex_t* mutex(std::size_t stripe) const {
    return reinterpret_cast<pthread_mutex_t*>(memory_.words()) + stripe;
  }
  SharedMemory memory_;
};

/// A child that runs a function and exits 0 if it answers true.
class Child {
 public:
  template <class Function>
  explicit Child(Function function) : process_(fork()) {
    if (process_ == 0) _exit(function() ? 0 : 1);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (process_ > 0) kill_now();
  }
  bool succeeded() {
    int status = -1;
    waitpid(std::exchange(process_, -1), &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  void kill_now() {
    kill(process_, SIGKILL);
    waitpid(std::exchange(process_, -1), nullptr, 0);
  }

 private:
  pid_t process_;
};

}  // namespace sfjwt::keys
