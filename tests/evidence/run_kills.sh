#!/usr/bin/env bash
# Ends runs at random moments, goes on with what they left, and looks at every document.
#
#     THREADBENCH=build/src/harness/threadbench tests/evidence/run_kills.sh [KILLS [SIGNALS]]
#
# A run measures tests/cli/fake.sh into a file and an archive, is ended after up to half a second, by
# SIGKILL and then by SIGINT and SIGTERM in turn, and is continued where there is a document by then, or
# else begun anew; a new one begins after every tenth. After each end the document and all of the archive are
# whole, and what is continued for the last time completes. Nothing of it may stay in TMPDIR.
set -eu
set -m # else what runs beside a script ignores SIGINT
kills=${1:-1000}
signals=${2:-1000}
THREADBENCH=$(realpath "${THREADBENCH:-build/src/harness/threadbench}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$(dirname "$0")/../cli/fake.sh" "$work"
cd "$work"
export TMPDIR=$work/tmp XDG_CACHE_HOME=$work/cache THREADBENCH_LOCK=lock
mkdir tmp
: >lock
declare -A ends=()
documents=0 continued=0

fail() {
    echo "run_kills.sh: $*" >&2
    cat out >&2
    exit 1
}

# measure ROUNDS: begins, or continues what is there
measure() {
    if [ -e doc.json ]; then
        exec "$THREADBENCH" run --continue --trust -r "$1" -o doc.json --archive kept doc.json
    fi
    exec "$THREADBENCH" run -f '^create/cpu:same/posix' --seed 1 -t 0.001 -r "$1" -o doc.json --archive kept ./fake.sh
}

# pause MILLISECONDS
pause() {
    read -rt "$(printf '0.%03d' "$1")" <> <(:) || :
}

whole() {
    [ ! -e doc.json ] || jq -e '.benchmarks | type == "array"' doc.json >/dev/null || fail "doc.json is not whole"
    [ ! -d kept ] || "$THREADBENCH" archive verify kept >out 2>&1 || fail "the archive is damaged"
}

# What was ended goes on to its end; then there is a new one.
complete() {
    [ -e doc.json ] || (measure 2) >out 2>&1 || fail "a run failed"
    local rounds
    rounds=$(jq '.context.threadbench.rounds_finished' doc.json)
    (measure $((rounds + 2))) >out 2>&1 || fail "the last part of a run failed"
    [ "$(jq '.context.threadbench.rounds_finished' doc.json)" = $((rounds + 2)) ] || fail "it has not all rounds"
    whole
    documents=$((documents + 1))
    rm doc.json
}

# end SIGNAL NUMBER
end() {
    local code=0
    [ ! -e doc.json ] || continued=$((continued + 1))
    (measure 500) >out 2>&1 &
    pid=$!
    pause $((RANDOM % 480 + 10))
    kill "-$1" $pid 2>/dev/null || :
    wait $pid 2>/dev/null || code=$?
    case $code in
    0 | 130 | 137 | 143) ;;
    *) fail "SIG$1: a run ended with $code" ;;
    esac
    ends[$1:$code]=$((${ends[$1:$code]:-0} + 1))
    whole
    # One that has come to its end by itself cannot go on.
    if [ $(($2 % 10)) = 0 ] || [ "$code" = 0 ]; then complete; fi
}

for kill in $(seq "$kills"); do end KILL "$kill"; done
for signal in $(seq "$signals"); do
    if [ $((signal % 2)) = 0 ]; then end INT "$signal"; else end TERM "$signal"; fi
done
complete
left=$(find tmp -mindepth 1 | wc -l)
echo "$kills kills, $signals signals: $continued continued, $documents completed, $(find kept -name '*.json' ! -name '.tmp-*' |
    wc -l) documents in the archive, left in TMPDIR: $left"
for how in "${!ends[@]}"; do echo "  SIG${how%:*}, exit code ${how#*:}: ${ends[$how]}"; done | sort
[ "$left" = 0 ]
