#!/usr/bin/env bash
# The data dictionary: `kith help files` has every table with its columns, in
# their order, and no others.
. "$(dirname "$0")/lib.bash"
data=$work/data
out=$data/out
"$kith" synth --people 1500 --seed 4 --criteria "$root/fixtures/criteria" \
    --out "$data" --quiet >/dev/null && "$kith" keygen --for "$data/kith.yaml" \
    >/dev/null && "$kith" run "$data/kith.yaml" --quiet
ok $? "a run"
cp -r "$out/results" "$work/last"
echo "previous: $work/last" >>"$data/kith.yaml"
check "another, with what was before" "$kith" run "$data/kith.yaml" --quiet
check "a sample" "$kith" sample "$out" --truth "$data/truth/records.csv"
check "what blocking earns" "$kith" blocking "$out"
"$kith" help files >"$work/dictionary"
columns() { # FILE: its columns in the dictionary, as a header line
    awk -v file="$1" '/^[^ ]*\.csv$/ { on = $0 == file }
        on && /^    [a-z]/ && substr($0, 5, 1) != " " {
            line = line (line == "" ? "" : ",") $1 }
        END { print line }' "$work/dictionary"
}
n=0
for f in "$out"/results/*.csv "$out"/keep/gp.*.csv; do
    name=${f#"$out"/}
    name=${name/gp./AGENCY.}
    [ "$(head -1 "$f")" = "$(columns "$name")" ]
    ok $? "$name: $(columns "$name")"
    n=$((n + 1))
done
[ "$n" = "$(grep -c '^[^ ]*\.csv$' "$work/dictionary")" ]
ok $? "no table is described that is not there"

# Encoded rows are shown by name; people are sorted by pseudonym.
for f in payload/gp.people payload/gp.events refs/gp.records refs/gp.A.map \
    pairs/A.pairs; do
    "$kith" inspect "$out/$f" --rows 1 | awk '
        /^row / { n = NF; getline; ok = n > 2 && NF == n }
        END { exit !ok }'
    ok $? "$f: a value for each name"
done
[ "$("$kith" inspect "$out/payload/gp.people" --rows 1 | awk '$1 == 0 { print $2 }')" = \
    "$(tail -n +2 "$out/keep/gp.lookup.csv" | cut -d, -f1 | sort | head -1)" ]
ok $? "the first row is the first pseudonym"
finish
