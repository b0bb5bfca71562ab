#!/bin/sh
# Counts the instructions of one iteration of an empty loop (and of two small ones), in C by
# benchmark_c and in C++ by Google Benchmark itself: the difference of two runs under callgrind,
# divided by the difference of their iterations. Fails if C takes more, by over 0.02: starting up is
# not the same to the instruction each time.
#
#     loop_cost.sh C_LOOP CXX_LOOP
set -eu

few=1000
many=1001000

# instructions PROGRAM BODY ITERATIONS
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1" "$2" "$3" 2>&1 >/dev/null |
        sed -n 's/^==[0-9]*== Collected : \([0-9]*\)$/\1/p'
}

# per_iteration PROGRAM BODY: instructions of one iteration, in hundredths, rounded
per_iteration() {
    at_few=$(instructions "$1" "$2" "$few")
    at_many=$(instructions "$1" "$2" "$many")
    echo $((((at_many - at_few) * 100 + (many - few) / 2) / (many - few)))
}

shown() {
    printf '%d.%02d' $(($1 / 100)) $(($1 % 100))
}

status=0
echo 'instructions per iteration'
echo 'body      C   C++'
for body in empty kept add; do
    c=$(per_iteration "$1" "$body")
    cxx=$(per_iteration "$2" "$body")
    printf '%-6s %s  %s\n' "$body" "$(shown "$c")" "$(shown "$cxx")"
    [ "$c" -le $((cxx + 2)) ] || status=1
done
exit "$status"
