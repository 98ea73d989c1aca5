#!/usr/bin/env bash
# The audit log: a line an act, each vouching for those before; and keys that
# may be used for a time only.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
log=$p/keys/north.audit.log
run() { "$kith" run "$p/kith.yaml" --quiet "$@"; }
check "a run" run
check "each agency has its log" test -s "$log" -a -s "$p/keys/south.audit.log"
check "the log is the owner's alone" test "$(stat -c %a "$log")" = 600
check "a second run" run
check "the log is whole" "$kith" inspect "$log"
grep -q "^2 acts" "$work/stdout"
ok $? "two acts are in it"
for word in act=encode agency=north project= epoch=2026-q1 run= key_check= \
    spec= records= rejected= opted_out= purpose= time=20 user= host= tool= \
    input= output= outcome=done recipient=; do
    tail -1 "$log" | grep -q "	$word"
    ok $? "it says $word"
done
sha=$(sha256sum "$p/out/passes/north.D.pass" | cut -c1-64)
grep -q "output=$sha [0-9]* north.D.pass" "$log"
ok $? "with the digests of what was written"
! grep -rqE "$surname|$forename" "$p/keys"
ok $? "it holds no value of a record"
cp "$log" "$work/log"
good() { cp "$work/log" "$log"; }
changed() { # NAME
    ! "$kith" inspect "$log" >"$work/stdout" 2>"$work/stderr"
    ok $? "$1 is found"
    ! run >"$work/stdout" 2>"$work/stderr"
    ok $? "and nothing is encoded on top of it"
    good
}
sed -i '2s/records=/records=1/' "$log"
changed "a changed line"
sed -i '2d' "$log"
changed "a line left out"
sed -i '2h;2d;3G' "$log"
changed "two lines turned round"
printf 'x' >>"$log"
changed "half a line"
before=$("$kith" inspect "$log" | tail -1)
sed -i '$d' "$log"
[ "$("$kith" inspect "$log" | tail -1)" != "$before" ]
ok $? "a cut end shows in the last hash"
good
printf 'not a log\n' >"$log"
refused "another file is no log" 1 "$work/none" "audit" run
good
check "one log for all agencies" run --audit "$work/all.log"
grep -q "^[0-9a-f]*	act=encode	agency=south" "$work/all.log"
ok $? "has the other agency too"

# Sealing and opening: who gets what.
"$kith" keygen "$work/unit" --receive unit && "$kith" keygen "$work/north" --sign north
check "a sealing" "$kith" seal --to "$work/unit.pub" --from "$work/north" \
    --out "$work/night.sealed" "$p/out/passes/north.D.pass"
check "an opening" "$kith" open "$work/night.sealed" --key "$work/unit" \
    --from "$work/north.pub" --out "$work/opened"
grep -q "act=seal	sealed=night.sealed	sender=north	recipient=unit	file=$sha" \
    "$work/north.audit.log"
ok $? "the sender's log says who got which file"
grep -q "act=open	.*	file=$sha .*outcome=done" "$work/unit.audit.log"
ok $? "the recipient's says what came"
printf 'x' >>"$work/night.sealed"
! "$kith" open "$work/night.sealed" --key "$work/unit" \
    --from "$work/north.pub" --out "$work/opened" 2>/dev/null
grep -q "act=open.*outcome=failed" "$work/unit.audit.log"
ok $? "and what was refused"

# Key dates
key=$work/dated.key
check "a key for a time" "$kith" keygen "$key" --project test --epoch 2026-q1 \
    --from 2020-01-01 --until 2020-06-30
grep -q '^until: 2020-06-30$' "$key"
ok $? "says its last day"
refused "a key that ends before it begins" 2 "$work/none" "before it begins" \
    "$kith" keygen "$work/x.key" --project test --epoch e --from 2020-02-01 \
    --until 2020-01-01
fresh=$work/q
project "$fresh"
cp -f "$key" "$fresh/keys/project.key"
refused "a key past its last day" 2 "$fresh/out" "until 2020-06-30" \
    "$kith" run "$fresh/kith.yaml"
