#!/usr/bin/env bash
# Every C file is formatted as .clang-format says.
set -eu
cd "$(dirname "$0")/../.."
make --no-print-directory format-check
