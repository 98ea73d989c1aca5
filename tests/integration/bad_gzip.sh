#!/usr/bin/env bash
# gzip extracts: whole, in several members, truncated, corrupt.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
csv=$p/extracts/north.csv
sed -i 's/north\.csv/north.csv.gz/' "$p/north.yaml"
cp "$csv" "$work/good.csv"
rm "$csv"
gzip -n -c "$work/good.csv" >"$csv.gz"
check "a gzip extract encodes" encode "$p"
cp "$p/out/refs/north.records" "$work/good.records"
rm -rf "$p/out"
{ head -100 "$work/good.csv" | gzip -n; tail -n +101 "$work/good.csv" | gzip -n; } \
    >"$csv.gz"
check "several members encode" encode "$p"
cmp -s "$p/out/refs/north.records" "$work/good.records"
ok $? "several members: the same records"
rm -rf "$p/out"
gzip -n -c "$work/good.csv" | head -c 3000 >"$csv.gz"
refused "truncated gzip" 1 "$p/out" "north.csv.gz|truncated" encode "$p"
gzip -n -c "$work/good.csv" >"$csv.gz"
printf '\xaa\xbb\xcc' | dd of="$csv.gz" bs=1 seek=2000 conv=notrunc 2>/dev/null
refused "corrupt gzip" 1 "$p/out" "north.csv.gz" encode "$p"
{ gzip -n -c "$work/good.csv"; echo "trailing bytes"; } >"$csv.gz"
refused "bytes after the last member" 1 "$p/out" "north.csv.gz" encode "$p"
cp "$work/good.csv" "$csv.gz"
check "plain text named .gz encodes" encode "$p"
finish