"$kith" run "$fresh/kith.yaml" --outdated-key >"$work/stdout" 2>"$work/stderr"
ok $? "it can be used on order"
grep -q "until 2020-06-30.*used all the same" "$work/stderr"
ok $? "and that is warned of"
grep -q "override=key dates" "$fresh/keys/north.audit.log"
ok $? "and logged"

# Every command that uses a key asks for its dates, and logs what it did.
old() { # NAME LOG COMMAND...: refused past the last day, done on order
    local name=$1 log=$2
    shift 2
    "$@" >"$work/stdout" 2>"$work/stderr"
    [ $? = 2 ] && grep -q "until 2020-06-30; today is" "$work/stderr"
    ok $? "$name refuses a key past its last day"
    tail -1 "$log" | grep -q "	outcome=failed"
    ok $? "$name logs that it refused"
    "$@" --outdated-key >"$work/stdout" 2>"$work/stderr"
    ok $? "$name uses it on order"
    tail -1 "$log" | grep -q "	override=key dates	outcome=done"
    ok $? "$name logs the order"
}
dates=(--from 2020-01-01 --until 2020-06-30)
cp -f "$p/keys/project.key" "$fresh/keys/project.key"
"$kith" keygen "$work/old-unit.key" --project test --epoch 2026-q1 --agency unit \
    "${dates[@]}"
old rekey "$work/old-unit.audit.log" "$kith" rekey "$p/out/passes" \
    --key "$work/old-unit.key" --out "$work/rekeyed" --quiet
log=$work/old-unit.audit.log
sha=$(sha256sum "$work/rekeyed/north.D.pass" | cut -c1-64)
tail -1 "$log" | grep -q "act=rekey	unit=unit	project=test	.*output=$sha [0-9]* north.D.pass"
ok $? "rekey logs whose key, and what was written"
"$kith" keygen "$work/old.key" --project test --epoch 2026-q1 "${dates[@]}"
attack() {
    "$kith" attack "$p/north.yaml" --key "$work/old.key" \
        --agency-key "$p/keys/north.key" --data "$p/extracts" --targets 20 \
        --audit "$work/attack.log" --quiet "$@"
    local rc=$?
    # An extract this small proves nothing: that is no failure of the act.
    [ $rc = 1 ] && return 0
    return $rc
}
old attack "$work/attack.log" attack
tail -1 "$work/attack.log" | grep -q "act=attack	agency=north	.*records=300	.*broken="
ok $? "attack logs what it tried"
"$kith" keygen "$work/old-sign" --sign north "${dates[@]}"
"$kith" keygen "$work/old-receive" --receive unit "${dates[@]}"
grep -q '^until: 2020-06-30$' "$work/old-sign.pub"
ok $? "a transport key says its last day, on both halves"
old seal "$work/old-sign.audit.log" "$kith" seal --to "$work/unit.pub" \
    --from "$work/old-sign" --out "$work/a.sealed" "$p/out/passes/north.D.pass"
old "seal to an old key" "$work/north.audit.log" "$kith" seal \
    --to "$work/old-receive.pub" --from "$work/north" --out "$work/b.sealed" \
    "$p/out/passes/north.D.pass"
old open "$work/old-receive.audit.log" "$kith" open "$work/b.sealed" \
    --key "$work/old-receive" --from "$work/north.pub" --out "$work/opened"
old "open from an old key" "$work/unit.audit.log" "$kith" open "$work/a.sealed" \
    --key "$work/unit" --from "$work/old-sign.pub" --out "$work/opened"
(umask 077 && echo secret >"$work/clk.secret")
check "CLKs" "$kith" encode "$root/fixtures/clk/people.csv" --quiet \
    --clk "$root/fixtures/clk/schema.json" --key "$work/clk.secret" \
    --out "$work/clks.json"
sha=$(sha256sum "$work/clks.json" | cut -c1-64)
grep -q "act=clk	clks=4	rejected=0	input=.* people.csv	output=$sha .*outcome=done" \
    "$work/clk.secret.audit.log"
ok $? "are logged beside their secret"
for log in "$work"/*.audit.log "$work/attack.log"; do
    check "$(basename "$log") is whole" "$kith" inspect "$log"
done
finish
