#!/usr/bin/env bash
# The same input gives the same bytes: twice, and at 1, 2 and 7 threads. The
# manifest is valid JSON and differs in stage times only.
. "$(dirname "$0")/lib.bash"
check "synth" "$kith" synth --people 800 --seed 7 --out "$work/s" \
    --criteria "$root/fixtures/criteria" --quiet
check "keygen" "$kith" keygen --for "$work/s/kith.yaml"
run() { # OUT THREADS
    "$kith" run "$work/s/kith.yaml" --out "$work/$1" --threads "$2" --quiet
}
check "run with one thread" run one 1
check "run with one thread again" run again 1
check "run with two threads" run two 2
check "run with seven threads" run seven 7
# Stage times and memory are of the run, not of the data.
settled() {
    sed -E 's/"(seconds|peak_bytes|wall_seconds|threads)": *[0-9.e+-]+/"\1": 0/g' \
        "$1/manifest.json"
}
same() { # A B
    (cd "$work/$1" && find . -type f | sort) >"$work/a.list"
    (cd "$work/$2" && find . -type f | sort) >"$work/b.list"
    cmp "$work/a.list" "$work/b.list" || return 1
    while IFS= read -r f; do
        [ "$f" = ./manifest.json ] || cmp "$work/$1/$f" "$work/$2/$f" ||
            return 1
    done <"$work/a.list"
    settled "$work/$1" | sed "s|$work/$1|OUT|g" >"$work/a.json"
    settled "$work/$2" | sed "s|$work/$2|OUT|g" >"$work/b.json"
    cmp "$work/a.json" "$work/b.json"
}
check "two runs: the same bytes" same one again
check "one and two threads: the same bytes" same one two
check "one and seven threads: the same bytes" same one seven
test "$(wc -l <"$work/a.list")" -gt 50
ok $? "all bundles and results were compared"
# Little memory: people are taken shard by shard, and no file tells.
flag() { # OUT MEMORY
    "$kith" flag "$root"/fixtures/criteria/*.criteria --threads 2 --quiet \
        --results "$work/one/results" --payload "$work/one/payload" \
        --out "$work/$1" --memory "$2" --manifest "$work/$1.json"
}
check "flag with much memory" flag roomy 1G
check "flag with little memory" flag tight 550K
grep -q '"shards", "n": 1}' "$work/roomy.json"
ok $? "much memory takes all people at once"
grep -qE '"shards", "n": ([2-9]|[1-9][0-9]+)}' "$work/tight.json"
ok $? "little memory takes them in shards"
for f in flags.csv evidence.csv moves.csv population.rows; do
    cmp "$work/roomy/$f" "$work/tight/$f"
    ok $? "$f does not depend on memory"
done
if command -v python3 >/dev/null; then
    check "manifest.json is JSON" python3 -m json.tool "$work/one/manifest.json"
fi
# Every output the manifest names has the SHA-256 it says.
digests() {
    local n=0 path sum
    while read -r path sum; do
        [ "$(sha256sum <"$work/one/$path" | cut -d' ' -f1)" = "$sum" ] ||
            return 1
        n=$((n + 1))
    done < <(python3 -c '
import json, sys
for o in json.load(open(sys.argv[1]))["outputs"]:
    print(o["path"], o["sha256"])' "$work/one/manifest.json")
    [ "$n" -gt 50 ]
}
if command -v python3 >/dev/null; then
    check "outputs have the digests that the manifest says" digests
fi
! grep -qE "$(tail -c 40 "$work/s/keys/project.key" | tr -d '\n' | head -c 16)" \
    "$work/one/manifest.json"
ok $? "the manifest does not hold the key"
finish
