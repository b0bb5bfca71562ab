#!/bin/bash
# Runs the README's commands in fresh minimal Debian roots, on a clone of this checkout's last commit,
# and prints how each ended, in which release, and how long it took: to be run before a release of
# threadbench. Needs root, debootstrap and the network.
#
#     tests/debian-root.sh [--reuse] [--user] [--dir DIR] [RELEASE ...] [-- COMMAND ...]
#
# RELEASE: bookworm, trixie ...; without one, these two. Its root is made in DIR/RELEASE (DIR: the
# folder threadbench-roots in $TMPDIR) and stays; what is printed is kept in DIR/RELEASE.log.
# --reuse takes a root that is there already, --user has a user run the commands who becomes root by
# sudo. Each COMMAND is run by sh in the clone, instead of the README's. Exit code: 0 if all ended
# well, in all releases.
set -euo pipefail
shopt -s inherit_errexit

usage() {
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | head -n -1 >&2
    exit 2
}

checkout=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
mapfile -t commands < <(grep '^\./bootstrap\.sh ' "$checkout/README.md")
folder=${TMPDIR:-/tmp}/threadbench-roots reuse='' user=root releases=()
while [ $# -gt 0 ]; do
    case $1 in
    --reuse) reuse=1 ;;
    --user) user=someone ;;
    --dir) [ $# -gt 1 ] || usage; folder=$2; shift ;;
    --) shift; commands=("$@"); break ;;
    -*) usage ;;
    *) releases+=("$1") ;;
    esac
    shift
done
[ "${#releases[@]}" -gt 0 ] || releases=(bookworm trixie)
[ "${#commands[@]}" -gt 0 ] || usage
mkdir -p "$folder"

for release in "${releases[@]}"; do
    [ -n "$reuse" ] || [ ! -e "$folder/$release" ] || {
        echo "$folder/$release is there already: give --reuse, or another --dir" >&2
        exit 2
    }
done

# The host's way to the network: names, and what apt was told of proxies and the like.
share_network() {
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    grep -lsr '^ *Acquire::' /etc/apt/apt.conf /etc/apt/apt.conf.d |
        xargs -r cp -t "$root/etc/apt/apt.conf.d" || true
}

# in_root USER COMMAND: in the clone, in namespaces of its own, so that mounts and processes end with
# it, come what may. Its first process, a shell, looks after processes whose parents have ended; it
# heeds nothing but SIGKILL, which is why it is waited for from beside it.
inside=''
trap '[ -z "$inside" ] || kill -KILL "$inside"' EXIT
trap 'exit 130' INT TERM
in_root() {
    local status=0 script='
        mount -t proc proc "$1/proc"
        mount --rbind /sys "$1/sys"
        mount --rbind /dev "$1/dev"
        chroot "$1" su -s /bin/sh "$2" -c "cd /threadbench && $3"'
    env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
        ${http_proxy+http_proxy="$http_proxy"} ${https_proxy+https_proxy="$https_proxy"} \
        unshare --mount --pid --fork --kill-child sh -euc "$script" sh "$root" "$1" "$2" </dev/null &
    inside=$!
    wait "$inside" || status=$?
    inside=''
    return "$status"
}

make_root() {
    if [ ! -x "$root/bin/sh" ]; then debootstrap --variant=minbase "$release" "$root" || return; fi
    rm -rf "$root/threadbench"
    share_network && git clone -q --no-hardlinks "$checkout" "$root/threadbench"
}

# A user who becomes root without a password, and whose clone it is.
make_user() {
    in_root root "apt-get update -qq && apt-get install -qqy --no-install-recommends sudo &&
        { id $user || useradd --create-home $user; } &&
        echo '$user ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/$user && chown -R $user /threadbench"
}

# row NAME COMMAND ...: runs it, and keeps a row for the end: how it ended, and of meson's tests how
# many ended how.
rows='' failed=0
row() {
    local name=$1 begin=$SECONDS status=0 log=$folder/$release.log from tests
    shift
    echo "== $release: $name" | tee -a "$log"
    from=$(wc -l <"$log")
    "$@" >>"$log" 2>&1 || status=$?
    [ "$status" = 0 ] || { failed=1; tail -n "+$from" "$log" | tail -n 30 >&2; }
    tests=$(tail -n "+$from" "$log" | sed -nE 's/^(Ok|Fail|Skipped|Timeout): +([0-9]+) *$/\1 \2/p' | paste -sd ' ')
    rows+=$(printf '%-10s %5d s  exit %-3d  %s' "$release" $((SECONDS - begin)) "$status" "$name")
    rows+=${tests:+  [$tests]}$'\n'
    return "$status"
}

for release in "${releases[@]}"; do
    root=$folder/$release
    : >"$folder/$release.log"
    row 'a minimal root' make_root || continue
    [ "$user" = root ] || row 'a user' make_user || continue
    for command in "${commands[@]}"; do
        row "$command" in_root "$user" "$command" || true
    done
done
echo "== commit $(git -C "$checkout" rev-parse --short HEAD), as $user"
printf '%s' "$rows"
exit "$failed"
