#!/usr/bin/env bash
# Output folders that cannot be written, and disks that fill up.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
run() {
    "$kith" run "$p/kith.yaml" --quiet "$@"
}
echo "a file" >"$work/file"
refused "a file in place of the output folder" 1 "$work/none" "$work/file" \
    run --out "$work/file"
refused "a file above the output folder" 1 "$work/none" "$work/file" \
    run --out "$work/file/out"
if [ "$(id -u)" != 0 ]; then
    mkdir "$work/closed"
    chmod 500 "$work/closed"
    refused "output folder not writable" 1 "$work/closed" "closed" \
        run --out "$work/closed/out"
    chmod 700 "$work/closed"
elif mkdir "$work/ro" && mount -t tmpfs -o ro none "$work/ro" 2>/dev/null; then
    refused "output folder on a read-only disk" 1 "$work/ro" "$work/ro" \
        run --out "$work/ro/out"
    umount "$work/ro"
fi

# A small disk: the run fails, says so, and leaves nothing behind.
mkdir -p "$work/small"
if [ "$(id -u)" = 0 ] &&
    mount -t tmpfs -o size=200k none "$work/small" 2>/dev/null; then
    refused "disk full" 1 "$work/small" "space" run --out "$work/small/out"
    umount "$work/small"
fi

# Last good outputs stand when a later run fails.
check "a good run" run
sums() {
    (cd "$p/out" && find . -type f ! -name manifest.json -print0 | sort -z |
        xargs -0 sha256sum)
}
sums >"$work/before"
cp "$p/extracts/south.csv" "$work/south.csv"
printf 'ref,last\n' >"$p/extracts/south.csv"
run >"$work/stdout" 2>"$work/stderr"
[ $? = 2 ]
ok $? "an extract that lost a column stops the run"
sums | cmp -s - "$work/before"
ok $? "the last good outputs stand"
check "nothing half written is left" test ! -e "$p/out/.next"
cp "$work/south.csv" "$p/extracts/south.csv"

# Output to a full stdout is an error, late as it shows.
if [ -w /dev/full ]; then
    "$kith" version >/dev/full 2>"$work/stderr"
    [ $? = 1 ]
    ok $? "a full standard output is an error"
fi

# Two runs on one folder: the second is refused.
exec 9<"$p/out"
flock 9
refused "another run is writing here" 1 "$work/none" "$p/out" run
exec 9<&-
check "the folder is free again" run
check "outputs are the owner's alone" \
    test -z "$(find "$p/out" -type f -perm /077)"
finish
