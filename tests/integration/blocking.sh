#!/usr/bin/env bash
# The estimate of what blocking misses, against the truth of a made-up town.
# shellcheck source=tests/integration/lib.bash
. "$(dirname "$0")/lib.bash"

"$kith" synth --people 3000 --seed 7 --out "$work/town" --quiet &&
    "$kith" keygen --for "$work/town/kith.yaml" >/dev/null &&
    "$kith" run "$work/town/kith.yaml" --quiet >/dev/null
check "the blocking report is made" "$kith" blocking "$work/town/out" \
    --truth "$work/town/truth/records.csv" --out "$work/blocking.csv" --quiet

# Pairs of records that have no pass in common (possible_0) allow no estimate.
awk -F, '
    $1 ~ /^possible_[1-9]/ && $2 == "true_pairs" { pairs += $3 }
    $1 ~ /^possible_[1-9]/ && $2 == "true_pairs_not_blocked" { missed += $3 }
    $1 == "all" && $2 == "estimated_blocking_recall" { estimate = $3 }
    END {
        off = estimate - (1 - missed / pairs)
        exit !(pairs > 1000 && off < 0.05 && off > -0.05)
    }' "$work/blocking.csv"
ok $? "estimated recall is within 0.05 of the real one"

# What a suggested pass is expected to find, against what it finds when added.
key=$(awk -F, '$1 == "suggest_pass" && $2 == "surname.soundex+forename.soundex" { print $3 }' \
    "$work/blocking.csv")
cat >"$work/town/linkage.yaml" <<'SPEC'
name: with-names
extends: default
passes:
  - {name: D, key: [dob.sorted, either.soundex]}
  - {name: A, key: [postcode, either.soundex, other.initial]}
  - {name: Y, key: [postcode, dob.year, dob.month]}
  - {name: N, key: [surname.soundex, forename.soundex, dob.year]}
  - {name: M, key: [surname.soundex, forename.soundex, dob.daymonth]}
  - {name: F, key: [surname.soundex, forename.soundex]}
SPEC
sed 's/^out: out/out: more\nspec: linkage.yaml/' "$work/town/kith.yaml" >"$work/town/more.yaml"
"$kith" run "$work/town/more.yaml" --quiet >/dev/null
check "a run with one more pass is reported" "$kith" blocking "$work/town/more" \
    --spec "$work/town/linkage.yaml" --truth "$work/town/truth/records.csv" \
    --out "$work/more.csv" --quiet
missed() {
    awk -F, '$1 == "all" && $2 == "true_pairs_not_blocked" { print $3 }' "$1"
}
awk -v expected="${key:-0}" -v before="$(missed "$work/blocking.csv")" \
    -v after="$(missed "$work/more.csv")" 'BEGIN {
        found = before - after
        exit !(found > 100 && expected > found * 0.75 && expected < found * 1.33)
    }'
ok $? "a suggested pass finds what it was said to, within a third"

"$kith" blocking "$work/town/out" >"$work/screen"
grep -q 'pass .* only here' "$work/screen" && grep -q '\[surname.soundex, forename.soundex\]' "$work/screen"
ok $? "the report shows a table of passes and the suggested keys"
finish
