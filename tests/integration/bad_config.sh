#!/usr/bin/env bash
# Project, mapping, spec and criteria files that are wrong: exit 2.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
cp -r "$p" "$work/good"
fresh() {
    rm -rf "$p"
    cp -r "$work/good" "$p"
}
bad() { # NAME WORDS
    refused "$1" 2 "$p/out" "$2" "$kith" run "$p/kith.yaml"
    fresh
}
refused "project file missing" 2 "$p/out" "nowhere.yaml" \
    "$kith" run "$p/nowhere.yaml"
sed -i 's/^epoch:/epok:/' "$p/kith.yaml"
bad "unknown key: line, column, nearest name" "kith.yaml:2:|epok|epoch"
sed -i 's/^data: extracts/data: [a, b]/' "$p/kith.yaml"
bad "wrong type" "kith.yaml:6"
sed -i '/^project:/d' "$p/kith.yaml"
bad "missing key" "kith.yaml|project"
printf 'project: [unclosed\n' >"$p/kith.yaml"
bad "not YAML" "kith.yaml:"
sed -i 's/^reference_date:.*/reference_date: 2026-02-30/' "$p/kith.yaml"
bad "a date that is none" "kith.yaml:3"
sed -i 's/agencies:.*/agencies: [north.yaml, south.yaml, north.yaml]/' "$p/kith.yaml"
bad "the same agency twice" "north"
sed 's/^agency: south/agency: north/' "$work/good/south.yaml" >"$p/south.yaml"
bad "two mappings of one agency name" "north|south.yaml"
rm "$p/south.yaml"
refused "mapping file missing" 2 "$p/out" "south.yaml" "$kith" run "$p/kith.yaml"
fresh
sed -i 's/surname, column/surnam, column/' "$p/north.yaml"
bad "a field that the spec does not have" "north.yaml|surnam|surname"
sed -i 's/  columns:/  colums:/' "$p/north.yaml"
bad "unknown key in a mapping" "north.yaml:5|colums|columns"
sed -i 's/column: last/column: lost/' "$p/north.yaml"
bad "a column that the extract does not have" "north.yaml|north.csv|lost|last"
echo "previous: last/results" >>"$p/kith.yaml"
refused "previous results that are not there" 2 "$p/out" \
    "previous|last/results/persons.csv|--first-run" "$kith" run "$p/kith.yaml"
check "the first run says so" "$kith" run "$p/kith.yaml" --first-run --quiet
mkdir -p "$p/last"
cp -r "$p/out/results" "$p/last/"
check "and the next has the last one's" "$kith" run "$p/kith.yaml" --quiet
cmp -s "$p/last/results/persons.csv" "$p/out/results/persons.csv"
ok $? "whose ids it keeps"
fresh
echo "spec: a.yaml" >>"$p/kith.yaml"
printf 'name: a\nextends: b.yaml\n' >"$p/a.yaml"
printf 'name: b\nextends: a.yaml\n' >"$p/b.yaml"
bad "specs that extend each other" "a.yaml|extend each other"
echo "spec: gone.yaml" >>"$p/kith.yaml"
refused "spec file missing" 2 "$p/out" "gone.yaml" "$kith" run "$p/kith.yaml"
fresh
echo "spec: wide.yaml" >>"$p/kith.yaml"
printf 'name: wide\nextends: default\npasses:\n  - {name: W, key: [sex]}\n' \
    >"$p/wide.yaml"
bad "a pass with wide blocks" "W|single_site"
echo "communal: gone.csv" >>"$p/kith.yaml"
refused "list of communal addresses missing" 2 "$p/out" "gone.csv" \
    "$kith" run "$p/kith.yaml"
fresh
echo "communal: communal.csv" >>"$p/kith.yaml"
printf 'kind,postcode,house\nrefuge,M2 3AB,2\nhostle,M3 4AB,3\n' >"$p/communal.csv"
bad "a kind of communal address that is none" "communal.csv:3|kind|hostel"
echo "criteria: [c.criteria]" >>"$p/kith.yaml"
sed 's/^  level/  levell/' "$root/fixtures/criteria/frequent_ae.criteria" >"$p/c.criteria"
line=$(grep -n levell "$p/c.criteria" | cut -d: -f1)
bad "a criteria file with a slip" "c.criteria:$line|levell|level"
finish
