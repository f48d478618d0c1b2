// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <vector>

#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/tools/catalog_files.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/input.h"

namespace sfjwt::tools {
namespace {

constexpr Option kOptions[] = {
    {Option::required_repeated, "wsdl"}, {Option::optional, "mode"}, {Option::optional, "repeat"}};

constexpr std::size_t kBatches = 51;
constexpr double kBatchNanoseconds = 2e6;  // reading the clock costs less than a ten-thousandth of it

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
double passes(std::string_view message, const soap::Catalog& catalog, std::size_t count, bool& accepted) {
  const double begin = cpu_nanoseconds();
  for (std::size_t i = 0; i < count; ++i) {
    accepted = soap::read_envelope(message, catalog, soap::Limits{}).has_value();
  }
  return cpu_nanoseconds() - begin;
}

struct Measured {
  bool accepted = false;
  double best = 0;  // ns of one pass
  double median = 0;
};

Measured measure(std::string_view message, const soap::Catalog& catalog, std::size_t batches) {
  Measured measured;
  std::size_t batch = 1;
  while (passes(message, catalog, batch, measured.accepted) < kBatchNanoseconds) batch *= 2;
  std::vector<double> times;
  for (std::size_t i = 0; i < batches; ++i) {
    times.push_back(passes(message, catalog, batch, measured.accepted) / static_cast<double>(batch));
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
            << std::setw(11) << bytes << (measured.accepted ? "  ok       " : "  refused  ") << file
            << std::endl;
}

int bench(const Arguments& arguments) {
  const auto mode = mode_named(arguments.has("mode") ? arguments.value("mode") : "tolerant");
  if (!mode) return usage_error("--mode is strict, tolerant, report or structure");
  std::size_t batches = kBatches;
  if (const std::string text = arguments.value("repeat"); arguments.has("repeat")) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), batches);
    if (error != std::errc() || end != text.data() + text.size() || batches < 1 || batches > 100'000) {
      return usage_error("--repeat is a number from 1 to 100000");
    }
  }
  const std::size_t heap = heap_bytes();
  const double begin = cpu_nanoseconds();
  const auto catalog = read_catalog(arguments.values("wsdl"), *mode);
  const double compiled = cpu_nanoseconds();
  if (!catalog) return failure(catalog.error());
  std::cout << std::fixed << std::setprecision(1) << "compiled in " << (compiled - begin) / 1e6 << " ms, "
            << static_cast<double>(heap_bytes() - heap) / 1e6 << " MB\n"
            << std::setprecision(0)
            << "     best ns     MB/s   median ns     MB/s      bytes  verdict  file\n";
  for (const std::string& file : arguments.operands()) {
    const auto message = read_input(file);
    if (!message) return failure(message.error());
    print(file, message->size(), measure(*message, **catalog, batches));
  }
  return Exit::all_well;
}

}  // namespace

const Command kBench = {
    "bench",
    "--wsdl WSDL... [--mode MODE] [--repeat N] FILE...",
    "Measures what it costs to check requests: the whole pass of the gateway over the bytes of each, from\n"
    "well-formedness to the schemas and the place of the session id. Prints the CPU time to read the WSDL "
    "and\n"
    "the memory it takes, and for each FILE the best and the median CPU time of a pass in nanoseconds with "
    "the\n"
    "millions of bytes per second that makes.\n"
    "\n"
    "  --wsdl WSDL   a WSDL the gateway serves; may be given several times\n"
    "  --mode MODE   strict, tolerant (default), report or structure, as SFJwtValidate\n"
    "  --repeat N    measurements of each FILE, 2 ms or one pass long each; default 51\n",
    kOptions,
    1,
    static_cast<std::size_t>(-1),
    bench};

}  // namespace sfjwt::tools
