#!/usr/bin/env bash
# What an encoding gives away: the shipped spec holds and the controls break,
# opt-outs are left out, nothing is left behind, and mistakes are named.
# shellcheck source=tests/integration/lib.bash
. "$(dirname "$0")/lib.bash"

"$kith" synth --people 6000 --seed 5 --out "$work/town" --quiet &&
    "$kith" keygen --for "$work/town/kith.yaml" >/dev/null
mkdir "$work/scratch"

attack() {
    "$kith" attack "$work/town/agencies/gp.yaml" \
        --key "$work/town/keys/project.key" \
        --agency-key "$work/town/keys/gp.key" --reference-date 2026-03-31 \
        --data "$work/town/extracts" --scratch "$work/scratch" \
        --targets 2500 --quiet "$@"
}
# said FILE SUBJECT MEASURE: the verdicts of a measure.
said() {
    grep -F "\"subject\": \"$2\"" "$1" | grep -F "\"measure\": \"$3\"" |
        sed 's/.*"verdict": "\([a-z]*\)".*/\1/'
}

# The town is too small for some controls to break: they are asked one by one.
attack --out "$work/a.json" >/dev/null 2>"$work/stderr"
grep -q '"broken": 0,' "$work/a.json"
ok $? "the shipped spec passes"
[ -z "$(ls -A "$work/scratch")" ]
ok $? "nothing stays in the scratch folder"
[ "$(said "$work/a.json" "control: birth month" \
    "graph alignment, all columns, 100 % list")" = breaks ]
ok $? "a pass of the birth month alone breaks the graph gate"
[ "$(said "$work/a.json" "control: no salt" \
    "bits of a name in two blocks, r")" = breaks ]
ok $? "without a salt a name is the same in two blocks"
[ "$(said "$work/a.json" A "graph alignment, all columns, 100 % list")" = holds ]
ok $? "pass A holds it, on all columns"
[ "$(said "$work/a.json" "control: what stays" "values in clear, keep")" = breaks ]
ok $? "values in clear are found where they are"

# Half of the people opt out.
tail -n +2 "$work/town/extracts/gp_persons.csv" | cut -d, -f1 |
    awk 'NR % 2' >"$work/optout.txt"
attack --exclude "$work/optout.txt" --out "$work/b.json" >/dev/null 2>&1
a=$(sed -n 's/.*"records": \([0-9]*\).*/\1/p' "$work/a.json")
b=$(sed -n 's/.*"records": \([0-9]*\).*/\1/p' "$work/b.json")
[ "$b" -gt 0 ] && [ $((a - b)) = "$(sort -u "$work/optout.txt" | wc -l)" ]
ok $? "who opts out is left out"

# Rows carrying everything, in blocks of postcode and year: names too many.
cat >"$work/wide.yaml" <<END
name: wide
extends: default
passes:
  - {name: Y, key: [postcode, dob.year]}
END
attack --spec "$work/wide.yaml" --out "$work/c.json" >/dev/null 2>"$work/stderr"
[ $? = 1 ] && grep -q "break their gate" "$work/stderr" &&
    [ "$(said "$work/c.json" Y "graph alignment, all columns, 100 % list")" = breaks ]
ok $? "a spec that names too many rows is refused"

# refused STATUS TEXT ARGUMENTS...
refused() {
    local want=$1 text=$2
    shift 2
    attack "$@" >"$work/stdout" 2>"$work/stderr"
    [ $? = "$want" ] && grep -qF -- "$text" "$work/stderr"
}
check "no folder to write in" refused 1 "nowhere" --scratch "$work/nowhere"
check "no list of opt-outs" refused 1 "none.txt" --exclude "$work/none.txt"
check "no blocks to try" refused 2 "--targets" --targets 0
check "a date that is none" refused 2 "reference-date" --reference-date 31/03/2026
printf 'PatientID\n' >"$work/town/extracts/short.csv"
sed 's/gp_persons.csv/short.csv/' "$work/town/agencies/gp.yaml" \
    >"$work/town/agencies/short.yaml"
"$kith" attack "$work/town/agencies/short.yaml" \
    --key "$work/town/keys/project.key" --agency-key "$work/town/keys/gp.key" \
    --data "$work/town/extracts" --quiet >/dev/null 2>"$work/stderr"
[ $? = 2 ] && grep -q "column" "$work/stderr"
ok $? "a header without the mapping's columns is the mapping's mistake"
finish
