// SPDX-License-Identifier: Apache-2.0
// What hostile requests cost in the whole pass: well-formedness, envelope, schema, and the words of the
// refusal.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>

#include "hostile_documents.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/envelope.h"
#include "time_scale.h"

namespace sfjwt::soap {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

const Catalog& catalog() {
  static const auto loaded = Catalog::load({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl"}, {}).value();
  return *loaded;
}

double milliseconds_to_judge(const std::string& message) {
  double best = 1e9;
  for (int run = 0; run < 3; ++run) {
    timespec begin{};
    timespec end{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    static_cast<void>(read_envelope(message, catalog(), {}));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    best = std::min(best, static_cast<double>(end.tv_sec - begin.tv_sec) * 1e3 +
                              static_cast<double>(end.tv_nsec - begin.tv_nsec) / 1e6);
  }
  return best;
}

TEST(EnvelopeCost, OneMegabyteOfAnythingIsJudgedInTenMilliseconds) {
  for (const HostileDocument& document : hostile_documents(kMegabyte)) {
    EXPECT_LT(milliseconds_to_judge(request_with(document.element)), 10 * kTimeScale) << document.what;
  }
}

// The place of a violation is looked for only now, in two more passes.
TEST(EnvelopeCost, AViolationAtTheEndOfAMegabyteIsToldInThirtyMilliseconds) {
  for (const HostileDocument& document : hostile_documents(kMegabyte)) {
    EXPECT_LT(milliseconds_to_judge(request_with(document.element) + "<"), 30 * kTimeScale) << document.what;
  }
}

}  // namespace
}  // namespace sfjwt::soap
