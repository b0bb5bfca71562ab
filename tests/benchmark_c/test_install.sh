#!/bin/sh
# A stranger's way: installs into an empty place, then builds and runs the example with nothing but
# pkg-config, the compiler and what was installed.
#
#     test_install.sh BUILD_DIR EXAMPLE.c LIBRARY_KIND
set -eu

build=$1
example=$2
kind=$3
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

DESTDIR=$stage meson install -C "$build" --no-rebuild --tags devel,runtime --quiet
pc=$(find "$stage" -name benchmark_c.pc)
prefix=$(sed -n 's/^prefix=//p' "$pc")
PKG_CONFIG_PATH=$(dirname "$pc")${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH

static=
mathematics=
if [ "$kind" != shared ]; then
    static=--static
    mathematics=-lm # which Google Benchmark's own file forgets
fi
# The words of pkg-config are meant to be split.
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -O2 -Wall -Wextra -Werror "$example" -o "$stage/example" \
    $(pkg-config $static --define-variable=prefix="$stage$prefix" --cflags --libs benchmark_c) \
    $mathematics

library=$(dirname "$(find "$stage" -name 'libbenchmark_c.*' | head -n 1)")
out=$(LD_LIBRARY_PATH=$library "$stage/example" --benchmark_filter='strchr/length:64$' \
    --benchmark_min_time=0.001 --benchmark_format=json)
case $out in
*'"run_name": "strchr/length:64"'*) ;;
*)
    echo "not the expected output: $out"
    exit 1
    ;;
esac

# A failure is an exit code: nothing matches.
if LD_LIBRARY_PATH=$library "$stage/example" --benchmark_filter=nothing 2>"$stage/errors"; then
    echo 'a filter that matches nothing should fail'
    exit 1
fi
grep -q nothing "$stage/errors"
