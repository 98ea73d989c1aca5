#!/usr/bin/env bash
# Files that kith did not write stay where they are, in its folders too.
. "$(dirname "$0")/lib.bash"
check "synth" "$kith" synth --people 300 --seed 4 --out "$work/s" --quiet
"$kith" keygen --for "$work/s/kith.yaml" >/dev/null
run() {
    "$kith" run "$work/s/kith.yaml" --out "$work/out" --quiet
}
mkdir -p "$work/out/results" "$work/out/keep/notes"
echo letter >"$work/out/letter.txt"
echo mine >"$work/out/results/mine.csv"
echo deep >"$work/out/keep/notes/deep.txt"
check "a run into a folder that is not empty" run
echo later >"$work/out/results/later.csv"
touch "$work/out/passes/old.D.pass"
check "and another" run
for f in letter.txt results/mine.csv results/later.csv keep/notes/deep.txt \
    passes/old.D.pass; do
    check "$f is still there" test -e "$work/out/$f"
done
check "kith's own are those of the last run only" \
    test ! -e "$work/out/.last"
finish
