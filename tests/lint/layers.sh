#!/usr/bin/env bash
# A folder of src includes only itself, base, and the folders before it in
# the flow; src/cli includes public headers and its own only.
set -eu
cd "$(dirname "$0")/../.."
flow="base io config compare encode pass train match cluster family criteria
report synth evaluate attack cli"
bad=0
before=""
for room in $flow; do
    before="$before $room"
    [ -d "src/$room" ] || continue
    while IFS=: read -r file line include; do
        target=$(printf '%s' "$include" | sed -E 's/.*"([a-z]+)\/.*/\1/')
        case " $before " in
        *" $target "*) ;;
        *)
            echo "$file:$line: src/$room must not include \"$target/\""
            bad=1
            ;;
        esac
        if [ "$room" = cli ] && [ "$target" != cli ]; then
            echo "$file:$line: src/cli uses <kith/...> only"
            bad=1
        fi
    done < <(grep -nE '^#include "[a-z]+/' "src/$room"/*.[ch] 2>/dev/null || true)
done
for room in base io compare encode pass train match cluster family criteria \
    report synth evaluate attack; do
    if grep -nE '#include (<cyaml|"config/)' "src/$room"/*.[ch] 2>/dev/null; then
        echo "only src/config reads YAML"
        bad=1
    fi
done
exit $bad
