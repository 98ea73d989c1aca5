#!/usr/bin/env bash
# Links test sets on encoded data and scores them against their truth.
# Usage: bench/accuracy/run.sh FOLDER [REGISTERS]
# FOLDER holds febrl/, splink/ and rldata/ (README.md here says which files).
# REGISTERS holds any further sets, a folder each with a kith.yaml that names
# its truth. The specs are what a user would write for the columns, thresholds
# are the model's own choice, and the truth is used for the score alone.
# KEYS=n links every set under n new keys and gives the means; KEEP=folder
# leaves the runs there, and takes the keys of an earlier one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kith=${KITH:-$here/../../build/release/kith}
data=${1:-}
registers=${2:-}
n_keys=${KEYS:-1}
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

# fact FILE NAME: one figure of a manifest.
fact() { sed -n "s/^ *\"$2\": \"\(.*\)\",*$/\1/p" "$1"; }

# one SET DIR: links one project under one key; a line of figures to DIR/figures.
one() {
    local set=$1 dir=$2 name
    [ -d "$dir/keys" ] || "$kith" keygen --for "$dir/kith.yaml" >/dev/null
    if ! "$kith" run "$dir/kith.yaml" >"$dir/summary" 2>"$dir/log"; then
        printf '%-12s failed: %s\n' "$set" "$(tail -2 "$dir/log" | tr '\n' ' ')"
        failed=1
        return 1
    fi
    {
        awk '$1 == "records" { print $2 }' "$dir/summary" | tr -d ,
        for name in closed_f1 closed_precision closed_recall bcubed_f1 \
            expected_link_precision expected_person_precision \
            expected_link_recall expected_person_recall; do
            fact "$dir/out/manifest.json" "$name"
        done
    } | paste -sd' ' >"$dir/figures"
}

# report SET: the means over its keys.
report() {
    cat "$work/$1"/*/figures | awk -v set="$1" '
        { for (i = 1; i <= 9; i++) sum[i] += $i
          if (NR == 1 || $2 < least) least = $2
          if (NR == 1 || $2 > most) most = $2 }
        END { printf "%-12s %8d  %.4f  %.4f to %.4f  %.4f  %.4f  %.4f  %.3f %.3f  %.3f %.3f\n",
                  set, sum[1] / NR, sum[2] / NR, least, most, sum[3] / NR, sum[4] / NR,
                  sum[5] / NR, sum[6] / NR, sum[7] / NR, sum[8] / NR, sum[9] / NR }'
}

# register FOLDER: a set with a project of its own; its paths become absolute.
register() {
    local from set dir k
    from=$(cd "$1" && pwd)
    set=$(basename "$from")
    for ((k = 1; k <= n_keys; k++)); do
        dir="$work/$set/$k"
        mkdir -p "$dir"
        sed -E -e "s@^(spec|data|truth): ([^/].*)@\1: $from/\2@" \
            -e "s@^(agencies: \[)([^/].*)@\1$from/\2@" "$from/kith.yaml" >"$dir/kith.yaml"
        one "$set" "$dir" || return
    done
    report "$set"
}

# run SET SPEC AGENCY...: truth lines on standard input.
run() {
    local set=$1 spec=$2 dir="$work/$1" agency file k
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
    for ((k = 1; k <= n_keys; k++)); do
        mkdir -p "$dir/$k"
        cp "$dir/truth.csv" "$dir/kith.yaml" "$dir/$k/"
        one "$set" "$dir/$k" || return
    done
    report "$set"
}

failed=0
echo "set           records  F1      least to most     prec.   recall  B-cubed expected of links and persons:"
echo "                                                                          precision    recall"
truth_febrl febrl1 dataset1.csv | run febrl1 febrl-one febrl1
truth_febrl febrl2 dataset2.csv | run febrl2 febrl-one febrl2
truth_febrl febrl3 dataset3.csv | run febrl3 febrl-one febrl3
{ truth_febrl febrl4a dataset4a.csv; truth_febrl febrl4b dataset4b.csv; } |
    run febrl4 febrl febrl4a febrl4b
truth_fake_1000 | run fake_1000 fake_1000 fake_1000
truth_rldata 500 | run rldata500 rldata rldata500
truth_rldata 10000 | run rldata10000 rldata rldata10000
for folder in ${registers:+"$registers"/*/}; do
    register "$folder"
done
exit $failed
