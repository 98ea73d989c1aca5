#!/usr/bin/env bash
# A run killed at any moment leaves the last good outputs; running again
# finishes it.
. "$(dirname "$0")/lib.bash"
check "synth" "$kith" synth --people 600 --seed 3 --out "$work/s" \
    --criteria "$root/fixtures/criteria" --quiet
"$kith" keygen --for "$work/s/kith.yaml" >/dev/null
run() {
    "$kith" run "$work/s/kith.yaml" --out "$work/out" --quiet "$@"
}
sums() {
    (cd "$work/out" && find . -type f ! -name manifest.json ! -path './.next/*' \
        ! -path './.last/*' \
        ! -path './rejects/*' -print0 | sort -z | xargs -0 sha256sum)
}
# Another night: with another date the encoded files are all different.
check "another good run" run --reference-date 2026-03-30
sums >"$work/other"
begin=$(date +%s%N)
check "a good run" run
took=$((($(date +%s%N) - begin) / 1000000))
sums >"$work/good"
for percent in 5 20 40 60 80 95; do
    "$kith" run "$work/s/kith.yaml" --out "$work/out" --quiet \
        --reference-date 2026-03-30 >/dev/null 2>&1 &
    pid=$!
    sleep "$(awk -v ms=$took -v p=$percent 'BEGIN { print ms * p / 100000 }')"
    if kill -9 $pid 2>/dev/null; then
        wait $pid 2>/dev/null
        sums >"$work/now"
        cmp -s "$work/now" "$work/good" || cmp -s "$work/now" "$work/other"
        ok $? "killed at about $percent %: the outputs are those of one run"
    else
        wait $pid 2>/dev/null
    fi
done
check "running again finishes" run
sums | cmp -s - "$work/good"
ok $? "and gives the same bytes"
check "nothing half written is left" test ! -e "$work/out/.next"
check "no temporary files are left" \
    test -z "$(find "$work/out" -name '*.tmp*' -o -name '.*.*' -type f)"

# Killed while the finished outputs are moved into place: the next run
# completes the move first.
mkdir "$work/out/.next" "$work/out/.last"
mv "$work/out/results" "$work/out/manifest.json" "$work/out/.next/"
mv "$work/out/model.yaml" "$work/out/.last/"
cp "$work/out/.last/model.yaml" "$work/out/.next/"
"$kith" run "$work/s/kith.yaml" --out "$work/out" --quiet --max-bad-rows 0 \
    >/dev/null 2>&1
sums | cmp -s - "$work/good"
ok $? "a move that was cut short is completed"
finish
