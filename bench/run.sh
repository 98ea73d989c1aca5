#!/usr/bin/env bash
# Runs the benchmarks that need no data, after a description of the machine.
# Usage: bench/run.sh build/<variant>
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release}
echo "machine: $(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores," \
    "$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)"
echo "kith:    $("$build/kith" version | head -1)"
echo
"$build/bench/micro/kernels"
