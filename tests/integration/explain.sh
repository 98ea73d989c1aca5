#!/usr/bin/env bash
# kith explain on a small run: the bits of each pass add up to its total, the
# outcome is the one in the results, and a bad record is refused.
set -u
: "${KITH:?the program to test}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
check() { # description, command...
    local what=$1
    shift
    n=$((n + 1))
    if "$@"; then echo "ok $n - $what"; else echo "not ok $n - $what"; fi
}

"$KITH" synth --people 600 --seed 3 --out "$work/p" --quiet &&
    "$KITH" keygen --for "$work/p/kith.yaml" >/dev/null &&
    "$KITH" run "$work/p/kith.yaml" --quiet >/dev/null 2>&1 || {
    echo "not ok 1 - a small run to explain"
    exit 1
}
out=$work/p/out
IFS=, read -r la lr ra rr bits _ < <(sed -n 2p "$out/results/links.csv")

"$KITH" explain --run "$out" "$la:$lr" "$ra:$rr" >"$work/text"
check "a linked pair is explained" [ $? = 0 ]
# Lines of a block end in "+x.xx bits"; the total line follows them.
check "the bits of every block add up" awk '
    /^Pass/ { sum = 0 }
    / bits$/ { sum += $(NF - 1) }
    /^  total/ { blocks++; if (sum - $2 > .06 || $2 - sum > .06) bad = 1 }
    END { exit bad || blocks == 0 }' "$work/text"
check "it says that they are linked, and by how much" \
    grep -q "^Linked: $bits bits by pass" "$work/text"
check "it says which person they are" grep -q "^Both are person p" "$work/text"
check "it names the identifiers" grep -q "^Identifier nhs: " "$work/text"

# persons.csv says by which of the links each record hangs on its person.
check "the tie of a record is the weight of a link" awk -F, '
    FNR == 1 { next }
    FILENAME ~ /links/ { bits[$5] = 1; next }
    $4 != "" && !($4 in bits) { bad = 1 }
    $4 != "" { n++ }
    END { exit bad || n == 0 }' "$out/results/links.csv" "$out/results/persons.csv"

"$KITH" explain --run "$out" "$la:xyz" "$ra:$rr" >/dev/null 2>"$work/err"
check "a record that is none is a usage error" [ $? = 2 ]
check "and the error says how to give one" grep -q "agency:pseudonym" "$work/err"
zeros=00000000000000000000000000000000
"$KITH" explain --run "$out" "$la:$zeros" "$ra:$rr" >/dev/null 2>"$work/err"
check "a record of another run is refused" grep -q "no such record" "$work/err"

# Of those who were not seen to offend nothing was written.
printf '%s\n' 'cohort quiet version 1 from 2000-01-01 level person' \
    'criterion offence "An offence" has offence, last 12 months' \
    'flag yes when offence' >"$work/quiet.criteria"
"$KITH" flag "$work/quiet.criteria" --results "$out/results" \
    --payload "$out/payload" --out "$out/results" >/dev/null 2>"$work/err"
check "a cohort without a purpose is warned of" \
    grep -q "quiet says no purpose" "$work/err"
person=$(cut -d, -f4 "$out/results/flags.csv" | cat - "$out/results/persons.csv" |
    awk -F, 'NF == 1 { flagged[$1] = 1; next }
        $1 ~ /^p[0-9a-f]+$/ && !($1 in flagged) { print $1; exit }')
"$KITH" explain --run "$out" --flag quiet "$person" >"$work/text"
check "why a person has no flag is told" \
    grep -q "looked at offence .*: none that counts" "$work/text"
"$KITH" explain --run "$out" --flag quite "$person" >/dev/null 2>"$work/err"
check "a cohort of another name is refused" grep -q "did you mean quiet" \
    "$work/err"

"$KITH" model diff "$out/model.yaml" "$out/model.yaml" >"$work/text"
check "a model does not differ from itself" grep -q "weigh every level alike" \
    "$work/text"
sed 's/^    match: [0-9.]*/    match: 0.5/' "$out/model.yaml" >"$work/other.yaml"
"$KITH" model diff "$out/model.yaml" "$work/other.yaml" >"$work/text"
check "another prior is a difference in bits" grep -q "^pass D: prior: .* bits" \
    "$work/text"
echo "1..$n"
