#!/usr/bin/env bash
# Data from which nothing can be learnt: a run ends with a clear statement, and
# no number in its outputs is none.
# shellcheck source=tests/integration/lib.bash
. "$(dirname "$0")/lib.bash"

head='id,last,first,born,pc'
one='SMITH,JOHN,1970-02-03,M1 1AA'

# project NAME SITE: an extract on standard input, one agency.
project() {
    local dir="$work/$1"
    mkdir -p "$dir"
    cat >"$dir/data.csv"
    cat >"$dir/map.yaml" <<'YAML'
agency: only
title: The only agency
link: many
persons:
  file: data.csv
  id: id
  columns:
    - {field: surname, column: last}
    - {field: forename, column: first}
    - {field: dob, column: born, format: yyyy-mm-dd}
    - {field: postcode, column: pc}
YAML
    printf 'name: small\nextends: default\nsingle_site: %s\n' "$2" >"$dir/spec.yaml"
    cat >"$dir/kith.yaml" <<'YAML'
project: small
epoch: e1
run: r1
reference_date: 2026-01-01
spec: spec.yaml
key: keys/project.key
agency_keys: keys
data: .
out: out
agencies: [map.yaml]
YAML
    "$kith" keygen --for "$dir/kith.yaml" >/dev/null
}

# people NAME: how many persons the run found.
people() { tail -n +2 "$work/$1/out/results/persons.csv" | cut -d, -f1 | sort -u | wc -l; }

# sane NAME PERSONS STATEMENT: the run ends well, says so, and knows so many.
sane() {
    local dir="$work/$1"
    "$kith" run "$dir/kith.yaml" >"$work/stdout" 2>"$work/stderr" &&
        grep -q "$3" "$work/stderr" &&
        ! grep -riqE '[^a-z](nan|inf)[^a-z]' "$dir/out/model.yaml" "$dir/out/results" \
            "$dir/out/manifest.json" &&
        [ "$(people "$1")" = "$2" ]
    ok $? "$1: $2 persons, and \"$3\""
}

for site in yes no; do
    printf '%s\n1,%s\n2,%s\n3,JONES,MARY,1980-05-06,M2 2BB\n' "$head" "$one" "$one" |
        project "three-$site" "$site"
    sane "three-$site" 2 "no class of matches stands out among"

    printf '%s\n1,%s\n' "$head" "$one" | project "one-$site" "$site"
    sane "one-$site" 1 "no two rows share a block: it finds nothing"

    { echo "$head"; for i in $(seq 200); do echo "$i,,,,"; done; } |
        project "nulls-$site" "$site"
    sane "nulls-$site" 200 "no two rows share a block: it finds nothing"

    { echo "$head"; for i in $(seq 40); do echo "$i,$one"; done; } |
        project "same-$site" "$site"
    sane "same-$site" 1 "no class of matches stands out among"

    # Names as random letters: not one pair of alike ones among millions.
    awk -v head="$head" 'BEGIN {
        srand(3); print head
        for (i = 1; i <= 1500; i++) {
            a = b = ""
            for (k = 0; k < 7; k++) {
                a = a sprintf("%c", 65 + int(rand() * 26))
                b = b sprintf("%c", 65 + int(rand() * 26))
            }
            printf "%d,%s,%s,%d-%02d-%02d,M%d %dAB\n", i, a, b, 1930 + rand() * 70,
                1 + rand() * 12, 1 + rand() * 28, 1 + rand() * 40, 1 + rand() * 9
        }
    }' | project "unique-$site" "$site"
    sane "unique-$site" 1500 "no class of matches stands out\|finds nothing"
done

echo "$head" | project none no
if "$kith" run "$work/none/kith.yaml" >"$work/stdout" 2>"$work/stderr"; then
    ok 1 "an extract without records is refused"
else
    grep -q "without records" "$work/stderr"
    ok $? "an extract without records is refused"
fi
finish
