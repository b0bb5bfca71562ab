#!/usr/bin/env bash
# Kills writers of an archive at random moments, and then looks at every document.
#
#     THREADBENCH=build/src/harness/threadbench tests/evidence/archive_kills.sh [KILLS]
#
# Each writer adds one file of 1 MB after another, every one with other bytes; it is killed with
# SIGKILL after up to 50 ms. Says how many documents and leftovers there are; fails if any is damaged.
set -eu
kills=${1:-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
THREADBENCH=$(realpath "${THREADBENCH:-build/src/harness/threadbench}")
cd "$work"
for i in $(seq 8); do
    printf '{"context": {"date": "2026-01-02T03:04:0%d+00:00", "host_name": "h", "filling": "%s"}, "benchmarks": []}' \
        "$i" "$(head -c 750000 /dev/urandom | base64 -w 0)" >"$i.json"
done
for kill in $(seq "$kills"); do
    # To an archive of its own at every eighth, so that documents are new ones again.
    "$THREADBENCH" archive add "kept$((kill / 8))" ./*.json >out 2>&1 &
    pid=$!
    read -rt "0.0$((RANDOM % 50 + 10))" <> <(:) || :
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
