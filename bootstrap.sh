#!/bin/sh
# Installs what threadbench needs and this machine lacks, and configures build/.
#
#     ./bootstrap.sh [--build | --ci] [MESON ARGUMENT ...]
#
# --build installs what building needs and nothing else, and configures without tests: for a machine
# that only measures. --ci also installs what .ci/run checks with. What is optional is measured or used where it is there,
# and left out where it is not. Without apt-get nothing is installed: it says what is needed and
# goes on; meson builds what it has a wrap for in subprojects/, and names what is missing then.
set -eu
cd "$(dirname "$0")"

packages() {
    cat <<'END'
Debian              Fedora                  Arch               Homebrew          for
gcc                 gcc                     gcc                gcc               build
g++                 gcc-c++                 gcc                gcc               build
git                 git                     git                git               build
libbenchmark-dev    google-benchmark-devel  benchmark          google-benchmark  build
libcjson-dev        cjson-devel             cjson              cjson             build
libhwloc-dev        hwloc-devel             hwloc              hwloc             build
libpopt-dev         popt-devel              popt               popt              build
libsmartcols-dev    libsmartcols-devel      util-linux-libs    util-linux        build
libsqlite3-dev      sqlite-devel            sqlite             sqlite            build
meson               meson                   meson              meson             build
ninja-build         ninja-build             ninja              ninja             build
pkgconf             pkgconf-pkg-config      pkgconf            pkgconf           build
python3             python3                 python             python            build
zlib1g-dev          zlib-devel              zlib               zlib              build
bats                bats                    bash-bats          bats-core         tests
cmake               cmake                   cmake              cmake             tests
curl                curl                    curl               curl              tests
jq                  jq                      jq                 jq                tests
libbenchmark-tools  google-benchmark        benchmark          google-benchmark  tests
libcmocka-dev       libcmocka-devel         cmocka             cmocka            tests
locales             glibc-locale-source     glibc              -                 tests
make                make                    make               make              tests
procps              procps-ng               procps-ng          -                 tests
python3-jsonschema  python3-jsonschema      python-jsonschema  check-jsonschema  tests
python3-scipy       python3-scipy           python-scipy       scipy             tests
python3-yaml        python3-pyyaml          python-yaml        -                 tests
strace              strace                  strace             -                 tests
gnuplot-nox         gnuplot-minimal         gnuplot            gnuplot           optional
libglib2.0-dev      glib2-devel             glib2              glib              optional
libuv1-dev          libuv-devel             libuv              libuv             optional
libtbb-dev          tbb-devel               onetbb             tbb               optional
liburing-dev        liburing-devel          liburing           -                 optional
libboost-context-dev boost-devel            boost              boost             optional
scdoc               scdoc                   scdoc              scdoc             optional
valgrind            valgrind                valgrind           -                 optional
musl-tools          musl-gcc                musl               -                 optional
chromium            chromium                chromium           chromium          gate
chromium-driver     chromedriver            chromium           chromedriver      gate
python3-selenium    python3-selenium        python-selenium    -                 gate
clang               clang                   clang              llvm              gate
clang-format        clang-tools-extra       clang              llvm              gate
clang-tidy          clang-tools-extra       clang              llvm              gate
cppcheck            cppcheck                cppcheck           cppcheck          gate
fish                fish                    fish               fish              gate
gcovr               gcovr                   -                  gcovr             gate
groff-base          groff-base              groff              groff             gate
mandoc              mandoc                  mandoc             mandoc            gate
shellcheck          ShellCheck              shellcheck         shellcheck        gate
zsh                 zsh                     zsh                zsh               gate
END
}

# lacking REASON ...: the packages for any of these that are not installed
lacking() {
    for package in $(packages | awk -v reasons=" $* " 'NR > 1 && index(reasons, " " $5 " ") { print $1 }')
    do
        dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null | grep -q '^installed' ||
            echo "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        echo "bootstrap.sh: as root: $*" >&2
        return 1
    fi
}

install() {
    as_root apt-get install -qqy -o Dpkg::Use-Pty=0 --no-install-recommends "$@"
}

install_lacking() {
    # shellcheck disable=SC2086 # one word per reason
    missing=$(lacking $reasons)
    optional=${optionals:+$(lacking optional)}
    [ -n "$missing$optional" ] || return 0
    as_root apt-get update -qq || echo 'bootstrap.sh: going on with the package lists at hand' >&2
    # shellcheck disable=SC2086 # one word per package
    [ -z "$missing" ] || install $missing
    # shellcheck disable=SC2086
    [ -z "$optional" ] || install $optional || echo 'bootstrap.sh: going on without what is optional' >&2
}

reasons='build tests' optionals=1
case ${1-} in
--build)
    reasons=build optionals=''
    shift
    set -- -Dtests=false "$@"
    ;;
--ci)
    reasons="$reasons gate"
    shift
    ;;
esac
if command -v apt-get >/dev/null; then
    install_lacking
else
    packages
fi
if [ -e build/build.ninja ]; then
    meson setup --reconfigure build "$@"
else
    meson setup build "$@"
fi
