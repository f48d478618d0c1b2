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
  InFlightRequests fetches(clock);
  EXPECT_FALSE(fetches.slow());
  auto first = std::make_unique<InFlightRequests::Run>(fetches);
  clock.advance(1s);
  const InFlightRequests::Run second(fetches);
  clock.advance(999ms);
  EXPECT_FALSE(fetches.slow());
  clock.advance(1ms);
  EXPECT_TRUE(fetches.slow());
  first.reset();
  EXPECT_FALSE(fetches.slow());
  clock.advance(1s);
  EXPECT_TRUE(fetches.slow());
}

}  // namespace
}  // namespace sfjwt::tokens
