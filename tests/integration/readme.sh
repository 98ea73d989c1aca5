#!/usr/bin/env bash
# The README's commands run as they are printed there.
. "$(dirname "$0")/lib.bash"
PATH=$(dirname "$kith"):$PATH
block() { # WORDS: the indented block of the README that holds them
    awk -v words="$1" '
        /^    / || (/^$/ && text != "") { text = text substr($0, 5) "\n"; next }
        index(text, words) { exit }
        { text = "" }
        END { if (index(text, words)) printf "%s", text }' "$root/README.md"
}
extract "$work/people.csv" 300 11
awk -F, 'NR == 1 { print "TENANT_REF,SURNAME,FORENAME,DOB,POSTCODE"; next }
    { split($4, d, "-"); printf "%s,%s,%s,%s/%s/%s,%s\n", $1, $2, $3, d[3], d[2], d[1], $6 }
    ' "$work/people.csv" >"$work/tenants.csv"
block "mkdir -p links/agencies" | sed "s|/path/to/|$work/|" >"$work/quick"
[ "$(wc -l <"$work/quick")" -ge 9 ]
ok $? "the quick start is there"
(cd "$work" && bash -eu quick) >"$work/stdout" 2>"$work/stderr"
ok $? "the quick start runs"
[ "$(wc -l <"$work/links/out/results/persons.csv")" = 301 ]
ok $? "and links the records"
block "kith keygen housing.key" >"$work/links/sites"
mkdir "$work/links/cohorts"
cp "$root/fixtures/criteria/frequent_ae.criteria" "$work/links/cohorts"
sed -i '1i events ae_attendance, admission' "$work/links/cohorts/frequent_ae.criteria"
(cd "$work/links" && bash -eu sites) >"$work/stdout" 2>"$work/stderr"
ok $? "the way between sites runs"
[ "$(cut -d, -f1 "$work/links/results/persons.csv" | sort -u | wc -l)" = \
    "$(cut -d, -f1 "$work/links/out/results/persons.csv" | sort -u | wc -l)" ]
ok $? "and finds as many persons"
[ -s "$work/links/results/counts.csv" ]
ok $? "and counts flags"
# Rekeying: once, and not twice.
cd "$work/links" || exit 1
kith keygen unit.key --project trial --epoch 2026-q1 --agency unit >/dev/null
check "a bundle is rekeyed" kith rekey passes --key unit.key --out once
refused "but not twice" 1 "$work/links/twice" "rekeyed already" \
    kith rekey once --key unit.key --out twice
mkdir mixed
cp once/*.pass mixed/
sed 's/agency: housing/agency: other/' agencies/housing.yaml >agencies/other.yaml
kith keygen other.key --project trial --epoch 2026-q1 --agency other >/dev/null
kith encode agencies/other.yaml --data extracts --key project.key \
    --agency-key other.key --run night --out other --quiet
cp other/passes/*.pass mixed/
refused "rekeyed files do not meet others" 1 "$work/none" \
    "different keys|kith rekey" kith train --passes mixed --out "$work/none"
finish
