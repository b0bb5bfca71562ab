#!/bin/bash
# Runs each fuzzer of a build for some seconds, as many at a time as there are CPUs unless a number
# is given, prints how many executions each had, and fails if any finds something. What is new to
# them stays in BUILD/tests/fuzz/found/NAME, from where the next run goes on; what they printed, in
# BUILD/tests/fuzz/found-by-NAME.log.
#
#     run.sh BUILD SECONDS [JOBS]
set -euo pipefail

here=$(dirname "$(realpath "$0")") build=$(realpath "$1")/tests/fuzz seconds=$2
export here build seconds

# Where inputs have thousands of features, as documents do, half the time would be spent on choosing
# the next one by entropy.
one() {
    local log=$build/found-by-$1.log code=0
    mkdir -p "$build/found/$1"
    "$build/fuzz-$1" -max_total_time="$seconds" -timeout=60 -entropic=0 -print_final_stats=1 \
        -dict="$here/json.dict" -artifact_prefix="$build/found-by-$1-" \
        "$build/found/$1" "$here/seeds/$1" >"$log" 2>&1 || code=$?
    printf '%-10s %10s executions, %s\n' "$1" \
        "$(sed -n 's/^stat::number_of_executed_units: //p' "$log")" \
        "$([ $code = 0 ] && echo "nothing found" || echo "found something: $log")"
    [ $code = 0 ] || tail -n 40 "$log"
    return $code
}
export -f one

find "$here/seeds" -mindepth 1 -maxdepth 1 -printf '%f\0' | sort -z |
    xargs -0 -P "${3:-$(nproc)}" -I NAME bash -c 'set -eu; one NAME'
