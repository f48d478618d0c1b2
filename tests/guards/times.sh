#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No test checks how long something takes, since that depends on the load of the machine: tests count, and measurements belong
# in tests/bench. Allowed are waiting until a deadline, and limits on how often something may happen in the measured time.
set -euo pipefail
cd "$(dirname "$0")/../.."

clock='time\.(monotonic|perf_counter|process_time)\(|steady_clock::now|system_clock::now'
if git ls-files -z --cached --others --exclude-standard -- 'tests/*.py' 'tests/*.cc' 'tests/*.h' ':!tests/bench' |
  xargs -0 grep -nHE "(assert |(EXPECT|ASSERT)_[A-Z]+\().*($clock)|_clock::now\(\) - |CLOCK_(THREAD|PROCESS)_CPUTIME_ID|getrusage\(" >&2; then
  echo "a test compares a time: count what must not grow (tests/cost, allocations, requests), or move it to tests/bench" >&2
  exit 1
fi
