// SPDX-License-Identifier: Apache-2.0
// What a byte of a hostile document costs beside one of a good request, in the whole pass of the gateway.
//   hostile_bench
#include <algorithm>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <string>

#include "hostile_documents.h"
#include "mod_sfjwt/soap/envelope.h"

namespace sfjwt::bench {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
constexpr double kMost = 3;  // times the cost of a good byte

// Around fields of a record of the partner API, where the schema lets anything of its namespace stand.
std::string request(const std::string& fields) {
  return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
         "xmlns='urn:partner.soap.sforce.com' "
         "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><e:Header><SessionHeader><sessionId>"
         "jane@corp.example</sessionId></SessionHeader></e:Header><e:Body><create><sObjects "
         "xmlns:s='urn:sobject.partner.soap.sforce.com'><s:type>Account</s:type><s:Id xsi:nil='true'/>" +
         fields + "</sObjects></create></e:Body></e:Envelope>";
}

std::string in_object_namespace(std::string element) {
  const auto end_of_name = element.find_first_of(" />", 1);
  return element.insert(end_of_name, " xmlns='urn:sobject.partner.soap.sforce.com'");
}

std::string good_fields() {
  return soap::repeated(
      "<s:AccountNumber>A-17</s:AccountNumber><s:BillingCity>Springfield</s:BillingCity>"
      "<s:Description>Trading partner since 1999</s:Description><s:Name>Acme Holding</s:Name>"
      "<s:OwnerId>005000000000001AAA</s:OwnerId><s:Rating xsi:nil='true'/>",
      kMegabyte / 240);
}

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

int run() {
  const auto catalog = soap::Catalog::load({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl"}, {}).value();
  bool accepted = false;
  const double good = nanoseconds_per_byte(request(good_fields()), *catalog, accepted);
  bool well = accepted;
  const auto print = [](const char* what, double cost, double times, const char* verdict) {
    std::cout << std::left << std::setw(44) << what << std::right << std::fixed << std::setw(12)
              << std::setprecision(3) << cost << std::setw(9) << std::setprecision(2) << times << "x  "
              << verdict << '\n';
  };
  std::cout << std::left << std::setw(44) << "hostile documents of 1 MB" << std::right << std::setw(12)
            << "ns per byte" << std::setw(10) << "times" << '\n';
  print("a good request", good, 1, accepted ? "accepted" : "refused");
  for (const soap::HostileDocument& document : soap::hostile_documents(kMegabyte)) {
    const double cost =
        nanoseconds_per_byte(request(in_object_namespace(document.element)), *catalog, accepted);
    well = well && cost < good * kMost;
    print(document.what, cost, cost / good, accepted ? "accepted" : "refused");
  }
  return well ? 0 : 1;
}

}  // namespace
}  // namespace sfjwt::bench

int main() {
  return sfjwt::bench::run();
}
