#!/bin/sh
# A stranger's ways to benchmark_c: installs it into an empty place, then builds and runs the example with what was
# installed, by pkg-config and by CMake.
#
#     test_install.sh BUILD_DIR EXAMPLE_DIR
set -eu

build=$1
example=$2
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

DESTDIR=$stage meson install -C "$build" --no-rebuild --tags devel,runtime --quiet
pc=$(find "$stage" -name benchmark_c.pc)
prefix=$(sed -n 's/^prefix=//p' "$pc")
PKG_CONFIG_PATH=$(dirname "$pc")${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
libdir=$(dirname "$(dirname "$pc")")
LD_LIBRARY_PATH=$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PKG_CONFIG_PATH LD_LIBRARY_PATH

# works PROGRAM: the example, built anew
works() {
    out=$("$1" --benchmark_filter='strchr/length:64$' --benchmark_min_time=0.001 --benchmark_format=json)
    case $out in
    *'"run_name": "strchr/length:64"'*) ;;
    *)
        echo "$1: not the expected output: $out"
        exit 1
        ;;
    esac
}

# with_pkg_config LIBRARY [ARGUMENT ...]: by a linker that drops what nothing before it needs
with_pkg_config() {
    library=$1
    shift
    flags=$(pkg-config "$@" --define-variable=prefix="$stage$prefix" --cflags --libs benchmark_c |
        sed "s/-lbenchmark_c\\>/$library/")
    # shellcheck disable=SC2086 # words, meant to be split
    ${CC:-cc} -std=c11 -O2 -Wall -Wextra -Werror -Wl,--as-needed "$example/search.c" -o "$stage/example" $flags
    works "$stage/example"
}

# Without dpkg-dev meson installs to lib64 in Debian, where CMake does not look.
where=-DCMAKE_PREFIX_PATH=$stage$prefix
case $libdir in
*/lib64) where=-Dbenchmark_c_DIR=$libdir/cmake/benchmark_c ;;
esac

with_cmake() {
    cmake -G Ninja -S "$1" -B "$1-build" "$where" -DCMAKE_BUILD_TYPE=Release &&
        cmake --build "$1-build"
}

with_pkg_config -lbenchmark_c
if [ -e "$libdir/libbenchmark_c.a" ]; then
    with_pkg_config -l:libbenchmark_c.a --static
fi

mkdir "$stage/cmake" "$stage/newer"
cp "$example/search.c" "$example/CMakeLists.txt" "$stage/cmake"
with_cmake "$stage/cmake"
works "$stage/cmake-build/search"

# CMake takes no version that is too old.
cp "$example/search.c" "$stage/newer"
sed 's/benchmark_c 0.1 REQUIRED/benchmark_c 1000 REQUIRED/' "$example/CMakeLists.txt" >"$stage/newer/CMakeLists.txt"
if with_cmake "$stage/newer" >"$stage/errors" 2>&1; then
    echo 'CMake: version 1000 should not be found'
    exit 1
fi
grep -q 'benchmark_c-config.cmake, version: ' "$stage/errors"

# A failure is an exit code: nothing matches.
if "$stage/example" --benchmark_filter=nothing 2>"$stage/errors"; then
    echo 'a filter that matches nothing should fail'
    exit 1
fi
grep -q nothing "$stage/errors"
