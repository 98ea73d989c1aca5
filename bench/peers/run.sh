#!/usr/bin/env bash
# Splink and anonlink beside kith on the same extracts: time, peak memory,
# pairs compared, precision, recall, F1.
# Usage: bench/peers/run.sh BUILD "PEOPLE..." [FOLDER]
# PEOPLE are sizes of synthetic populations, about 9.7 records a person. FOLDER
# holds the public sets (bench/accuracy/README.md); of those FEBRL 4 is run.
#
# The peers get clear, normalised values with Soundex codes and never decode or
# clean anything; kith starts from the agencies' extracts, encodes, and carries
# the events, households and families along. Splink
# and kith choose a threshold without truth; the best of five with truth is
# printed for the peers as well.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
accuracy=$(cd "$here/../accuracy" && pwd)
build=$(cd "$1" && pwd)
sizes=$2
data=${3:-}
[ -z "$data" ] || data=$(cd "$data" && pwd)
kith=$build/kith
venv=$(dirname "$build")/peers
python3=$venv/bin/python
work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT

if ! [ -x "$python3" ]; then
    python3 -m venv "$venv" ||
        { echo "bench-peers needs Debian's python3-venv"; exit 1; }
    "$venv/bin/pip" install --quiet -r "$here/requirements.txt"
fi

# row SET TOOL THRESHOLD-LINE: one line of the table.
row() { # set tool default
    local dir=$1 tool=$2 threshold p r f b n=0
    read -r wall cpu memory <"$dir/$tool.figures"
    "$python3" "$here/score.py" "$dir/truth.csv" "$dir/$tool.csv" $3 |
        while read -r threshold p r f b; do
            [ $n = 0 ] || { tool="$tool, best of all"; wall=""; cpu=""; memory=""; }
            printf '%-10s %-22s %8s %9s %9s %10s %7s %7s %7s %8s  %s\n' "${dir##*/}" \
                "$tool" "$wall" "$cpu" "$memory" "$([ $n = 1 ] || cat "$dir/$tool.pairs")" \
                "$p" "$r" "$f" "$b" "at $threshold"
            n=1
            [ "$tool" != kith ] || break
        done
}

# A candidate pair is counted in each pass that finds it.
run_kith() { # dir
    local wall cpu memory
    rm -rf "$1/out"
    "$python3" "$here/measure.py" "$1/kith.figures" "$kith" run "$1/kith.yaml" --quiet \
        >"$1/kith.log" 2>&1 || { tail -3 "$1/kith.log"; return 1; }
    "$python3" "$here/kith_clusters.py" "$1/out" "$1/kith.csv"
    "$python3" -c 'import json, sys
counts = json.load(open(sys.argv[1]))["counts"]
print(sum(c["n"] for c in counts
          if c["stage"] == "match" and c["reason"] == "pairs"))' \
        "$1/out/manifest.json" >"$1/kith.pairs"
    # kith sets its own peak back at each stage, so that the system's says little.
    read -r wall cpu memory <"$1/kith.figures"
    memory=$("$python3" -c 'import json, sys
print(max(s["peak_bytes"] for s in json.load(open(sys.argv[1]))["stages"]) >> 20)' \
        "$1/out/manifest.json")
    echo "$wall $cpu $memory" >"$1/kith.figures"
    row "$1" kith auto
}

run_peer() { # dir tool
    "$python3" "$here/measure.py" "$1/$2.figures" "$python3" "$here/link_$2.py" \
        "$1/records.csv" "$1/$2.csv" >"$1/$2.log" 2>&1 || { tail -3 "$1/$2.log"; return 1; }
    "$python3" -c 'import json, sys
last = json.loads(open(sys.argv[1]).readlines()[-1])
print(last["pairs"], file=open(sys.argv[2], "w"))
print(last["default"], file=open(sys.argv[3], "w"))' "$1/$2.log" "$1/$2.pairs" "$1/$2.default"
    row "$1" "$2" "$(cat "$1/$2.default")"
}

compare() { # dir
    "$build/bench/peers/clear_csv" "$1/kith.yaml" >"$1/records.csv"
    run_kith "$1"
    run_peer "$1" splink
    run_peer "$1" anonlink
}

printf '%-10s %-22s %8s %9s %9s %10s %7s %7s %7s %8s\n' set tool seconds cpu MiB pairs \
    precis. recall F1 B-cubed
for people in $sizes; do
    dir=$work/synth-$people
    "$kith" synth --people "$people" --seed 5 --out "$dir" --quiet >/dev/null
    sed -i '/^truth:/d' "$dir/kith.yaml" # nobody's time includes the scoring
    "$kith" keygen --for "$dir/kith.yaml" >/dev/null
    ln -sf truth/records.csv "$dir/truth.csv"
    compare "$dir"
done
if [ -n "$data" ]; then
    dir=$work/febrl4
    mkdir -p "$dir"
    {
        echo "agency,id,person"
        for side in a b; do
            awk -F', *' -v a="febrl4$side" \
                'NR > 1 { split($1, p, "-"); print a "," $1 "," p[2] }' \
                "$data/febrl/dataset4$side.csv"
        done
    } >"$dir/truth.csv"
    {
        printf '%s\n' "project: peers" "epoch: bench" "run: febrl4" \
            "reference_date: 2026-01-01" "spec: $accuracy/specs/febrl.yaml" \
            "key: keys/project.key" "agency_keys: keys" "data: $data" "out: out" \
            "agencies: [$accuracy/mappings/febrl4a.yaml, $accuracy/mappings/febrl4b.yaml]"
    } >"$dir/kith.yaml"
    "$kith" keygen --for "$dir/kith.yaml" >/dev/null
    compare "$dir"
fi
