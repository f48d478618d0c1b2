// SPDX-License-Identifier: Apache-2.0
// What a byte of a hostile document costs beside one of a good request, in the whole pass of the gateway.
// Fails when one costs more in a document twice as large, which must not be, or very much more than a good
// one. Marks those above three times: of tags so short that hardly a byte is anything else, there are more in
// a megabyte than of any a client sends.
//   hostile_bench GOOD
#include <algorithm>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <string>

#include "hostile_documents.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace sfjwt::bench {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
constexpr double kMany = 3;      // times the cost of a good byte
constexpr double kMost = 10;     // the same
constexpr double kGrowth = 1.5;  // times the cost of a byte in a document half as large; noise is below

double nanoseconds_per_byte(const std::string& message, const soap::Catalog& catalog, bool& accepted) {
  double best = 1e18;
  for (int run = 0; run < 15; ++run) {
    timespec begin{};
    timespec end{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    accepted = soap::read_envelope(message, catalog, {}).has_value();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    best = std::min(best, static_cast<double>(end.tv_sec - begin.tv_sec) * 1e9 +
                              static_cast<double>(end.tv_nsec - begin.tv_nsec));
  }
  return best / static_cast<double>(message.size());
}

int run(const char* good_file) {
  std::ifstream stream(good_file, std::ios::binary);
  const std::string request{std::istreambuf_iterator<char>(stream), {}};
  const auto catalog =
      wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl"}, {}, gateway::kSalesforce.names)
          .value();
  bool accepted = false;
  const double good = nanoseconds_per_byte(request, *catalog, accepted);
  bool well = accepted;
  const auto print = [](const char* what, double cost, double times, const char* verdict) {
    std::cout << std::left << std::setw(50) << what << std::right << std::fixed << std::setw(12)
              << std::setprecision(3) << cost << std::setw(9) << std::setprecision(2) << times << "x  "
              << verdict << '\n';
  };
  std::cout << std::left << std::setw(50) << "hostile documents of 1 MB" << std::right << std::setw(12)
            << "ns per byte" << std::setw(10) << "times" << '\n';
  print("a good request", good, 1, accepted ? "accepted" : "refused");
  const auto halves = xml::hostile_documents(kMegabyte / 2);
  const auto wholes = xml::hostile_documents(kMegabyte);
  for (std::size_t i = 0; i < wholes.size(); ++i) {
    const double half = nanoseconds_per_byte(xml::request_with(halves[i].element), *catalog, accepted);
    const double cost = nanoseconds_per_byte(xml::request_with(wholes[i].element), *catalog, accepted);
    const bool grows = cost > half * kGrowth;
    well = well && !grows && cost < good * kMost;
    print(wholes[i].what, cost, cost / good,
          grows                 ? "GROWS FASTER THAN ITS BYTES"
          : cost > good * kMany ? "above three times"
          : accepted            ? "accepted"
                                : "refused");
  }
  return well ? 0 : 1;
}

}  // namespace
}  // namespace sfjwt::bench

int main(int argc, char** argv) {
  if (argc == 2) return sfjwt::bench::run(argv[1]);
  std::cerr << "usage: hostile_bench GOOD\n";
  return 2;
}
