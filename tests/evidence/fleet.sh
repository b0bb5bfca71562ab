#!/usr/bin/env bash
# Measures on a staged fleet, merges its archives, and asks SQLite and PostgreSQL which kernel made creation
# slower; then lets things go wrong. It runs the commands of docs/guides/fleet.md and prints them with what they print.
#
#     tests/evidence/fleet.sh [BUILD]      BUILD: the build folder (default: build)
#
# What is staged, on one machine with one kernel:
# - alpha, beta, gamma are hosts with processes, a network, a name, a home and an sshd of their own; their files
#   are the machine's, below an overlay. They share its CPUs, so `run --wait` measures on one at a time.
# - The old kernel is this one calling itself 2.6.N (setarch --uname-2.6). The new one is this one by its own name, with
#   a filter that makes clone() take longer (slow_clone.py): creation is really dearer there. The old one has the
#   filter, too, but without steps in it.
# - srun is a script of a few lines on the host `login`, which knows --nodelist, --ntasks-per-node=1 and --label.
#
# Needs root, Linux on x86-64, and the packages below. All of it is in namespaces and on a tmpfs which end
# with the script, however that ends: no key, mount, process or network is left.
# shellcheck disable=SC2016 # commands are expanded where they are run
set -eu
packages='parallel:parallel sshd:openssh-server ssh:openssh-client sqlite3:sqlite3 ip:iproute2 setpriv:util-linux
    python3:python3 meson:meson'
release_old() { exec "$here/slow_clone.py" 0 setarch x86_64 --uname-2.6 "$@"; }
release_new() { exec "$here/slow_clone.py" 1500 "$@"; }
here=$(cd "$(dirname "$0")" && pwd)

