#!/usr/bin/env bash
# Kills writers of an archive at random moments, and then looks at every document; then lets many write
# at once, beside readers.
#
#     THREADBENCH=build/src/harness/threadbench tests/evidence/archive_kills.sh [KILLS [WRITERS]]
#
# Each writer adds one file of 1 MB after another, every one with other bytes; it is killed with
# SIGKILL within the time that it takes. Says how many documents and leftovers there are; fails if any is damaged.
# Of the writers at once each adds 8 documents, one after another, of which half are another's, too;
# until they have ended four readers list and verify, and must not find anything wrong.
set -eu
kills=${1:-200}
writers=${2:-32}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
THREADBENCH=$(realpath "${THREADBENCH:-build/src/harness/threadbench}")
cd "$work"
for i in $(seq 8); do
    printf '{"context": {"date": "2026-01-02T03:04:0%d+00:00", "host_name": "h", "filling": "%s"}, "benchmarks": []}' \
        "$i" "$(head -c 750000 /dev/urandom | base64 -w 0)" >"$i.json"
done
begin=${EPOCHREALTIME/./}
"$THREADBENCH" archive add kept0 ./*.json >out
took=$(((${EPOCHREALTIME/./} - begin) / 1000)) # milliseconds
took=$((took < 20 ? 20 : took > 990 ? 990 : took))
rm -r kept0
for kill in $(seq "$kills"); do
    # To an archive of its own at every eighth, so that documents are new ones again.
    "$THREADBENCH" archive add "kept$((kill / 8))" ./*.json >out 2>&1 &
    pid=$!
    read -rt "$(printf '0.%03d' $((RANDOM % took + 5)))" <> <(:) || :
    kill -9 $pid 2>/dev/null || :
    wait $pid 2>/dev/null || :
done
damaged=0
for archive in kept*; do
    "$THREADBENCH" archive verify "$archive" >out || { damaged=1; cat out; }
    cat out >>all
done
whole=$(find kept* -name '*.json' | wc -l)
left=$(find kept* -name '.tmp-*' | wc -l)
[ "$left" -eq "$(grep -c 'leftover of a writer' all)" ]
find kept* -name '.tmp-*' -exec touch -d '2 hours ago' {} +
find kept* -name '.tmp-*' -mmin +60 -delete
[ -z "$(find kept* -name '.tmp-*')" ]
echo "$kills kills: $whole documents, $left leftovers named and removed, damaged: $damaged"
[ "$damaged" = 0 ]

# document WRITER NUMBER: with bytes of its own; the first four are those of the writer before, too
document() {
    local writer=$1
    [ "$2" -ge 4 ] || writer=$(($1 / 2 * 2))
    printf '{"context": {"date": "2026-01-02T03:%02d:0%d+00:00", "host_name": "h", "filling": "%s"}, "benchmarks": []}' \
        "$writer" "$2" "$(seq -f "$writer $2 %.0f" 5000 | base64 -w 0)"
}

# look COMMAND...: again and again until the writers have ended
look() {
    local looks=0
    until [ -e ended ]; do
        "$@" >"looked.$BASHPID" 2>&1 || { cat "looked.$BASHPID" >&2; return 1; }
        looks=$((looks + 1))
    done
    echo "$looks" >>looks
}

mkdir many # which readers find from the beginning
for writer in $(seq "$writers"); do
    mkdir "of$writer"
    for number in $(seq 0 7); do document "$writer" "$number" >"of$writer/$number.json"; done
done
readers=()
for command in list "list --json" verify "list --host h"; do
    # shellcheck disable=SC2086 # a command and its option
    look "$THREADBENCH" archive $command many & readers+=($!)
done
adding=()
for writer in $(seq "$writers"); do
    "$THREADBENCH" archive add many "of$writer"/*.json >"added.$writer" 2>&1 & adding+=($!)
done
failed=0
for pid in "${adding[@]}"; do wait "$pid" || failed=$((failed + 1)); done
: >ended
for pid in "${readers[@]}"; do wait "$pid" || failed=$((failed + 1)); done
"$THREADBENCH" archive verify many >out
whole=$(find many -name '*.json' | wc -l)
left=$(find many -name '.tmp-*' | wc -l)
echo "$writers writers at once: $whole documents, $left leftovers; read $(($(paste -sd+ looks))) times meanwhile; failed: $failed"
[ "$failed" = 0 ] && [ "$left" = 0 ] && [ "$whole" = $((writers * 4 + (writers / 2 + 1) * 4)) ]
