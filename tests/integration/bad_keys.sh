#!/usr/bin/env bash
# Key files that are missing, short, too open, or of something else.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
cp -r "$p" "$work/good"
key=$p/keys/project.key
fresh() {
    rm -rf "$p"
    cp -r "$work/good" "$p"
    chmod 400 "$p"/keys/*
}
bad() { # NAME WORDS
    refused "$1" 2 "$p/out" "$2" "$kith" run "$p/kith.yaml"
    fresh
}
fresh
rm -f "$key"
bad "key missing" "project.key"
chmod 600 "$key"
head -c 20 "$key" >"$key.short"
mv -f "$key.short" "$key"
chmod 400 "$key"
bad "key short" "project.key"
chmod 440 "$key"
bad "key that the group can read" "project.key|chmod"
chmod 404 "$key"
bad "key that others can read" "project.key|chmod"
cp -f "$p/keys/south.key" "$p/keys/north.key"
bad "another agency's key" "north.key"
cp -f "$p/keys/north.key" "$key"
bad "an agency key in place of the project key" "project.key"
sed -i 's/^epoch:.*/epoch: 2026-q2/' "$p/kith.yaml"
bad "a key of another epoch" "2026-q1|2026-q2"
sed -i 's/^project:.*/project: other/' "$p/kith.yaml"
bad "a key of another project" "other"
refused "keygen overwrites nothing" 1 "$work/none" "project.key" \
    "$kith" keygen "$key" --project test --epoch 2026-q1
check "keygen --for keeps what is there" "$kith" keygen --for "$p/kith.yaml"
check "a key file is the owner's alone" test "$(stat -c %a "$key")" = 400
! grep -rqF "$(sed -n '$p' "$key" | tr -d '\n' | tail -c 32)" "$work/stdout"
ok $? "keygen prints no key"
finish
