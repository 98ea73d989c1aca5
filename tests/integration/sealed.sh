#!/usr/bin/env bash
# From agency to linkage to intelligence unit, each with its own keys: three
# bundles, three recipients, and what each refuses.
. "$(dirname "$0")/lib.bash"
p=$work/p
project "$p"
keys=$work/k
mkdir "$keys"
for owner in matcher clusterer flags; do
    "$kith" keygen "$keys/$owner" --receive $owner
done
"$kith" keygen "$keys/north" --sign north
"$kith" keygen "$keys/south" --sign south
send() { # AGENCY OPTION...
    local agency=$1
    shift
    "$kith" encode "$p/$agency.yaml" --key "$p/keys/project.key" \
        --agency-key "$p/keys/$agency.key" --data "$p/extracts" \
        --out "$work/$agency" --reference-date 2026-03-31 --quiet "$@"
}
to=(--passes-to "$keys/matcher.pub" --refs-to "$keys/clusterer.pub"
    --payload-to "$keys/flags.pub")
for agency in north south; do
    check "$agency encodes and seals" send $agency --sign "$keys/$agency" "${to[@]}"
done
[ "$(cd "$work/north/sealed" && echo *)" = \
    "north.2026-03-31.passes.sealed north.2026-03-31.payload.sealed north.2026-03-31.refs.sealed" ]
ok $? "three sealed files, named after agency, run and bundle"
grep -c "act=seal.*	recipient=matcher\|act=seal.*	recipient=clusterer\|act=seal.*	recipient=flags" \
    "$keys/north.audit.log" | grep -qx 3
ok $? "the log says who gets which"
receive() { # AGENCY BUNDLE OWNER
    "$kith" open "$work/$1/sealed/$1.2026-03-31.$2.sealed" --key "$keys/$3" \
        --from "$keys/$1.pub" --out "$work/unit/$2" --quiet
}
for agency in north south; do
    check "the matcher opens $agency's passes" receive $agency passes matcher
    check "the clusterer opens $agency's refs" receive $agency refs clusterer
    check "flags opens $agency's payload" receive $agency payload flags
done
for f in "$work"/north/passes/* "$work"/south/passes/*; do
    cmp -s "$f" "$work/unit/passes/$(basename "$f")" || echo "$f"
done >"$work/stdout"
[ ! -s "$work/stdout" ]
ok $? "what came is what was sent, byte for byte"
[ -z "$(find "$work/unit" "$work/north" -type f -perm /077)" ]
ok $? "all files are their owner's alone"
check "and links" eval '"$kith" train --passes "$work/unit/passes" \
    --out "$work/model.yaml" --quiet && "$kith" match --passes "$work/unit/passes" \
    --model "$work/model.yaml" --out "$work/pairs" --quiet && "$kith" cluster \
    --pairs "$work/pairs" --refs "$work/unit/refs" --out "$work/results" --quiet &&
    "$kith" family --results "$work/results" --payload "$work/unit/payload" \
    --out "$work/results" --quiet'

no() { # NAME WORDS COMMAND...: refused, and nothing is put in place
    local name=$1 words=$2
    shift 2
    rm -rf "$work/none"
    refused "$name" 1 "$work/none" "refused|$words" "$@" --out "$work/none"
}
night=$work/north/sealed/north.2026-03-31.passes.sealed
no "the clusterer cannot open the passes" "another recipient" "$kith" open \
    "$night" --key "$keys/clusterer" --from "$keys/north.pub"
no "of another sender" "not signed by this sender" "$kith" open "$night" \
    --key "$keys/matcher" --from "$keys/south.pub"
later=$work/north.2026-04-01.passes.sealed
cp "$night" "$later"
no "last night's under tonight's name" "another name" "$kith" open "$later" \
    --key "$keys/matcher" --from "$keys/north.pub"
head -c -1 "$night" >"$work/cut" && mkdir "$work/c" &&
    mv "$work/cut" "$work/c/$(basename "$night")"
no "cut by a byte" "cut short" "$kith" open "$work/c/$(basename "$night")" \
    --key "$keys/matcher" --from "$keys/north.pub"
refused "two bundles to one recipient" 2 "$work/none" "passes|refs|one recipient" \
    send north --sign "$keys/north" --passes-to "$keys/matcher.pub" \
    --refs-to "$keys/matcher.pub"
refused "sealed and not signed" 2 "$work/none" "--sign" send north \
    --passes-to "$keys/matcher.pub"
refused "signed for nobody" 2 "$work/none" "--passes-to" send north \
    --sign "$keys/north"
printf 'name: one\nextends: default\nsingle_site: yes\n' >"$work/one.yaml"
check "but on a single site" send north --spec "$work/one.yaml" \
    --sign "$keys/north" --passes-to "$keys/matcher.pub" \
    --refs-to "$keys/matcher.pub"
finish
