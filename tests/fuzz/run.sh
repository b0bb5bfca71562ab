#!/bin/bash
# Runs each fuzzer of a build for some seconds, as many at a time as there are CPUs, and fails if any
# finds something. What is new to them stays in BUILD/tests/fuzz/found/NAME, from where the next run
# goes on.
#
#     run.sh BUILD SECONDS
set -euo pipefail

here=$(dirname "$(realpath "$0")") build=$(realpath "$1")/tests/fuzz seconds=$2
export here build seconds

one() {
    mkdir -p "$build/found/$1"
    "$build/fuzz-$1" -max_total_time="$seconds" -timeout=60 -max_len=4096 -print_final_stats=1 \
        -dict="$here/json.dict" -artifact_prefix="$build/found-by-$1-" \
        "$build/found/$1" "$here/seeds/$1"
}
export -f one

find "$here/seeds" -mindepth 1 -maxdepth 1 -printf '%f\0' |
    xargs -0 -P "$(nproc)" -I NAME bash -c 'set -eu; one NAME'
