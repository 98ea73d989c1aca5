#!/usr/bin/env bash
# Links public test sets on encoded data and scores them against their truth.
# Usage: bench/accuracy/run.sh FOLDER
# FOLDER holds febrl/, splink/ and rldata/ (README.md here says which files).
# The specs are what a user would write for the columns, thresholds are the
# model's own choice, and the truth is used for the score alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kith=${KITH:-$here/../../build/release/kith}
data=${1:-}
if [ -z "$data" ] || [ ! -d "$data" ]; then
    echo "bench/accuracy: no folder of public sets (${data:-none given}): nothing measured"
    exit 0
fi
data=$(cd "$data" && pwd)
work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT

# truth_SET: CSV agency,id,person from the set's own labels.
truth_febrl() { # agency file
    awk -F', *' -v a="$1" 'NR > 1 { split($1, p, "-"); print a "," $1 "," p[2] }' \
        "$data/febrl/$2"
}
truth_fake_1000() {
    awk -F, 'NR > 1 { print "fake_1000," $1 "," $NF }' "$data/splink/fake_1000.csv"
}
truth_rldata() { # n
    awk -F, -v a="rldata$1" 'NR > 1 { print a "," $8 "," $9 }' \
        "$data/rldata/RLdata$1.csv" | tr -d '\r'
}

# run SET SPEC AGENCY...: truth lines on standard input.
run() {
    local set=$1 spec=$2 dir="$work/$1" agency file
    shift 2
    mkdir -p "$dir"
    { echo "agency,id,person"; tr -d '\r'; } >"$dir/truth.csv"
    {
        echo "project: accuracy"
        echo "epoch: bench"
        echo "run: $set"
        echo "reference_date: 2026-01-01"
        echo "spec: $here/specs/$spec.yaml"
        echo "key: keys/project.key"
        echo "agency_keys: keys"
        echo "data: $data"
        echo "truth: truth.csv"
        echo "out: out"
        echo "agencies:"
        for agency; do echo "  - $here/mappings/$agency.yaml"; done
    } >"$dir/kith.yaml"
    for agency; do
        file="$data/$(sed -n 's/^  file: //p' "$here/mappings/$agency.yaml")"
        if [ ! -r "$file" ]; then
            printf '%-12s %s is missing\n' "$set" "$file"
            return
        fi
    done
    "$kith" keygen --for "$dir/kith.yaml" >/dev/null
    if ! "$kith" run "$dir/kith.yaml" >"$dir/summary" 2>"$dir/log"; then
        printf '%-12s failed: %s\n' "$set" "$(tail -2 "$dir/log" | tr '\n' ' ')"
        failed=1
        return
    fi
    awk -v set="$set" '
        $1 == "records" { records = $2 }
        /all pairs inside a person/ { p = $(NF-2); r = $(NF-1); f = $NF }
        /B-cubed/ { b = $NF }
        END { printf "%-12s %8s %10s %8s %8s %10s\n", set, records, p, r, f, b }
    ' "$dir/summary"
}

failed=0
printf '%-12s %8s %10s %8s %8s %10s\n' set records precision recall F1 B-cubed
truth_febrl febrl1 dataset1.csv | run febrl1 febrl-one febrl1
truth_febrl febrl2 dataset2.csv | run febrl2 febrl-one febrl2
truth_febrl febrl3 dataset3.csv | run febrl3 febrl-one febrl3
{ truth_febrl febrl4a dataset4a.csv; truth_febrl febrl4b dataset4b.csv; } |
    run febrl4 febrl febrl4a febrl4b
truth_fake_1000 | run fake_1000 fake_1000 fake_1000
truth_rldata 500 | run rldata500 rldata rldata500
truth_rldata 10000 | run rldata10000 rldata rldata10000
exit $failed
