#!/bin/sh
# What is built so that a fault ends it: each file may be loaded anywhere, has all its symbols bound
# and their table made read-only before it starts, and keeps canaries on its stack; with "fortified"
# it calls the C library's checks of lengths as well.
#
#     hardened.sh [fortified] FILE...
set -eu

lengths=
if [ "$1" = fortified ]; then
    lengths=1
    shift
fi
for file; do
    all=$(readelf -W --file-header --program-headers --dynamic --dyn-syms "$file")
    lacks=
    has() { printf '%s\n' "$all" | grep -qE "$1" || lacks="$lacks, $2"; }
    has '^ *Type: *DYN' 'a place of its own choice (PIE)'
    has '^ *GNU_RELRO ' 'a read-only table of symbols (RELRO)'
    has '\(FLAGS_1\).* NOW|\(BIND_NOW\)|\(FLAGS\).*BIND_NOW' 'symbols bound at its start (BIND_NOW)'
    has ' UND __stack_chk_(fail|guard)' 'canaries (-fstack-protector-strong)'
    [ -z "$lengths" ] || has ' UND __[a-z]+_chk' 'checks of lengths (_FORTIFY_SOURCE)'
    if [ -n "$lacks" ]; then
        echo "$file lacks ${lacks#, }"
        exit 1
    fi
done
