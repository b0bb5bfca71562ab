#!/bin/sh
# benchmark_c as a part of somebody else's project: the example builds it from subprojects/threadbench, and nothing of
# threadbench but it.
#
#     test_subproject.sh SOURCE_ROOT EXAMPLE_DIR [MESON ARGUMENT ...]
set -eu

root=$1
example=$2
shift 2
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

cp "$example/meson.build" "$example/search.c" "$stage"
mkdir "$stage/subprojects"
ln -s "$root" "$stage/subprojects/threadbench"
meson setup "$stage/build" "$stage" --force-fallback-for=benchmark_c "$@"
meson compile -C "$stage/build"

meson introspect "$stage/build" --targets --tests |
    jq -e '([.targets[] | select(.subproject == "threadbench").name] | unique) == ["benchmark_c"] and .tests == []' || {
    echo 'more of threadbench was built than benchmark_c:'
    meson introspect "$stage/build" --targets --tests
    exit 1
}
"$stage/build/search" --benchmark_filter='strchr/length:64$' --benchmark_min_time=0.001 --benchmark_format=json |
    jq -e '[.benchmarks[].run_name] == ["strchr/length:64"]'
