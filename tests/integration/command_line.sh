#!/usr/bin/env bash
# The command line itself: help from the option tables, exit codes, hints.
. "$(dirname "$0")/lib.bash"
commands=$("$kith" help | sed -n 's/^  \([a-z]*\) .*/\1/p')
for c in keygen encode train match cluster link family flag run synth evaluate \
    inspect explain; do
    grep -qx "$c" <<<"$commands"
    ok $? "$c is listed"
done
for c in $commands; do
    "$kith" "$c" --help >"$work/stdout" 2>"$work/stderr" &&
        grep -q "^Usage: kith $c " "$work/stdout" && [ ! -s "$work/stderr" ] &&
        [ "$(awk '{ if (length > n) n = length } END { print n }' \
            "$work/stdout")" -le 100 ]
    ok $? "$c --help"
    "$kith" "$c" --man >"$work/stdout" 2>"$work/stderr" &&
        head -1 "$work/stdout" | grep -q "^\.TH KITH-$c 1"
    ok $? "$c --man"
done
check "version" "$kith" --version
grep -q '^kith [0-9]' "$work/stdout"
ok $? "version says which"
none=$work/none
refused "no command" 2 "$none" "no command" "$kith"
refused "unknown command" 2 "$none" "traim|train" "$kith" traim
refused "unknown option" 2 "$none" "--passez|--passes" \
    "$kith" train --passez x --out y
refused "required option missing" 2 "$none" "--passes" "$kith" train --out y
refused "option without its value" 2 "$none" "--out" "$kith" train --out
refused "required argument missing" 2 "$none" "KITH.YAML" "$kith" run
refused "one argument too many" 2 "$none" "too many" "$kith" inspect a b
refused "not a number" 2 "$none" "--threads|two" "$kith" run k.yaml --threads two
refused "not a size" 2 "$none" "--memory|2X" "$kith" run k.yaml --memory 2X
refused "a size without its unit" 2 "$none" "--memory|64|512M" \
    "$kith" run k.yaml --memory 64
refused "not a date" 2 "$none" "--reference-date" \
    "$kith" synth --out "$none" --reference-date 2026-02-30
refused "not a shard" 2 "$none" "--shard" \
    "$kith" match --passes a --model b --out c --shard 5/4
refused "not an instruction set" 2 "$none" "--isa" \
    "$kith" match --passes a --model b --out c --isa mmx
finish
