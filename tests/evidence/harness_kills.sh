#!/usr/bin/env bash
# Kills `run` and `ab` at random moments, behind launchers, and looks for what they leave.
#
#     THREADBENCH=build/src/harness/threadbench tests/evidence/harness_kills.sh [KILLS]
#
# Each is killed with SIGKILL after up to 0.8 s; at eight kills of 32 its keeper is killed as well,
# before it. Fails if a process is left 20 s later, or a folder after the next run. Where nobody cleans
# up, as without a keeper, folders may stay until that run; it says how many did.
set -eu
kills=${1:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
THREADBENCH=$(realpath "${THREADBENCH:-build/src/harness/threadbench}")
export TMPDIR=$work
cd "$work"
# Every process of ours has the folder in its environment; this shell and its children have it, too, so they
# are told apart by their names.
left() {
    grep -lzsxF "TMPDIR=$work" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do
        name=$(cat "/proc/$pid/comm" 2>/dev/null) || continue
        state=$(awk '/^State:/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || continue
        case $name,$state in
        *,Z | *,X | bash,* | grep,* | cat,* | awk,*) ;;
        *) echo "$pid $name" ;;
        esac
    done
}
folders() {
    find . -maxdepth 1 -name 'threadbench-run-*' | wc -l
}
launchers=('@suite' 'taskset -c 0 @suite' "sh -c '\"\$@\"; true' sh @suite" "sh -c 'timeout 100 \"\$@\"; true' sh @suite")
stayed=0
without_keeper=0
for kill in $(seq "$kills"); do
    before=$(folders)
    subject=${launchers[kill / 2 % 4]}
    if [ $((kill % 2)) = 0 ]; then
        setsid "$THREADBENCH" run --rounds 1000 --samples 2000 -f '^create/call/cpu:same/posix' "$subject" >out 2>&1 &
    else
        setsid "$THREADBENCH" ab --rounds 1000 --samples 2000 -f '^create/call/cpu:same/posix' "$subject" @suite >out 2>&1 &
    fi
    pid=$!
    read -rt "0.$((RANDOM % 8))$((RANDOM % 10))" <> <(:) || :
    if [ $((kill / 8 % 4)) = 3 ]; then
        without_keeper=$((without_keeper + 1))
        pkill -9 -P $pid -x tb-keeper || :
    fi
    kill -9 $pid 2>/dev/null || : # it may have ended
    wait $pid 2>/dev/null || :
    for _ in $(seq 100); do
        processes=$(left)
        [ "$processes" ] || break
        read -rt 0.2 <> <(:) || :
    done
    [ -z "$processes" ] || { echo "kill $kill ($subject) left: $processes"; exit 1; }
    [ "$(folders)" -le "$before" ] || stayed=$((stayed + 1))
    if [ $((kill % 10)) = 0 ]; then
        "$THREADBENCH" run --rounds 1 --samples 1 -f '^create/call/cpu:same/null' >out 2>&1
        [ "$(folders)" = 0 ] || { echo "kill $kill: after the next run there is $(echo threadbench-run-*)"; exit 1; }
    fi
done
echo "$kills kills, $without_keeper without a keeper: no process left, folders left until the next run after $stayed"
