#!/usr/bin/env bash
# Every public header compiles on its own, in strict C11.
set -eu
cd "$(dirname "$0")/../.."
for h in include/kith/*.h; do
    echo "#include <kith/$(basename "$h")>" |
        ${CC:-cc} -std=c11 -pedantic -Wall -Wextra -Werror -Iinclude \
            -fsyntax-only -x c - || exit 1
done