look_for_packages() {
    local pair missing=''
    for pair in $packages; do
        command -v "${pair%:*}" >/dev/null || missing+=" ${pair#*:}"
    done
    postgres=$(find /usr/lib/postgresql -name initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$postgres" ] || missing+=' postgresql'
    [ -z "$missing" ] || { echo "fleet.sh: missing:$missing (apt install$missing)" >&2; exit 77; }
    unshare --mount --net --uts --pid --fork true 2>/dev/null || { echo 'fleet.sh: needs root' >&2; exit 77; }
    [ "$(uname -m)" = x86_64 ] || { echo 'fleet.sh: needs x86-64' >&2; exit 77; }
}

# The outer half: waits beside the namespaces, as their first process heeds nothing but SIGKILL.
if [ "${1:-}" != --inside ]; then
    look_for_packages
    build=$(realpath "${1:-build}")
    [ -e "$build/build.ninja" ] || { echo "fleet.sh: '$build' is no build folder: give one, built by ninja" >&2; exit 2; }
    work=$(mktemp -d)
    inside=''
    trap '[ -z "$inside" ] || { kill -KILL "$inside"; wait "$inside" || :; } 2>/dev/null; rmdir "$work"' EXIT
    trap 'exit 130' INT TERM HUP
    unshare --net --mount --uts --ipc --pid --fork --kill-child --mount-proc \
        "$0" --inside "$build" "$work" "${postgres%/*}" </dev/null &
    inside=$!
    status=0
    wait "$inside" || status=$?
    inside=''
    exit "$status"
fi
build=$2 work=$3 postgres=$4

mount -t tmpfs none /run # for `ip netns`, and nothing of the machine's
mount -t tmpfs none "$work"
cd "$work"
mkdir shared install
DESTDIR=$work/install meson install -C "$build" --no-rebuild --quiet >/dev/null
ssh-keygen -q -t ed25519 -N '' -f host_key
ssh-keygen -q -t ed25519 -N '' -f user_key

# make_root NAME: the machine's files below an overlay, threadbench, a home, /var/lib/threadbench.
make_root() {
    mkdir -p "$1"/{upper,scratch,root,home/.ssh}
    cp -a install/. "$1/upper/"
    mkdir -p "$1/upper/var/lib/threadbench" "$1/upper/run/sshd"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/scratch" "$1/root"
    mount --rbind /sys "$1/root/sys"
    mount --rbind /dev "$1/root/dev"
    mount -t tmpfs none "$1/root/dev/shm"
    mount -t tmpfs -o mode=1777 none "$1/root/tmp"
    mount --bind "$1/home" "$1/root/root"
    mount --bind shared "$1/root/var/lib/threadbench"
    cp user_key.pub "$1/home/.ssh/authorized_keys"
    echo "$1" >"$1/root/etc/hostname"
    printf '%s\n' '127.0.0.1 localhost' '10.77.0.1 alpha' '10.77.0.2 beta' '10.77.0.3 gamma' >"$1/root/etc/hosts"
    cat >"$1/root/etc/ssh/sshd_config" <<END
HostKey /etc/ssh/fleet_key
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
LogLevel ERROR
MaxStartups 100
SetEnv THREADBENCH_LOCK=/var/lib/threadbench
Subsystem sftp internal-sftp
END
    install -m 600 host_key "$1/root/etc/ssh/fleet_key"
}

# await COMMAND...: until it succeeds, for a minute at most
await() {
    local end=$((SECONDS + 60))
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || { echo "fleet.sh: not within a minute: $*" >&2; exit 1; }
        read -rt 0.2 <> <(:) || :
    done
}

answers() {
    chroot login/root ssh "$1" true 2>/dev/null
}

# boot NAME KERNEL: the host NAME, under release_old or release_new.
declare -A running
boot() {
    local number
    number=$(awk -v name="$1" '$2 == name { print $1 }' login/root/etc/hosts)
    ip netns add "$1"
    ip link add "$1" type veth peer name eth0 netns "$1"
    ip link set "$1" master fleet up
    ip -n "$1" addr add "$number/24" dev eth0
    ip -n "$1" link set eth0 up
    ip -n "$1" link set lo up
    # shellcheck disable=SC2016 # of the inner shell
    "$2" ip netns exec "$1" unshare --mount --uts --ipc --pid --fork --kill-child sh -euc '
        hostname "$1"
        mount -t proc proc "$1/root/proc"
        exec chroot "$1/root" /usr/sbin/sshd -D -e' sh "$1" &
    running[$1]=$!
    await answers "$1"
}

# crash NAME: without a goodbye to anybody.
crash() {
    kill -KILL "${running[$1]}"
    wait "${running[$1]}" 2>/dev/null || :
    ip netns del "$1"
}

make_login() {
    make_root login
    mount -t proc proc login/root/proc
    cp user_key login/home/.ssh/id_ed25519
    cat >login/home/.ssh/config <<END
StrictHostKeyChecking no
LogLevel ERROR
ConnectTimeout 5
ServerAliveInterval 2
END
    cat >login/root/usr/local/bin/srun <<'END'
#!/bin/bash
# A stand-in for Slurm's srun: one task on each node of --nodelist, all at once; the highest exit code.
for word do
    case $word in
    --nodelist=*) nodes=${word#*=} ;;
    --ntasks-per-node=1) ;;
    --label) label=1 ;;
    -*) echo "srun: $word: this stand-in does not know it" >&2; exit 2 ;;
    *) break ;;
    esac
    shift
done
task=0
for node in ${nodes//,/ }; do
    ssh "$node" "cd $(printf %q "$PWD") && SLURMD_NODENAME=$node $(printf '%q ' "$@")" </dev/null \
        > >(sed "s/^/${label:+$task: }/") 2> >(sed "s/^/${label:+$task: }/" >&2) &
    task=$((task + 1)) tasks+=($!)
done
for pid in "${tasks[@]}"; do
    code=0
    wait "$pid" || code=$?
    highest=$((code > ${highest:-0} ? code : ${highest:-0}))
done
exit "$highest"
END
    chmod +x login/root/usr/local/bin/srun
}

