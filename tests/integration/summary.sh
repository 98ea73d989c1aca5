#!/usr/bin/env bash
# The summary of a run: rows add up, every cohort has its unknown.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
# Of north's persons one is ragged, one repeated, two opted out; of its events
# one is ragged, one in the future, one of nobody, one of somebody who opted
# out, and two are meant by no mapping.
sed -n 3p "$p/extracts/north.csv" >>"$p/extracts/north.csv"
echo "R1,too,short" >>"$p/extracts/north.csv"
printf 'id\nR110007\nR110008\n' >"$p/optout.csv"
cat >"$p/extracts/events.csv" <<CSV
ref;kind;day
R110001;OFF;2026-01-02
R110002;OFF;2026-01-03
R110003;OFF;2027-01-03
R119999;OFF;2026-01-03
R110007;OFF;2026-01-03
R110001;ASB;2026-01-03
R110001;ASB;2026-01-04
R110001;OFF
CSV
cat >>"$p/north.yaml" <<YAML
events:
  - file: events.csv
    delimiter: ";"
    type: offence
    id: ref
    start: day
    where: kind
    equals: OFF
coverage:
  - {type: offence, from: 2020-01-01}
YAML
cat >"$p/c.criteria" <<'CRITERIA'
cohort offenders version 1 from 2020-01-01
  level person
  flag yes when has offence, last 12 months
cohort sanctioned version 1 from 2020-01-01
  level person
  include when aged 18 or over
  flag yes when has sanction, last 12 months
CRITERIA
sed -i '1i events sanction' "$p/c.criteria"
printf 'exclude: optout.csv\ncriteria: [c.criteria]\n' >>"$p/kith.yaml"
check "a run with all kinds of bad rows" "$kith" run "$p/kith.yaml"
cp "$work/stdout" "$work/summary"
line() { # AGENCY: its numbers without commas
    grep -m1 "^  $1 " "$work/summary" | tr -d , | awk '{ $1 = ""; print }'
}
[ "$(line north)" = " 302 298 2 2 8 2 3 3" ]
ok $? "north: $(line north)"
[ "$(line south)" = " 280 280 0 0 0 0 0 0" ]
ok $? "south: $(line south)"
[ "$(line all)" = " 582 578 2 2 8 2 3 3" ]
ok $? "all of them"
awk '/^  offenders /  { n += $4 == "<10" }
     /^  sanctioned / { n += $2 == "person" && $4 == "0" && $NF == $3 && $3 > 0 }
     END { exit n != 2 }' "$work/summary"
ok $? "a cohort that nothing is sent for is unknown of all"
[ "$(awk '{ if (length > n) n = length } END { print n }' "$work/summary")" -le 100 ]
ok $? "no line is longer than 100 characters"
check "flagging alone" "$kith" flag "$p/c.criteria" --results "$p/out/results" \
    --payload "$p/out/payload" --out "$work/flags"
grep -qE '^flag +offenders +yes +<10$' "$work/stdout"
ok $? "says no small number either"
finish
