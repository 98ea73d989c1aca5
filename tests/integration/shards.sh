#!/usr/bin/env bash
# Shards: joined they are one run, and cluster takes them as they are. One that
# is missing, doubled, foreign, damaged or killed is refused or made again.
# shellcheck source=tests/integration/lib.bash
. "$(dirname "$0")/lib.bash"

t=$work/town
"$kith" synth --people 800 --seed 7 --out "$t" --quiet &&
    "$kith" keygen --for "$t/kith.yaml" >/dev/null &&
    "$kith" run "$t/kith.yaml" --quiet >/dev/null
ok $? "a run to compare with"

match() { # OUT [OPTION...]
    local out=$1
    shift
    "$kith" match --passes "$t/out/passes" --model "$t/out/model.yaml" \
        --out "$out" --quiet "$@" >/dev/null
}
join() {
    "$kith" match --join 3 --out "$work/pairs" --quiet
}
# says TEXT COMMAND...: it fails with 1, and says so.
says() {
    local text=$1
    shift
    "$@" >"$work/stdout" 2>"$work/stderr"
    [ $? = 1 ] && grep -q -- "$text" "$work/stderr"
}
cluster() { # PAIRS OUT
    "$kith" cluster --pairs "$1" --refs "$t/out/refs" --out "$2" --quiet
}

for i in 2 1; do
    check "shard $i" match "$work/pairs" --shard "$i/3"
done
check "a missing shard is named, with how to make it" \
    says "shard 3 of 3 of pass .* is missing" join
check "cluster asks for it too" says "2 of 3 shards" \
    cluster "$work/pairs" "$work/none"
test -z "$(find "$work/pairs" -name '*.pairs' ! -name '*of3.pairs')"
ok $? "a refused join writes nothing"

# Killed at work, then again and once more: the same shard.
for delay in 0.01 0.04; do
    timeout -s KILL "$delay" "$kith" match --passes "$t/out/passes" --model \
        "$t/out/model.yaml" --out "$work/pairs" --quiet --shard 3/3 \
        >/dev/null 2>&1
done
check "the shard that was killed" match "$work/pairs" --shard 3/3
check "a shard twice" match "$work/pairs" --shard 1/3
check "the shards join" join
same() { # PAIRS: as the run wrote them
    local f
    for f in "$t"/out/pairs/*.pairs; do
        cmp "$f" "$work/pairs/${f##*/}" || return 1
    done
}
check "joined, they are one run's files" same
check "cluster takes the joined files" cluster "$work/pairs" "$work/a"
for f in "$t"/out/pairs/*.pairs; do
    rm "$work/pairs/${f##*/}"
done
check "cluster takes the shards" cluster "$work/pairs" "$work/b"
for f in persons links; do
    cmp "$work/a/$f.csv" "$work/b/$f.csv" >"$work/stdout" 2>"$work/stderr"
    ok $? "$f.csv is the same"
done

first=$(find "$work/pairs" -name '*.1of3.pairs' | sort | head -1)
second=${first/.1of3/.2of3}
cp "$second" "$work/second"
cp "$first" "$second"
check "a shard under another's name is refused" \
    says "does not hold shard 2/3" join
cp "$first" "${first/.1of3/.copy}"
cp "$work/second" "$second"
check "cluster refuses a shard that is there twice" \
    says "are the same shard, 1/3" cluster "$work/pairs" "$work/none"
rm "${first/.1of3/.copy}"

# Another model.
"$kith" train --passes "$t/out/passes" --out "$work/other.yaml" --quiet \
    --max-iterations 2 >/dev/null
"$kith" match --passes "$t/out/passes" --model "$work/other.yaml" \
    --out "$work/pairs" --shard 2/3 --quiet >/dev/null
check "shards of two models are refused" says "of different model" join
check "by cluster too" says "of different model" \
    cluster "$work/pairs" "$work/none"

# The same project, encoded again from fewer records.
cp -r "$t" "$work/again"
for f in "$work"/again/extracts/*.csv; do
    [ "$(wc -l <"$f")" -lt 3 ] || sed -i "\$d" "$f"
done
"$kith" run "$work/again/kith.yaml" --quiet >/dev/null
"$kith" match --passes "$work/again/out/passes" --model "$t/out/model.yaml" \
    --out "$work/pairs" --shard 2/3 --quiet >/dev/null
check "shards of two encodings are refused" says "of different inputs" join

match "$work/pairs" --shard 2/3
printf 'X' | dd of="$second" bs=1 seek=3000 conv=notrunc 2>/dev/null
check "a damaged shard is refused" says "damaged" join

# A budget for next to no pairs: aside on disk and back, the same bytes.
match "$work/tight" --memory 1M --threads 2
ok $? "match within a megabyte"
f=$(basename "${first/.1of3/}")
check "the same pairs" cmp "$t/out/pairs/$f" "$work/tight/$f"
test -z "$(find "$work/tight" -name '.*' -type f)"
ok $? "nothing aside is left"

mkdir "$work/small"
if [ "$(id -u)" = 0 ] &&
    mount -t tmpfs -o size=200k none "$work/small" 2>/dev/null; then
    check "pairs for which the disk has no room" says "space" \
        match "$work/small/pairs"
    check "nor for those set aside" says "space" \
        match "$work/small/pairs" --memory 1M
    test -z "$(find "$work/small" -type f)"
    ok $? "nothing half written is left"
    umount "$work/small"
fi
finish
