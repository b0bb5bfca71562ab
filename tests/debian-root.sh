#!/bin/bash
# Runs the README's two commands in a fresh minimal Debian root, on a clone of this checkout's last
# commit, and says how long each took. Wants root, debootstrap and the network.
#
#     tests/debian-root.sh [--reuse] SUITE [DIR [COMMAND ...]]
#
# SUITE is bookworm, trixie …; DIR is where the root goes and stays (default: a directory of that
# name below $TMPDIR), and must not be there yet unless --reuse is given. Each COMMAND is run by sh
# in the clone instead of the README's.
set -euo pipefail

usage() {
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | head -n -1 >&2
    exit 2
}

reuse=
if [ "${1-}" = --reuse ]; then
    reuse=1
    shift
fi
[ $# -ge 1 ] || usage
suite=$1
root=${2:-${TMPDIR:-/tmp}/threadbench-root-$suite}
shift "$(($# > 1 ? 2 : 1))"
[ $# -gt 0 ] || set -- './bootstrap.sh && ninja -C build test' './bootstrap.sh && ninja -C build bench'
checkout=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)

# timed NAME COMMAND ...: the times come together at the end
times=
timed() {
    local name=$1 begin=$SECONDS status=0
    shift
    "$@" || status=$?
    times+=$(printf '%6d s  exit %d  %s' $((SECONDS - begin)) "$status" "$name")$'\n'
    return "$status"
}

make_root() {
    debootstrap --variant=minbase "$suite" "$root" >"$root.log" 2>&1 || {
        tail -20 "$root.log" >&2
        return 1
    }
    rm "$root.log"
}

# The host's way to the network: names, and what apt was told of proxies and the like.
share_network() {
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    grep -lsr '^ *Acquire::' /etc/apt/apt.conf /etc/apt/apt.conf.d |
        xargs -r cp -t "$root/etc/apt/apt.conf.d" || true
}

# in_root COMMAND: in namespaces of its own, so that mounts and processes end with it, come what may.
# It heeds nothing but SIGKILL, which is why it is waited for from beside it.
inside=
trap '[ -z "$inside" ] || kill -KILL "$inside"' EXIT
trap 'exit 130' INT TERM
in_root() {
    local status=0 script='
        mount -t proc proc "$1/proc"
        mount --rbind /sys "$1/sys"
        mount --rbind /dev "$1/dev"
        exec chroot "$1" /bin/sh -c "cd /threadbench && $2"'
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
        ${http_proxy+http_proxy="$http_proxy"} ${https_proxy+https_proxy="$https_proxy"} \
        unshare --mount --pid --fork --kill-child sh -euc "$script" sh "$root" "$1" </dev/null &
    inside=$!
    wait "$inside" || status=$?
    inside=
    return "$status"
}

[ -n "$reuse" ] || [ ! -e "$root" ] || {
    echo "$root is there already: give --reuse, or another directory" >&2
    exit 2
}
[ -x "$root/bin/sh" ] || timed "debootstrap $suite" make_root
share_network
rm -rf "$root/threadbench"
git clone -q --no-hardlinks "$checkout" "$root/threadbench"
failed=0
for command; do
    echo "== $suite: $command"
    timed "$command" in_root "$command" || failed=1
done
echo "== $suite, commit $(git -C "$checkout" rev-parse --short HEAD)"
printf '%s' "$times"
exit "$failed"
