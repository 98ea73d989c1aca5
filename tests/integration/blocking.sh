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
finish