# step COMMAND: as one types it on `login`, in a folder that stays.
step() {
    local begin=${EPOCHREALTIME/./} code=0
    printf '\n$ %s\n' "$1"
    env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin COLUMNS=100 PGHOST=/tmp/pg \
        PGUSER=postgres PARALLEL_HOME=/root/.parallel chroot login/root bash -c "cd /root; $1" 2>&1 || code=$?
    printf '[exit code %d, %d ms]\n' "$code" $(((${EPOCHREALTIME/./} - begin) / 1000))
}

# The guide's commands, each with a NUL at its end: those behind `$ `, and whole blocks of `sh`.
commands_of_guide() {
    awk '/^```/ { if (language == "sh") printf "%c", 0; language = language == "" ? substr($0, 4) : ""; next }
        language == "sh" { printf "%s\n", $0 }
        language == "console" && /^\$ / { printf "%s%c", substr($0, 3), 0 }' "$here/../../docs/guides/fleet.md"
}

start_postgres() {
    local command
    for command in "mkdir /tmp/pg && chown postgres: /tmp/pg" \
        "setpriv --reuid=postgres --regid=postgres --clear-groups $postgres/initdb -D /tmp/pg/data -A trust -E UTF8 -N >/dev/null" \
        "setpriv --reuid=postgres --regid=postgres --clear-groups $postgres/pg_ctl -D /tmp/pg/data -s -w -l /tmp/pg/log \
            -o \"-k /tmp/pg -c listen_addresses=''\" start"; do
        HOME=/root chroot login/root bash -c "$command"
    done
}

ip link set lo up
ip link add fleet type bridge
ip link set fleet up
ip addr add 10.77.0.100/24 dev fleet
hostname login
make_login
for name in alpha beta gamma; do
    make_root $name
    boot $name release_old
done

echo '== the guide'
start_postgres
mapfile -d '' guide < <(commands_of_guide)
for command in "${guide[@]}"; do
    if [[ $command = srun* ]]; then
        printf '\n(beta and gamma get the new kernel)\n'
        for name in beta gamma; do crash $name; boot $name release_new; done
    fi
    step "${command%$'\n'}"
done

echo
echo '== a host fails in the middle'
run="threadbench run --wait -q --set core -t 0.05 -f '^(create/call|stack/map).*cpu:same'"
step "parallel --nonall --tag --sshlogin beta,gamma \"$run -r 60 --archive bench-results >run.log\"" &
failing=$!
await compgen -G 'gamma/home/bench-results/.tmp-*.json' >/dev/null
crash gamma
wait $failing
boot gamma release_new
step 'ssh gamma threadbench archive verify bench-results'
step "ssh gamma 'threadbench run --continue -q bench-results/.tmp-*.json --archive bench-results >run.log'"
step 'ssh gamma threadbench archive verify bench-results'

echo
echo '== a copy that is not whole, and a host that is missing'
step 'truncate -s 9000 $(ls bench-results/alpha/none/*.json | head -n 1); threadbench archive verify'
step 'threadbench archive export -o rows.csv'
step 'scp -rpq alpha:bench-results/. bench-results; threadbench archive verify'
step 'threadbench archive export --host delta -o delta.csv'

echo
echo '== two hosts of one name'
step "srun --nodelist=alpha,beta,gamma --ntasks-per-node=1 $run --host node --archive /var/lib/threadbench/same >run.log"
step 'threadbench archive list /var/lib/threadbench/same'
step 'for pair in 1,2 2,3; do threadbench compare $(ls /var/lib/threadbench/same/node/none/*.json | sed -n ${pair}p); done'

echo
echo '== a clock that is wrong'
step 'sed -E "s/(\"(date|started_utc)\":\s*\")[0-9]+/\12031/" $(ls bench-results/beta/none/*.json | head -n 1) >late.json
threadbench archive add late late.json && threadbench archive list late && threadbench archive verify late'
step 'cp -r bench-results/beta late; threadbench archive list late; threadbench archive export -o late.csv late'
