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
finish
