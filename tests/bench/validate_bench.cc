// SPDX-License-Identifier: Apache-2.0
// Our engine, libxml2 and Xerces-C++ validate the same messages alternately, in one process and one run.
//   validate_bench ROUNDS WSDL FILE...
// Under callgrind it counts instructions instead: one dump for each engine and message, with their names.
#include <malloc.h>
#include <valgrind/callgrind.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "engine.h"

namespace {
std::size_t allocations = 0;
}

// Every way to memory, of every library in the process.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);

__attribute__((visibility("default"))) void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
__attribute__((visibility("default"))) void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
__attribute__((visibility("default"))) void* realloc(void* memory, std::size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
}

namespace sfjwt::bench {
namespace {

constexpr double kBatchNanoseconds = 2e6;

double cpu_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double heap_megabytes() {
  const auto heap = mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd) / 1e6;
}

std::string contents(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(file + " cannot be read");
  return {std::istreambuf_iterator<char>(stream), {}};
}

double batch(Engine& engine, std::string_view message, std::size_t passes) {
  const double begin = cpu_nanoseconds();
  for (std::size_t i = 0; i < passes; ++i) engine.accepts(message);
  return cpu_nanoseconds() - begin;
}

// What one engine needs for one message.
struct Lane {
  Engine* engine;
  std::size_t passes = 1;  // in a batch
  std::size_t allocations = 0;
  std::vector<double> times;  // ns of one pass

  Lane(Engine& judge, std::string_view message) : engine(&judge) {
    while (batch(judge, message, passes) < kBatchNanoseconds) passes *= 2;
    const std::size_t before = ::allocations;
    judge.accepts(message);
    allocations = ::allocations - before;
  }
  void measure(std::string_view message) {
    times.push_back(batch(*engine, message, passes) / static_cast<double>(passes));
  }
  double best() const { return *std::min_element(times.begin(), times.end()); }
  double median() {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    return times[times.size() / 2];
  }
};

void print(std::vector<Lane>& lanes, const std::string& file, std::size_t bytes) {
  std::cout << '\n'
            << std::left << std::setw(28) << std::filesystem::path(file).filename().string() << std::right
            << std::setw(12) << "best us" << std::setw(12) << "median us" << std::setw(9) << "MB/s"
            << std::setw(10) << "best" << std::setw(10) << "median" << std::setw(13) << "allocations" << '\n';
  const double our_best = lanes.front().best();
  const double our_median = lanes.front().median();
  for (Lane& lane : lanes) {
    std::cout << "  " << std::left << std::setw(26) << lane.engine->name() << std::right << std::fixed
              << std::setprecision(2) << std::setw(12) << lane.best() / 1e3 << std::setw(12)
              << lane.median() / 1e3 << std::setprecision(0) << std::setw(9)
              << static_cast<double>(bytes) / lane.best() * 1e3 << std::setprecision(1) << std::setw(9)
              << lane.best() / our_best << 'x' << std::setw(9) << lane.median() / our_median << 'x'
              << std::setw(13) << lane.allocations << std::endl;
  }
}

void count_instructions(const Engines& engines, const std::string& file, std::string_view message) {
  for (const auto& engine : engines) {
    engine->accepts(message);
    CALLGRIND_START_INSTRUMENTATION;
    engine->accepts(message);
    const std::string name =
        std::filesystem::path(file).filename().string() + '\t' + std::string(engine->name());
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
  }
}

Engines compiled(Engines (*compile)(const std::filesystem::path&), const std::string& wsdl, Engines engines) {
  const double heap = heap_megabytes();
  const double begin = cpu_nanoseconds();
  Engines more = compile(wsdl);
  std::cout << "  " << std::left << std::setw(26) << more.front()->name() << std::right << std::fixed
            << std::setprecision(1) << std::setw(12) << (cpu_nanoseconds() - begin) / 1e6 << std::setw(12)
            << heap_megabytes() - heap << std::endl;
  std::move(more.begin(), more.end(), std::back_inserter(engines));
  return engines;
}

int run(std::size_t rounds, const std::string& wsdl, const std::vector<std::string>& files) {
  std::cout << std::left << std::setw(28) << std::filesystem::path(wsdl).filename().string() << std::right
            << std::setw(12) << "compile ms" << std::setw(12) << "MB of heap" << '\n';
  Engines engines = compiled(our_engines, wsdl, {});
  engines = compiled(libxml2_engines, wsdl, std::move(engines));
  engines = compiled(xerces_engines, wsdl, std::move(engines));
  for (const std::string& file : files) {
    const std::string message = contents(file);
    for (const auto& engine : engines) {
      if (!engine->accepts(message))
        throw std::runtime_error(std::string(engine->name()) + " refuses " + file);
    }
    if (RUNNING_ON_VALGRIND) {
      count_instructions(engines, file, message);
      continue;
    }
    std::vector<Lane> lanes;
    for (const auto& engine : engines) lanes.emplace_back(*engine, message);
    for (std::size_t round = 0; round < rounds; ++round) {
      for (Lane& lane : lanes) lane.measure(message);
    }
    print(lanes, file, message.size());
  }
  return 0;
}

}  // namespace
}  // namespace sfjwt::bench

int main(int argc, char** argv) {
  try {
    if (argc < 4) throw std::runtime_error("usage: validate_bench ROUNDS WSDL FILE...");
    const int rounds = std::max(1, std::atoi(argv[1]));
    return sfjwt::bench::run(static_cast<std::size_t>(rounds), argv[2], {argv + 3, argv + argc});
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
  }
}
