#!/usr/bin/env bash
# Runs every test and ends with "N passed, N failed".
# Usage: tests/run.sh build/<variant>; KITH_TEST_PREFIX wraps each program.
set -u
cd "$(dirname "$0")/.."
build=${1:-build/release}
prefix=${KITH_TEST_PREFIX:-}
export KITH="$PWD/$build/kith" KITH_BUILD="$PWD/$build"
export KITH_FIXTURES="$PWD/fixtures" CMOCKA_MESSAGE_OUTPUT=TAP
export UBSAN_OPTIONS=print_stacktrace=1
# Failure paths are tested: a sanitizer must let malloc fail.
export ASAN_OPTIONS=allocator_may_return_null=1
export TSAN_OPTIONS=allocator_may_return_null=1
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Counts TAP lines; a program that dies without one counts as one failure.
tap() {
    local name=$1
    shift
    "$@" >"$log" 2>&1
    local rc=$? ok bad skip
    ok=$(grep -cE '^ok ' "$log")
    skip=$(grep -cE '^not ok .*# SKIP' "$log") # as cmocka says it
    bad=$(($(grep -cE '^not ok ' "$log") - skip))
    [ "$rc" != 0 ] && [ "$bad" = 0 ] && bad=1
    [ $((ok + bad + skip)) = 0 ] && bad=1
    passed=$((passed + ok))
    failed=$((failed + bad))
    printf '%-44s %4d passed%s%s\n' "$name" "$ok" \
        "$([ "$skip" = 0 ] || echo ", $skip skipped here")" \
        "$([ "$bad" = 0 ] || echo ", $bad FAILED")"
    [ "$bad" = 0 ] || sed 's/^/    /' "$log" | tail -60
}

# One check by exit code; a lint whose tool is not here says "skipped: ...".
plain() {
    local name=$1
    shift
    if "$@" >"$log" 2>&1; then
        if grep -q '^skipped: ' "$log"; then
            printf '%-44s    0 passed, 1 skipped here\n' "$name"
            return
        fi
        passed=$((passed + 1))
        printf '%-44s %4d passed\n' "$name" 1
    else
        failed=$((failed + 1))
        printf '%-44s    1 FAILED\n' "$name"
        sed 's/^/    /' "$log" | tail -60
    fi
}

for t in "$build"/tests/unit/test_* "$build"/tests/property/test_* \
    "$build"/tests/fault/test_* "$build"/tests/integration/test_*; do
    [ -x "$t" ] || continue
    # shellcheck disable=SC2086 # the prefix is a command with its options
    tap "${t#"$build"/tests/}" $prefix "$t"
done
for f in "$build"/tests/fuzz/fuzz_*; do
    [ -x "$f" ] || continue
    name=$(basename "$f")
    plain "fuzz/$name (corpus)" "$f" "fixtures/fuzz/${name#fuzz_}"
done
for s in tests/golden/*.sh tests/integration/*.sh; do
    [ -e "$s" ] && tap "${s#tests/}" bash "$s"
done
for s in tests/lint/*.sh; do
    [ -e "$s" ] && plain "${s#tests/}" bash "$s"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
