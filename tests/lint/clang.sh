#!/usr/bin/env bash
# clang warns of other things than gcc: the sources pass both. A machine
# without clang still runs `make check`.
set -eu
cd "$(dirname "$0")/../.."
command -v clang >/dev/null || {
    echo "skipped: no clang"
    exit 0
}
make --no-print-directory clang-check
