#!/usr/bin/env bash
# What synth refuses: sizes, nights, rates, tables, districts. Each is told with
# what is wrong and where, and leaves nothing behind.
# shellcheck source=tests/integration/lib.bash
source "$(dirname "$0")/lib.bash"
cd "$root" || exit 1

# refuses NAME STATUS PATTERN ARGUMENT...
refuses() {
    local name=$1 want=$2 pattern=$3 got
    shift 3
    "$kith" synth --out "$work/out" --quiet "$@" >"$work/stdout" 2>"$work/stderr"
    got=$?
    test "$got" = "$want"
    ok $? "$name: exit code $want"
    grep -q "$pattern" "$work/stderr"
    ok $? "$name: says so"
    test ! -e "$work/out"
    ok $? "$name: leaves nothing"
}

refuses "nobody" 2 "at least 2 people" --people 0
refuses "one person" 2 "at least 2 people" --people 1
refuses "more people than numbers" 2 "at most 34000000" --people 34000001
refuses "too many nights" 2 "at most 60" --people 100 --days 61
refuses "no such day" 2 "reference-date" --people 100 \
    --reference-date 2026-02-30

mkdir "$work/tables"
sed 's/^cin,[0-9.]*,/cin,1.2,/' fixtures/synth/needs.csv >"$work/tables/needs.csv"
refuses "a rate over 1" 1 'needs.csv:14: column "rate": out of range' \
    --people 100 --tables "$work/tables"
sed 's/^cin,[0-9.]*,/cin,-0.1,/' fixtures/synth/needs.csv >"$work/tables/needs.csv"
refuses "a rate under 0" 1 'needs.csv:14: column "rate": out of range' \
    --people 100 --tables "$work/tables"
sed '/^cin,/d' fixtures/synth/needs.csv >"$work/tables/needs.csv"
refuses "a need without a rate" 1 "needs.csv: no row for need cin" \
    --people 100 --tables "$work/tables"
rm "$work/tables/needs.csv"
cut -d, -f1-4 fixtures/synth/agency_errors.csv >"$work/tables/agency_errors.csv"
refuses "a column that is not there" 1 'truncation' \
    --people 100 --tables "$work/tables"
rm "$work/tables/agency_errors.csv"
# Every table: a column that kith reads is taken away, and named with its file.
for pair in forenames_ew.csv:weight surnames_gb.csv:est_per_million \
    surname_parts.csv:text communities.csv:naming \
    names_by_community.csv:name gm_geography.csv:district \
    gm_lsoa_profile.csv:eth_mixed gm_postcode_sectors.csv:main_district \
    street_stems.csv:weight street_types.csv:suggested_share_gm \
    keyboard_uk.csv:neighbour ocr_confusions.csv:misread \
    phonetic_rules.csv:replacement nicknames.csv:short \
    name_transliterations.csv:variant agency_errors.csv:old_address \
    needs.csv:rate; do
    table=${pair%:*} column=${pair#*:}
    sed "1s/\(^\|,\)$column\(,\|\$\)/\1other\2/" "fixtures/synth/$table" \
        >"$work/tables/$table"
    refuses "$table without $column" 1 "$table.*\"$column\"" \
        --people 100 --tables "$work/tables"
    rm "$work/tables/$table"
done

# Sizes of nobody, of one person, of one district.
areas='lsoa21_code,neighbourhood_synthetic,district,population_2021,imd2019_decile'
printf '%s\n' "$areas" >"$work/tables/gm_geography.csv"
refuses "no district at all" 1 "gm_geography.csv: has no rows" \
    --people 100 --tables "$work/tables"
printf '%s\nE1,A,Bolton,-5,3\n' "$areas" >"$work/tables/gm_geography.csv"
refuses "fewer people than none" 1 \
    'gm_geography.csv:2: column "population_2021": out of range' \
    --people 100 --tables "$work/tables"
printf '%s\nE1,A,Bolton,many,3\n' "$areas" >"$work/tables/gm_geography.csv"
refuses "people that are no number" 1 \
    'gm_geography.csv:2: column "population_2021": not a number' \
    --people 100 --tables "$work/tables"
printf '%s\nE1,A,Bolton,1,3,9\n' "$areas" >"$work/tables/gm_geography.csv"
refuses "a row too long" 1 'gm_geography.csv:2' \
    --people 100 --tables "$work/tables"
printf '%s\nE1,A,Bolton,1,3\n' "$areas" >"$work/tables/gm_geography.csv"
printf 'lsoa21_code,eth_asian,eth_black,eth_mixed,eth_white,eth_other\nE1,0,0,0,1,0\n' \
    >"$work/tables/gm_lsoa_profile.csv"
printf 'sector,main_district\nBL1 1,Bolton\n' \
    >"$work/tables/gm_postcode_sectors.csv"
check "one district of one person is a place to live in" "$kith" synth \
    --people 2 --tables "$work/tables" --out "$work/one" --quiet
printf 'lsoa21_code,eth_asian,eth_black,eth_mixed,eth_white,eth_other\nE1,0,0,0,0,0\n' \
    >"$work/tables/gm_lsoa_profile.csv"
refuses "an area without people" 1 'gm_lsoa_profile.csv:2: column "eth_asian"' \
    --people 100 --tables "$work/tables"
rm "$work/tables/gm_lsoa_profile.csv" "$work/tables/gm_postcode_sectors.csv"

rm "$work/tables/gm_geography.csv"
rm -rf "$work/out"
refuses "a folder without a table" 1 "none of the tables" \
    --people 100 --tables "$work/tables"
refuses "a folder of tables that is not there" 1 "nowhere: no such folder" \
    --people 100 --tables "$work/nowhere"

awk -F, -v OFS=, '$3 == "Bury" { $4 = 0 } 1' fixtures/synth/gm_geography.csv \
    >"$work/tables/gm_geography.csv"
refuses "a district with no people" 1 \
    'gm_geography.csv:[0-9]*: column "population_2021": district Bury has no people' \
    --people 100 --tables "$work/tables"

finish
