# What the integration tests share: TAP, a small project, one kind of check.
# Each test sources this file; $work is a scratch folder that goes at exit.
# shellcheck shell=bash
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
kith=${KITH:-$root/build/release/kith}
[ -x "$kith" ] || { echo "Bail out! no $kith"; exit 1; }
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
n_tests=0
n_failed=0

# Unmistakable values: in every extract, and never in a message.
surname=QUAXLEBURY
forename=ZYRENKAVEL

# ok STATUS NAME: one TAP line; with what was printed when it failed.
ok() {
    n_tests=$((n_tests + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n_tests - $2"
    else
        n_failed=$((n_failed + 1))
        echo "not ok $n_tests - $2"
        [ -s "$work/stderr" ] && sed 's/^/# /' "$work/stderr" | cut -c1-200 |
            tail -5
    fi
}

# check NAME COMMAND...: passes when the command does.
check() {
    local name=$1
    shift
    "$@" >"$work/stdout" 2>"$work/stderr"
    ok $? "$name"
}

finish() {
    echo "1..$n_tests"
    [ "$n_failed" = 0 ]
    exit
}

# extract FILE N STEP: N made-up people as CSV; every agency's STEP differs, so
# that two extracts share most people and differ in some spellings.
extract() {
    awk -v n="$2" -v step="$3" -v s="$surname" -v f="$forename" 'BEGIN {
        split("SMITH JONES PATEL KHAN TAYLOR BROWN WILSON EVANS WALKER HUGHES " \
              "GREEN HALL WOOD CLARKE LEWIS HARRIS COOPER WARD MORRIS COOK", L, " ")
        split("OLIVIA AMELIA GEORGE HARRY NOAH JACK LEO ARTHUR MUHAMMAD ISLA " \
              "AVA MIA IVY LILY FREYA OSCAR THEO LUCA RUBY ELLA", F, " ")
        print "ref,last,first,born,sex,pc,house"
        for (i = 1; i <= n; i++) {
            a = L[(i * 7) % 20 + 1]; b = F[(i * 3 + int(i / 20)) % 20 + 1]
            if (i == 5) { a = s; b = f }
            if (i % step == 0) a = a "E"
            printf "R%d%04d,%s,%s,%04d-%02d-%02d,%s,M%d %dAB,%d\n", step, i, a, b,
                1940 + (i * 13) % 70, i % 12 + 1, (i * 5) % 28 + 1,
                i % 2 ? "F" : "M", i % 40 + 1, i % 9 + 1, i % 30 + 1
        }
    }' >"$1"
}

mapping() { # FILE AGENCY EXTRACT
    cat >"$1" <<YAML
agency: $2
persons:
  file: $3
  id: ref
  columns:
    - {field: surname, column: last}
    - {field: forename, column: first}
    - {field: dob, column: born, format: yyyy-mm-dd}
    - {field: sex, column: sex}
    - {field: postcode, column: pc}
    - {field: house, column: house}
YAML
}

# project DIR: two agencies, keys, kith.yaml.
project() {
    mkdir -p "$1/extracts"
    extract "$1/extracts/north.csv" 300 11
    extract "$1/extracts/south.csv" 280 7
    mapping "$1/north.yaml" north north.csv
    mapping "$1/south.yaml" south south.csv
    cat >"$1/kith.yaml" <<YAML
project: test
epoch: 2026-q1
reference_date: 2026-03-31
key: keys/project.key
agency_keys: keys
data: extracts
out: out
agencies: [north.yaml, south.yaml]
YAML
    "$kith" keygen --for "$1/kith.yaml" >/dev/null || echo "Bail out! keygen"
}

# encode DIR [OPTION...]: the north agency of a project, into DIR/out.
encode() {
    local dir=$1
    shift
    "$kith" encode "$dir/north.yaml" --key "$dir/keys/project.key" \
        --agency-key "$dir/keys/north.key" --data "$dir/extracts" \
        --out "$dir/out" --reference-date 2026-03-31 "$@"
}

# Files of a folder, or none when it is not there.
files_in() {
    find "$1" -type f ! -name '*.rejects.csv' 2>/dev/null
}

# refused NAME EXIT OUT "WORD|WORD|..." COMMAND...: the command fails with
# EXIT, says every WORD and a hint, no planted value, and leaves no file in OUT
# (but the list of rejects, which says what was wrong).
refused() {
    local name=$1 exit=$2 out=$3 words=$4 word rc bad=""
    shift 4
    "$@" >"$work/stdout" 2>"$work/stderr"
    rc=$?
    [ "$rc" = "$exit" ] || bad="$bad exit-$rc"
    grep -q '^kith: error: ' "$work/stderr" || bad="$bad no-error-line"
    grep -q '^kith: hint: ' "$work/stderr" || bad="$bad no-hint"
    while IFS= read -r -d '|' word; do
        [ -z "$word" ] || grep -qiF -- "$word" "$work/stderr" ||
            bad="$bad no-\"$word\""
    done <<<"$words|"
    grep -qiE "$surname|$forename" "$work/stderr" "$work/stdout" &&
        bad="$bad leaks"
    [ -z "$(files_in "$out")" ] || bad="$bad leaves-files"
    ok "$([ -z "$bad" ]; echo $?)" "$name${bad:+ ($bad)}"
}
