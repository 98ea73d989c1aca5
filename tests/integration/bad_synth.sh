#!/usr/bin/env bash
# What synth refuses: sizes, nights, rates, tables, districts. Each is told with
# what is wrong and where, and leaves nothing behind.
# shellcheck source=tests/integration/lib.bash
source "$(dirname "$0")/lib.bash"
cd "$root" || exit 1

# refuses NAME STATUS PATTERN ARGUMENT...
refuses() {
    local name=$1 want=$2 pattern=$3 got
    shift 3
    "$kith" synth --out "$work/out" --quiet "$@" >"$work/stdout" 2>"$work/stderr"
    got=$?
    test "$got" = "$want"
    ok $? "$name: exit code $want"
    grep -q "$pattern" "$work/stderr"
    ok $? "$name: says so"
    test ! -e "$work/out"
    ok $? "$name: leaves nothing"
}

refuses "nobody" 2 "at least 2 people" --people 0
refuses "one person" 2 "at least 2 people" --people 1
refuses "more people than numbers" 2 "at most 34000000" --people 34000001
refuses "too many nights" 2 "at most 60" --people 100 --days 61
refuses "no such day" 2 "reference-date" --people 100 \
    --reference-date 2026-02-30

mkdir "$work/tables"
sed 's/^cin,[0-9.]*,/cin,1.2,/' fixtures/synth/needs.csv >"$work/tables/needs.csv"
refuses "a rate over 1" 1 'needs.csv:14: column "rate": out of range' \
    --people 100 --tables "$work/tables"
sed 's/^cin,[0-9.]*,/cin,-0.1,/' fixtures/synth/needs.csv >"$work/tables/needs.csv"
refuses "a rate under 0" 1 'needs.csv:14: column "rate": out of range' \
    --people 100 --tables "$work/tables"
sed '/^cin,/d' fixtures/synth/needs.csv >"$work/tables/needs.csv"
refuses "a need without a rate" 1 "needs.csv: no row for need cin" \
    --people 100 --tables "$work/tables"
rm "$work/tables/needs.csv"
cut -d, -f1-4 fixtures/synth/agency_errors.csv >"$work/tables/agency_errors.csv"
refuses "a column that is not there" 1 'truncation' \
    --people 100 --tables "$work/tables"
rm "$work/tables/agency_errors.csv"
awk -F, -v OFS=, '$3 == "Bury" { $4 = 0 } 1' fixtures/synth/gm_geography.csv \
    >"$work/tables/gm_geography.csv"
refuses "a district with no people" 1 "district Bury has no people" \
    --people 100 --tables "$work/tables"

finish
