#!/usr/bin/env bash
# Extracts that are missing, damaged or not what they should be.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
csv=$p/extracts/north.csv
cp "$csv" "$work/good.csv"
header=$(head -1 "$work/good.csv")

# The file as a whole is refused: exit 1, file named, nothing written; 2 when
# the mapping names a column that is not there.
whole() { # NAME WORDS [EXIT]
    refused "$1" "${3:-1}" "$p/out" "north.csv|$2" encode "$p"
    rm -rf "$p/out"
}
rm "$csv"
whole "file missing" ""
: >"$csv"
whole "empty file" ""
printf '%s\n' "$header" >"$csv"
whole "header only" "no rows"
head -c 4096 /dev/urandom >"$csv"
whole "not CSV" ""
printf 'just a line of prose\nand another\n' >"$csv"
whole "not this CSV: columns missing" "north.yaml|ref" 2
sed '1s/last/lastt/' "$work/good.csv" >"$csv"
whole "wrong header" "north.yaml|last" 2
grep -q 'lastt' "$work/stderr"
ok $? "wrong header: the nearest column is suggested"
tr , '\t' <"$work/good.csv" >"$csv"
whole "another delimiter" "north.yaml|delimiter: \"tab\"" 2
sed 's/^  file: /  delimiter: tab\n  file: /' "$p/north.yaml" >"$work/tab.yaml"
mv "$p/north.yaml" "$work/comma.yaml"
mv "$work/tab.yaml" "$p/north.yaml"
check "a file may have a delimiter of its own" encode "$p"
mv "$work/comma.yaml" "$p/north.yaml"
rm -rf "$p/out"
sed '1s/first/last/' "$work/good.csv" >"$csv"
whole "duplicate header" "north.csv:1:|columns 2 and 3"
if [ "$(id -u)" != 0 ]; then
    cp "$work/good.csv" "$csv"
    chmod 000 "$csv"
    whole "unreadable file" ""
    chmod 600 "$csv"
fi
rm -f "$csv"
mkdir "$csv"
whole "a folder in place of the file" ""
rmdir "$csv"

# A bad row is counted, written to rejects.csv by number and reason, and does
# not stop the run; past --max-bad-rows the run stops with exit 3.
bad_row() { # NAME REASON ROW
    local rejects=$p/out/keep/north.rejects.csv
    check "$1: the run goes on" encode "$p"
    grep -qE "^north.csv,$3,$(($3 + 1)),[0-9]*,.*$2" "$rejects"
    ok $? "$1: rejects.csv has row, line and reason"
    ! grep -qiE "$surname|$forename|R110|SMITH|M1 " "$rejects"
    ok $? "$1: rejects.csv holds no value"
    rm -rf "$p/out"
    refused "$1: --max-bad-rows 0 stops with exit 3" 3 "$p/out" \
        "north.csv:$(($3 + 1))" encode "$p" --max-bad-rows 0
    rm -rf "$p/out"
}
row() { # N: data row N replaced by standard input
    { head -n "$1" "$work/good.csv"; cat; tail -n +"$(($1 + 2))" "$work/good.csv"; } \
        >"$csv"
}
sed -n 6p "$work/good.csv" | sed 's/,[^,]*$//' | row 5
bad_row "ragged row, too short" ragged_row 5
sed -n 6p "$work/good.csv" | sed 's/$/,extra/' | row 5
bad_row "ragged row, too long" ragged_row 5
sed -n 6p "$work/good.csv" | sed "s/$surname/QUAX\"LEBURY/" | row 5
bad_row "stray quote" stray_quote 5
sed -n 6p "$work/good.csv" | sed "s/$surname/QUAX\x00LEBURY/" | row 5
bad_row "NUL byte" nul_byte 5
sed -n 6p "$work/good.csv" | sed "s/$surname/QUAX\xff\xfeLEBURY/" | row 5
bad_row "broken UTF-8" broken_utf8 5
{ head -c 100000000 /dev/zero | tr '\0' 'Q'; echo; } | row 5
bad_row "a line of 100 MB" too_long 5

# Same content in another dress gives the same bundles.
same_as_good() { # NAME
    check "$1: encodes" encode "$p"
    cmp -s "$p/out/refs/north.records" "$work/good.records"
    ok $? "$1: the same records"
    rm -rf "$p/out"
}
cp "$work/good.csv" "$csv"
encode "$p" >/dev/null 2>&1
cp "$p/out/refs/north.records" "$work/good.records"
rm -rf "$p/out"
printf '\xef\xbb\xbf' | cat - "$work/good.csv" >"$csv"
same_as_good "a BOM"
sed 's/$/\r/' "$work/good.csv" >"$csv"
same_as_good "CRLF line ends"
head -c -1 "$work/good.csv" >"$csv"
same_as_good "no newline at the end"
sed 's/^/"/; s/,/","/g; s/$/"/' "$work/good.csv" >"$csv"
same_as_good "every field quoted"

# Ids that repeat, and rows without one.
{ cat "$work/good.csv"; sed -n 6p "$work/good.csv"; } >"$csv"
bad_row "an id that repeats" id 301
sed -n 6p "$work/good.csv" | sed 's/^[^,]*//' | row 5
bad_row "a row without an id" id 5

# Bad values are nulls, counted by reason, never rejects of the row.
sed -n 6p "$work/good.csv" | sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/2031-02-31/' | row 5
check "an impossible date: the run goes on" encode "$p"
grep -qE 'date|dob' "$work/stdout"
ok $? "an impossible date is counted"
finish
