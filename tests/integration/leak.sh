#!/usr/bin/env bash
# Identifiers planted in every column turn up nowhere outside keep/: not in
# bundles, results, the manifest, messages or logs, bad rows and --verbose
# included.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
# Every identifier column holds an unmistakable value in some row; the planted
# words also stand in damaged rows.
plant() {
    local csv=$p/extracts/north.csv
    {
        echo "LEAKID01,LEAKSURNAME,LEAKFORENAME,1987-06-05,F,M1 1AE,77"
        echo "LEAKID02,LEAKSURNAME,LEAKFORENAME,LEAKDATE,LEAKSEX,LEAKPOST,LEAKHOUSE"
        echo "LEAKID03,LEAKSURNAME,LEAKFORENAME,1987-06-05"
        echo "LEAKID04,LEAKSUR\"NAME,LEAKFORENAME,1987-06-05,F,M1 1AE,77"
        printf 'LEAKID05,LEAKSUR\xffNAME,LEAKFORENAME,1987-06-05,F,M1 1AE,77\n'
        printf 'LEAKID06,LEAKSUR\x00NAME,LEAKFORENAME,1987-06-05,F,M1 1AE,77\n'
        echo "LEAKID01,LEAKSURNAME,LEAKFORENAME,1987-06-05,F,M1 1AE,77"
    } >>"$csv"
    sed '/^R7/{s/,F,/,M,/}' "$csv" | sed -n '/^LEAK/p' | sed 's/^LEAKID/LEAKKEY/' \
        >>"$p/extracts/south.csv"
}
plant
# A refuge that is declared: which people live there is marked, what it is not.
echo "communal: communal.csv" >>"$p/kith.yaml"
printf 'kind,postcode,house\nrefuge,M1 1AE,77\nrefuge,LEAKPOST,LEAKHOUSE\n' \
    >"$p/communal.csv"
check "a run with planted values" "$kith" run "$p/kith.yaml" --verbose
cat "$work/stdout" "$work/stderr" >"$work/log"
! grep -aqiE 'LEAK|refuge' "$work/log"
ok $? "nothing planted is printed"
! grep -aqiE "$surname|$forename" "$work/log"
ok $? "no name is printed"
found=$(find "$p/out" -type f ! -path '*/keep/*' -print0 |
    xargs -0 grep -alE "refuge|LEAK|SURNAME|1987-06-05|19870605|$surname|$forename|R110005")
[ -z "$found" ]
ok $? "nothing planted is in a bundle, a result or the manifest${found:+ ($found)}"
! grep -qE "LEAK|1987|$surname" "$p"/out/keep/*.rejects.csv
ok $? "rejects.csv holds numbers and reasons only"
grep -q "LEAKID01" "$p/out/keep/north.lookup.csv"
ok $? "the lookup that stays at the agency has its own ids"
! grep -qE "LEAKSUR|LEAKFORE|$surname" "$p"/out/keep/*.lookup.csv
ok $? "the lookup has ids and pseudonyms only"
# Postcodes and names as raw bytes, in any file a colleague may receive.
! grep -arqE 'M1 1AE|M11AE' "$p/out/passes" "$p/out/refs" "$p/out/payload" \
    "$p/out/pairs" "$p/out/results"
ok $? "no postcode in any bundle"
for f in "$p"/out/passes/*.pass "$p"/out/refs/* "$p"/out/payload/*; do
    "$kith" inspect "$f" --rows 5
done >"$work/inspected" 2>&1
! grep -aqiE "LEAK|$surname|SMITH" "$work/inspected"
ok $? "inspect shows nothing planted"
refused "past --max-bad-rows: no value in the message" 3 "$work/o" "north.csv" \
    "$kith" run "$p/kith.yaml" --max-bad-rows 1 --verbose --out "$work/o"
! grep -aqi 'LEAK' "$work/stderr"
ok $? "past --max-bad-rows: nothing planted is printed"
finish
