#!/usr/bin/env bash
# The linkage unit's second key: every result is what it was, nothing of the
# project key's is left to compare, and mixtures are refused by name.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
for agency in north south; do
    check "$agency encodes" "$kith" encode "$p/$agency.yaml" \
        --key "$p/keys/project.key" --agency-key "$p/keys/$agency.key" \
        --data "$p/extracts" --out "$work/sent" --reference-date 2026-03-31 \
        --quiet
done
for n in 1 2; do
    "$kith" keygen "$work/unit$n.key" --project test --epoch 2026-q1 --agency unit
done
rekey() { # KEY BUNDLE FROM TO
    "$kith" rekey "$3/$2" --key "$work/$1.key" --out "$4/$2" --quiet
}
for bundle in passes refs; do
    check "rekey $bundle" rekey unit1 $bundle "$work/sent" "$work/kept"
done
link() { # FROM TO
    "$kith" train --passes "$1/passes" --out "$2.yaml" --quiet &&
        "$kith" match --passes "$1/passes" --model "$2.yaml" --out "$2.pairs" \
            --quiet &&
        "$kith" cluster --pairs "$2.pairs" --refs "$1/refs" --out "$2" --quiet
}
check "link as sent" link "$work/sent" "$work/a"
check "link as kept" link "$work/kept" "$work/b"
check "the model is the same" cmp "$work/a.yaml" "$work/b.yaml"
[ "$(wc -l <"$work/a/links.csv")" -gt 100 ]
ok $? "there are links"
for f in persons.csv links.csv review.csv; do
    check "$f is the same" cmp "$work/a/$f" "$work/b/$f"
done

check "family joins results of rekeyed refs with payload" "$kith" family \
    --results "$work/b" --payload "$work/sent/payload" --out "$work/b" --quiet

mixed() { # NAME WORDS
    refused "$1" 1 "$work/o" "$2" "$kith" match --passes "$work/mix" \
        --model "$work/a.yaml" --out "$work/o" --quiet
    rm -rf "$work/mix" "$work/o"
}
mix() { # NORTH SOUTH
    mkdir "$work/mix"
    cp "$1"/passes/north.* "$2"/passes/south.* "$work/mix/"
}
mix "$work/kept" "$work/sent"
mixed "one rekeyed, the other not" "north|south|different keys|kith rekey"
rekey unit2 passes "$work/sent" "$work/other"
mix "$work/kept" "$work/other"
mixed "rekeyed with different keys" "north|south|different keys"
refused "rekeyed pairs and refs that are not" 1 "$work/o" "different keys" \
    "$kith" cluster --pairs "$work/b.pairs" --refs "$work/sent/refs" \
    --out "$work/o" --quiet
refused "rekeyed twice" 1 "$work/twice" "rekeyed already" \
    "$kith" rekey "$work/kept/passes" --key "$work/unit1.key" \
    --out "$work/twice" --quiet
refused "onto itself" 2 "$work/none" "another folder" \
    "$kith" rekey "$work/sent/passes" --key "$work/unit1.key" \
    --out "$work/sent/passes" --quiet
refused "with a project key" 2 "$work/none" "agency key is wanted" \
    "$kith" rekey "$work/sent/passes" --key "$p/keys/project.key" \
    --out "$work/none" --quiet
finish
