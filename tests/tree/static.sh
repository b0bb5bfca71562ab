#!/bin/bash
# A build that would be linked statically is refused when it is set up, and says why; that of
# benchmark_c alone is not.
#
#     static.sh MESON SOURCE_ROOT
set -euo pipefail

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
# Not every machine has the libraries for it.
cc -static -xc - -o "$stage/linked" <<<'int main(void) { return 0; }' || exit 77
for flags in -static -static-pie; do
    if "$1" setup "$stage/all" "$2" -Dc_link_args="$flags" >"$stage/log"; then
        echo "$flags was not refused"
        exit 1
    fi
    grep -F 'threadbench cannot be linked statically: leave out -static' "$stage/log"
    rm -rf "$stage/all"
done
"$1" setup "$stage/part" "$2" -Dc_link_args=-static -Dparts=benchmark_c >"$stage/log"
