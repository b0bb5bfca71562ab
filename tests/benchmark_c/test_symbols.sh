#!/bin/sh
# The library exports bm_* and nothing else, and all that the header declares.
#
#     test_symbols.sh LIBRARY HEADER
set -eu

exported=$(nm -D --defined-only "$1" | awk '{print $3}' | sort)
declared=$(grep -v '^#' "$2" | tr '\n' ' ' | grep -o 'BM_API [^;]*;' |
    sed 's/^[^(]*[ *]\(bm_[a-z0-9_]*\)(.*/\1/' | sort)
[ "$exported" = "$declared" ] || {
    printf "exported:\n%s\n" "$exported"
    printf "declared:\n%s\n" "$declared"
    exit 1
}
