#!/usr/bin/env bash
# Encoded extracts that do not belong together, or are damaged: refused by
# name before any matching.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
both() { # DIR: north and south encoded
    local agency
    for agency in north south; do
        "$kith" encode "$p/$agency.yaml" --key "$p/keys/project.key" \
            --agency-key "$p/keys/$agency.key" --data "$p/extracts" \
            --out "$1" --reference-date 2026-03-31 --quiet || return 1
    done
}
check "both agencies encode" both "$work/good"
check "train" "$kith" train --passes "$work/good/passes" \
    --out "$work/model.yaml" --quiet
check "match" "$kith" match --passes "$work/good/passes" \
    --model "$work/model.yaml" --out "$work/pairs" --quiet
check "cluster" "$kith" cluster --pairs "$work/pairs" --refs "$work/good/refs" \
    --out "$work/results" --quiet
fresh() {
    rm -rf "$work/b" "$work/o"
    cp -r "$work/good" "$work/b"
}
match() { # NAME EXIT WORDS
    refused "$1" "$2" "$work/o" "$3" "$kith" match --passes "$work/b/passes" \
        --model "$work/model.yaml" --out "$work/o" --quiet
    fresh
}
# north encoded another way, its passes put beside the others.
mixed() { # KEY OPTION...
    local key=$1
    shift
    "$kith" encode "$p/north.yaml" --key "$key" \
        --agency-key "$p/keys/north.key" --data "$p/extracts" \
        --out "$work/other" --reference-date 2026-03-31 --quiet "$@"
    cp "$work/other"/passes/north.* "$work/b/passes/"
    rm -rf "$work/other"
}
fresh
"$kith" keygen "$work/second.key" --project test --epoch 2026-q1
mixed "$work/second.key"
match "another key" 1 "north|south|different keys"
"$kith" keygen "$work/q2.key" --project test --epoch 2026-q2
mixed "$work/q2.key"
match "another epoch" 1 "north|south|epoch"
mixed "$p/keys/project.key" --run other-night
match "another run" 1 "north|south|run"
printf 'name: other\nextends: default\nfilter: {bits: 512, insertions: 355, q: 2}\n' \
    >"$work/other.yaml"
mixed "$p/keys/project.key" --spec "$work/other.yaml"
match "another spec" 1 "spec"
pass=north.D.pass
sed -i 's/^normaliser: 2$/normaliser: 9/' "$work/b/passes/$pass"
match "a header that was changed" 1 "$pass|damaged in its header"
head -c 1000 "$work/good/passes/$pass" >"$work/b/passes/$pass"
match "truncated" 1 "$pass"
: >"$work/b/passes/$pass"
match "empty" 1 "$pass"
# One bit in the middle of the rows.
flip() { # FILE
    local at byte
    at=$(($(stat -c %s "$1") / 2))
    byte=$(od -An -tu1 -j "$at" -N 1 "$1" | tr -d ' ')
    printf "\\x$(printf %x $((byte ^ 1)))" |
        dd of="$1" bs=1 seek="$at" conv=notrunc 2>/dev/null
}
flip "$work/b/passes/$pass"
match "one flipped bit" 1 "$pass"
flip "$work/b/passes/$pass"
refused "inspect finds the flipped bit" 1 "$work/none" "$pass" \
    "$kith" inspect "$work/b/passes/$pass"
check "inspect reads a whole file" "$kith" inspect "$work/good/passes/$pass"
! grep -qiE "$surname|$forename|SMITH" "$work/stdout"
ok $? "inspect shows no value"
fresh
refused "a file that is not kith's" 1 "$work/none" "kith.yaml" \
    "$kith" inspect "$p/kith.yaml"

# Pairs of one run with refs of another.
both_other() {
    sed -i 's/^R11/R12/' "$p/extracts/north.csv"
    "$kith" encode "$p/north.yaml" --key "$p/keys/project.key" \
        --agency-key "$p/keys/north.key" --data "$p/extracts" --out "$work/b" \
        --reference-date 2026-03-31 --run other-night --quiet
}
both_other
refused "pairs and refs of different runs" 1 "$work/o" "run" \
    "$kith" cluster --pairs "$work/pairs" --refs "$work/b/refs" --out "$work/o" \
    --quiet
fresh
# Payload of another key or spec: its homes meet nobody's.
family() { # NAME WORDS
    refused "$1" 1 "$work/o" "$2" "$kith" family --results "$work/results" \
        --payload "$work/b/payload" --out "$work/o" --quiet
    fresh
}
payload() { # KEY OPTION...
    local key=$1
    shift
    "$kith" encode "$p/north.yaml" --key "$key" --run 2026-03-31 \
        --agency-key "$p/keys/north.key" --data "$p/extracts" \
        --out "$work/other" --reference-date 2026-03-31 --quiet "$@"
    cp "$work/other"/payload/north.* "$work/b/payload/"
    rm -rf "$work/other"
}
sed -i '/^R12/s/^R12/R11/' "$p/extracts/north.csv"
payload "$work/second.key"
family "payload of another key" "north.people|different keys"
payload "$p/keys/project.key" --spec "$work/other.yaml"
family "payload of another spec" "north.people|different keys"
refused "link holds two bundles only on a single site" 2 "$work/o" "single_site" \
    "$kith" link --passes "$work/good/passes" --refs "$work/good/refs" \
    --out "$work/o"
sed 's/u: [0-9.e-]*/u: 7/' "$work/model.yaml" >"$work/bad-model.yaml"
refused "a model with impossible numbers" 2 "$work/o" "bad-model.yaml" \
    "$kith" match --passes "$work/good/passes" --model "$work/bad-model.yaml" \
    --out "$work/o" --quiet
finish
