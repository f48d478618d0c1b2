// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/in_flight_requests.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/unit/core/fake_clock.h"

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;

TEST(InFlightRequests, TheOldestDecidesUntilItEnds) {
  FakeClock clock;
  InFlightRequests mints(clock);
  EXPECT_FALSE(mints.slow());
  auto first = std::make_unique<InFlightRequests::Run>(mints);
  clock.advance(1s);
  const InFlightRequests::Run second(mints);
  clock.advance(999ms);
  EXPECT_FALSE(mints.slow());
  clock.advance(1ms);
  EXPECT_TRUE(mints.slow());
  first.reset();
  EXPECT_FALSE(mints.slow());
  clock.advance(1s);
  EXPECT_TRUE(mints.slow());
}

}  // namespace
}  // namespace sfjwt::tokens
