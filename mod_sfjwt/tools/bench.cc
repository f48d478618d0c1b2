// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <vector>

#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/input.h"
#include "mod_sfjwt/tools/option_checks.h"
#include "mod_sfjwt/tools/section_options.h"
#include "mod_sfjwt/tools/terminal_text.h"

namespace sfjwt::tools {
namespace {

constexpr std::size_t kMaxBatches = 100'000;
constexpr double kBatchNanoseconds = 2e6;  // reading the clock costs less than 0.01 % of it

struct BenchOptions {
  std::vector<std::string> wsdls;
  ValidationOptions validation;
  DocumentLimits limits;
  std::size_t batches = 51;
  CLI::Option* files = nullptr;
};

double cpu_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

std::size_t heap_bytes() {
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

// CPU time of `count` passes over a message, in ns.
double passes(std::string_view message, const soap::Catalog& catalog, const xml::Limits& limits,
              std::size_t count, bool& accepted) {
  const double begin = cpu_nanoseconds();
  for (std::size_t i = 0; i < count; ++i) {
    accepted = soap::read_envelope(message, catalog, limits).has_value();
  }
  return cpu_nanoseconds() - begin;
}

struct Measured {
  bool accepted = false;
  double best = 0;  // ns of one pass
  double median = 0;
};

Measured measure(std::string_view message, const soap::Catalog& catalog, const BenchOptions& options) {
  const xml::Limits& limits = options.limits.xml;
  Measured measured;
  std::size_t batch = 1;
  while (passes(message, catalog, limits, batch, measured.accepted) < kBatchNanoseconds) batch *= 2;
  std::vector<double> times;
  for (std::size_t i = 0; i < options.batches; ++i) {
    times.push_back(passes(message, catalog, limits, batch, measured.accepted) / static_cast<double>(batch));
  }
  std::sort(times.begin(), times.end());
  measured.best = times.front();
  measured.median = times[times.size() / 2];
  return measured;
}

void print(const std::string& file, std::size_t bytes, const Measured& measured) {
  const auto megabytes_per_second = [bytes](double ns) { return static_cast<double>(bytes) / ns * 1e3; };
  std::cout << std::setw(12) << measured.best << std::setw(9) << megabytes_per_second(measured.best)
            << std::setw(12) << measured.median << std::setw(9) << megabytes_per_second(measured.median)
            << std::setw(11) << bytes << (measured.accepted ? "  ok       " : "  refused  ") << escaped(file)
            << std::endl;
}

int bench(const BenchOptions& options) {
  const auto validation = options.validation.validation();
  if (!validation) return report(validation.error());
  const std::size_t heap = heap_bytes();
  const double begin = cpu_nanoseconds();
  const auto catalog = read_catalog(options.wsdls, *validation);
  const double compiled = cpu_nanoseconds();
  if (!catalog) return report(catalog.error());
  std::cout << std::fixed << std::setprecision(1) << "compiled in " << (compiled - begin) / 1e6 << " ms, "
            << static_cast<double>(heap_bytes() - heap) / 1e6 << " MB\n"
            << std::setprecision(0)
            << "     best ns     MB/s   median ns     MB/s      bytes  verdict  file\n";
  for (const std::string& file : options.files->results()) {
    const auto message = read_message(file, options.limits.bytes);
    if (!message) return failure(message.error());
    print(file, message->size(), measure(*message, **catalog, options));
  }
  return Exit::all_well;
}

}  // namespace

void add_bench(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& command = *program.add_subcommand("bench", "Measure the CPU time of validating requests");
  add_wsdls(command, options->wsdls);
  add_validation(command, options->validation);
  add_limits(command, options->limits);
  command
      .add_option("--repeat", options->batches,
                  "Number of measurements of each FILE, each of 2 milliseconds or one validation")
      ->check(CLI::Range(std::size_t{1}, kMaxBatches))
      ->option_text("N (default: " + std::to_string(options->batches) + ")");
  options->files = add_files(command, "Request, optionally compressed with gzip");
  command.callback([options, &chosen] { chosen = [options] { return bench(*options); }; });
}

}  // namespace sfjwt::tools
