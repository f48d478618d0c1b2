#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: symbols.sh mod_sfjwt.so
# The module exports its record and nothing else, so that it cannot meet symbols of other modules, and has no unique
# symbols: httpd unloads and reloads it on every restart, and one of those would keep the old code for ever.
set -euo pipefail
module=$1

exported=$(nm --dynamic --defined-only --format=posix "$module" | awk '{print $1}')
if [ "$exported" != sfjwt_module ]; then
  echo "$module exports:" >&2
  echo "$exported" >&2
  exit 1
fi
if unique=$(readelf --wide --syms "$module" | awk '$5 == "UNIQUE"') && [ -n "$unique" ]; then
  echo "$module has unique symbols:" >&2
  echo "$unique" >&2
  exit 1
fi
