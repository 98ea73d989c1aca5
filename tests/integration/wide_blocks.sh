#!/usr/bin/env bash
# A pass with blocks that are too wide is refused, or goes without those blocks
# where it says so.
# shellcheck source=tests/integration/lib.bash
. "$(dirname "$0")/lib.bash"

"$kith" synth --people 2000 --seed 3 --out "$work/town" --quiet &&
    "$kith" keygen --for "$work/town/kith.yaml" >/dev/null
town=$work/town
sed -i 's/^out: out/out: out\nspec: linkage.yaml/; /^truth:/d' "$town/kith.yaml"

spec() { # what the wide pass says further
    cat >"$town/linkage.yaml" <<END
name: wide
extends: default
passes:
  - {name: D, key: [dob.sorted, either.soundex]}
  - {name: W, key: [dob.year, forename.initial]$1}
END
}
run() { "$kith" run "$town/kith.yaml" --quiet >"$work/said" 2>&1; }

spec ""
run
[ $? = 2 ] && grep -q 'pass "W": a block of .* holds .* people on average' "$work/said"
ok $? "a pass with wide blocks is refused by name"

spec ", widest: 2"
run
ok $? "it is taken when it leaves them out"
manifest=$town/out/manifest.json
awk -F'[:,}]' '/"reason": "pass_W_rows"/ { for (i = 1; i < NF; i++) if ($i ~ /"n"/) sent += $(i + 1) }
    /"reason": "pass_W_rows_in_wide_blocks"/ { for (i = 1; i < NF; i++) if ($i ~ /"n"/) left += $(i + 1) }
    END { exit !(sent > 0 && left > 0) }' "$manifest"
ok $? "the rows sent and those left out are counted"
grep -o '"block_width[^"]*W": "mean [0-9.]* p99 [0-9]*' "$manifest" |
    awk '{ n++; if ($NF > 2) wide++ } END { exit !(n > 5 && wide == 0) }'
ok $? "no block that is sent is wider"

spec ", widest: 1001"
run
[ $? = 2 ] && grep -q 'linkage.yaml:5:.*widest is people in a block, 1 to 1000' "$work/said"
ok $? "a limit out of range is told with its line"
finish
