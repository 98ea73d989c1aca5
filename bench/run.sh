#!/usr/bin/env bash
# Runs the benchmarks that need no data, after a description of the machine:
# kernels beside the machine's limits, then one pass of twenty agencies.
# Usage: bench/run.sh build/<variant>
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release}
echo "machine: $(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores," \
    "$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)"
echo "kith:    $("$build/kith" version | head -1)"
echo
"$build/bench/micro/kernels"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for threads in 1 $(nproc); do
    for pass in "narrow 1500000" "wide 600000"; do
        echo
        echo "match, ${pass% *} pass, $threads threads:"
        # shellcheck disable=SC2086
        "$build/bench/macro/bench_match" $pass "$threads" "$work/${pass% *}"
    done
done
