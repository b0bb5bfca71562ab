#!/bin/bash
# usage: every_case.sh SUITE FAMILY
#
# Runs each case of a family with two samples, in a process of its own, as TAP. A case passes if it
# gives two samples (or what a process can give at most), or says why it cannot run here.
# EVERY_CASE_EXCEPT is an expression for names to leave out, as what takes long under a sanitizer.
set -u
suite=$1 family=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"$suite" --benchmark_list_tests --benchmark_filter="^$family/" |
    grep -vE "${EVERY_CASE_EXCEPT:-^\$}" >"$work/names" || exit 1
echo "1..$(wc -l <"$work/names")"

# The verdict on one document: "ok", "ok # SKIP reason", or "not ok".
judge='.benchmarks | if length != 1 then "not ok - \(length) entries"
    else .[0] |
        if .skipped or ((.error_message // "") | startswith("skipped: ")) then
            "ok # SKIP \(.skip_message // .error_message)"
        elif .error_occurred then "not ok - \(.error_message)"
        elif .samples == ([.name | capture("/iterations:(?<most>[0-9]+)/").most | tonumber][0] // 2)
            and .real_time > 0 and (.real_time | isfinite) then "ok"
        else "not ok - \(.samples) samples, \(.real_time) ns" end
    end'

while read -r name; do
    THREADBENCH_SAMPLES=2 "$suite" --benchmark_min_time=0 --benchmark_filter="^$name\$" \
        --benchmark_format=json >"$work/json" 2>"$work/stderr" </dev/null
    status=$?
    verdict=$(jq -r "$judge" "$work/json" 2>&1) || verdict="not ok - no JSON: $verdict"
    case "$verdict" in
    ok*) [ $status -eq 0 ] || verdict="not ok - exit status $status" ;;
    esac
    case "$verdict" in
    "ok # SKIP"*) echo "ok - $name # SKIP ${verdict#ok # SKIP }" ;;
    ok) echo "ok - $name" ;;
    *) echo "not ok - $name (${verdict#not ok - })" && sed 's/^/# /' "$work/stderr" ;;
    esac
done <"$work/names"
