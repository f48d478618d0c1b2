// SPDX-License-Identifier: Apache-2.0
// Preloaded into a process, lets one in N of these allocations fail: every operator new, and malloc, calloc,
// realloc and strdup in mod_sfjwt.so and libcurl. Not in other code, since httpd ends a child whose pool gets
// no memory. The file named by SFJWT_FAULT_INJECTION is the switch, see Control; without it nothing fails.
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <string_view>

extern "C" {
// Those of glibc, behind any preloaded replacement.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

// What the file holds, shared by the processes that run with it and the test that writes it.
struct Control {
  std::atomic<std::uint32_t> one_in;  // 0: none fails
  std::atomic<std::uint32_t>
      generation;  // changes with each switching on, since modules move when httpd restarts
  std::atomic<std::uint64_t> calls;
  std::atomic<std::uint64_t> failed;
};
static_assert(sizeof(Control) == 24);

struct Range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

// The code of the libraries whose calls may fail.
class Callers {
 public:
  bool include(const void* address, std::uint32_t generation) {
    if (generation_.load(std::memory_order_acquire) != generation) find(generation);
    const auto place = reinterpret_cast<std::uintptr_t>(address);
    for (const Range& range : ranges_) {
      if (place >= range.begin && place < range.end) return true;
    }
    return false;
  }

 private:
  void find(std::uint32_t generation) {
    const std::lock_guard lock(mutex_);
    if (generation_.load(std::memory_order_relaxed) == generation) return;
    ranges_ = {};
    found_ = 0;
    dl_iterate_phdr(add, this);
    generation_.store(generation, std::memory_order_release);
  }

  static int add(dl_phdr_info* library, std::size_t, void* callers) {
    auto& self = *static_cast<Callers*>(callers);
    const std::string_view name = library->dlpi_name;
    if (name.find("/mod_sfjwt.so") == name.npos && name.find("/libcurl.so") == name.npos) return 0;
    for (int i = 0; i < library->dlpi_phnum; ++i) {
      const auto& segment = library->dlpi_phdr[i];
      if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X) || self.found_ == self.ranges_.size())
        continue;
      const std::uintptr_t begin = library->dlpi_addr + segment.p_vaddr;
      self.ranges_[self.found_++] = {begin, begin + segment.p_memsz};
    }
    return 0;
  }

  std::mutex mutex_;
  std::atomic<std::uint32_t> generation_ = 0;
  std::array<Range, 8> ranges_;
  std::size_t found_ = 0;
};

constinit Control* control = nullptr;
constinit Callers callers;

__attribute__((constructor)) void open_control() {
  const char* file = std::getenv("SFJWT_FAULT_INJECTION");
  const int descriptor = file ? open(file, O_RDWR | O_CLOEXEC) : -1;
  if (descriptor < 0) return;
  void* mapped = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (mapped != MAP_FAILED) control = static_cast<Control*>(mapped);
}

// Spreads the numbers of calls, so that a loop does not meet the same call each time (splitmix64).
std::uint64_t scattered(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

std::uint32_t one_in() {
  return control ? control->one_in.load(std::memory_order_relaxed) : 0;
}

bool fails_by_lot(std::uint32_t chances) {
  if (scattered(control->calls.fetch_add(1, std::memory_order_relaxed)) % chances != 0) return false;
  control->failed.fetch_add(1, std::memory_order_relaxed);
  errno = ENOMEM;
  return true;
}

bool fails(const void* caller) {
  const std::uint32_t chances = one_in();
  return chances != 0 && callers.include(caller, control->generation.load(std::memory_order_relaxed)) &&
         fails_by_lot(chances);
}

void* allocated(std::size_t size, std::size_t alignment) {
  const std::uint32_t chances = one_in();
  if (size == 0) size = 1;
  void* block = nullptr;
  if (chances == 0 || !fails_by_lot(chances))
    block = alignment ? __libc_memalign(alignment, size) : __libc_malloc(size);
  if (!block) throw std::bad_alloc();
  return block;
}

}  // namespace

void* operator new(std::size_t size) {
  return allocated(size, 0);
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocated(size, static_cast<std::size_t>(alignment));
}

extern "C" void* malloc(std::size_t size) {
  return fails(__builtin_return_address(0)) ? nullptr : __libc_malloc(size);
}

extern "C" void* calloc(std::size_t count, std::size_t size) {
  return fails(__builtin_return_address(0)) ? nullptr : __libc_calloc(count, size);
}

extern "C" void* realloc(void* block, std::size_t size) {
  return fails(__builtin_return_address(0)) ? nullptr : __libc_realloc(block, size);
}

extern "C" char* strdup(const char* text) {
  if (fails(__builtin_return_address(0))) return nullptr;
  const std::size_t size = std::strlen(text) + 1;
  auto* copy = static_cast<char*>(__libc_malloc(size));
  return copy ? static_cast<char*>(std::memcpy(copy, text, size)) : nullptr;
}
