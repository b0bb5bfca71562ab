# What goes wrong: BROKEN misbehaves on purpose, in each of its cases in another way. As in run.bats.

load setup

# Its processes are known by the name that each test calls it by.
link() {
    broken=$BATS_TEST_TMPDIR/broken
    ln -s "$BROKEN" "$broken"
}

left() {
    pgrep -f "^$BATS_TEST_TMPDIR/broken"
}

# A program that lists one case and then does what stdin says.
program() {
    { echo '#!/bin/bash
[ "$1" = --benchmark_list_tests ] && { echo one; exit; }
for word in "$@"; do case $word in --benchmark_out=*) out=${word#*=} ;; esac; done
good() { echo "{\"benchmarks\":[{\"name\":\"one\",\"real_time\":5,\"cpu_time\":5,\"time_unit\":\"ns\",\"iterations\":1,\"threads\":1}]}" >"$out"; }'
        cat; } >"$1"
    chmod +x "$1"
}

@test "whatever a worker does, the rest goes on and its end is told as what it is" {
    link
    run -1 timeout 300 "$THREADBENCH" run --rounds 1 --timeout 6 -o "$json" "$broken"
    plain_text
    without '[^ -~±×µσ≥≤]' <<<"$output"
    valid "$json"
    jq -r '.threadbench_cases[] | select(.outcome == "failed") | "failed \(.name): \(.reason)"' "$json" >reasons
    while read -r message; do grep -E "^failed $message" reasons; done <<'END'
crash: killed by signal 11 \(.*\)$
abort: killed by signal 6 \(.*\): an assertion$
late-exit: exit status 3$
stop: not finished after [0-9.]+ s$
stubborn: not finished after [0-9.]+ s$
become-root: (not finished after [0-9.]+ s|exit status 9)$
flood-result: its result file is over 8 MiB$
flood-detail: its sidecar is over 8 MiB$
half: its result file, line 1 column 37: it ends too early$
huge-time: its result has no finite real_time and cpu_time$
nothing: its result file is empty
empty: its result file is empty
deep: its result file, line 1 column 1001: not JSON$
other-name: its result file has no entry of that name, but 'el\?\[31mse'$
message: \?\]0;title\? \?\?31m \? red$
shout: exit status 5: \?\]0;title\? \?\?31m \? last$
END
    [ "$(grep -c '^failed ' reasons)" = 16 ]
    # Of these the table has those together that ended alike.
    grep -E '^failed crash: killed by signal 11' <<<"$output"
    grep -F '2 cases failed: its result file is empty: nothing matched its name: nothing, empty' <<<"$output"
    good=" good leave-daemon leave-hopper leave-tree leave-bomb flood-stdout flood-stderr not-finite huge twice bytes litter"
    [ "$(ask "''.join(' ' + b['name'] for b in sorted(d['benchmarks'], key=lambda b: b.get('family_index', 0)) if b['run_type'] == 'iteration' and not b.get('error_occurred'))" | tr ' ' '\n' | sort)" = "$(tr ' ' '\n' <<<"$good" | sort)" ]
    [ "$(ask '[b["label"] for b in d["benchmarks"] if b["name"]=="bytes" and "label" in b][0]')" = '??(??? ?[31m ??31m' ]
    run -1 left
}

@test "memory is bounded, whatever is written" {
    link
    program wide <<'END'
yes '1,' | tr -d '\n' >"$out"
END
    program wide-list <<'END'
END
    sed -i 2s/.*/yes/ wide-list
    for subject in "$broken" ./wide ./wide-list; do
        (ulimit -v 500000 && "$THREADBENCH" run --rounds 1 -f 'flood|one' --timeout 60 "$subject") >out 2>&1 || code=$?
        [ "$code" = 1 ]
        grep -E "its (result file|list) is over 8 MiB" out
    done
}

@test "no memory for what was written: an end, and nothing is left" {
    link
    program wide <<END
setsid "$broken" '--benchmark_filter=^stubborn\$' &
yes '1,' | tr -d '\n' >"\$out"
END
    (ulimit -v 12000 && "$THREADBENCH" run --rounds 1 --timeout 60 ./wide) >out 2>&1 || code=$?
    [ "$code" = 1 ]
    grep -F 'threadbench: out of memory: see the limits of memory, ulimit -v and' out
    run -1 left
}

# $json becomes a document of $1 rounds, each of which is one of those that it has.
lengthen() {
    jq -c --argjson rounds "$1" '[.benchmarks[] | select(.repetition_index != null)] as $all |
        .benchmarks = [range($rounds) | . as $i | $all[$i % ($all | length)] |
            .repetition_index = $i | .round = $i | .order = $i | .repetitions = $rounds] |
        .context.threadbench.rounds = $rounds | .context.threadbench.rounds_finished = $rounds' "$json" >long.json
    mv long.json "$json"
}

# What was asked for, $1 its code and $2 its output, or the message and nothing but that.
whole_or_told() {
    case $1 in
    0) cmp whole "$2" && : >done.whole ;;
    1) [ "$(cat told)" = "threadbench: out of memory: see the limits of memory, ulimit -v and the cgroup's memory.max" ] && : >done.told ;;
    127) grep 'shared librar' told ;; # it does not start
    *) echo "code $1"; cat told; return 1 ;;
    esac
}

@test "with little memory: all that was asked for, or a message" {
    "$THREADBENCH" run --rounds 4 --samples 3 -f same/null -o "$json" "$fake" >/dev/null
    lengthen 2000
    for words in show 'show --format csv' 'show --format markdown'; do
        "$THREADBENCH" $words "$json" >whole
        rm -f done.*
        for kib in {6000..12000..1000}; do
            code=0
            (ulimit -v $kib && exec "$THREADBENCH" $words "$json") >out 2>told || code=$?
            whole_or_told $code out
        done
        [ -e done.whole ]
        [ -e done.told ]
    done
    for kib in {6000..20000..2000}; do
        cp "$json" keep.json
        code=0
        (ulimit -v $kib && exec "$THREADBENCH" run --continue --trust --rounds 2001 -o keep.json keep.json) >out 2>told || code=$?
        valid keep.json
        if [ $code = 0 ]; then
            [ "$(jq '.context.threadbench.rounds_finished' keep.json)" = 2001 ]
        else
            jq -e '[.benchmarks[] | select(.repetition_index != null)] | length >= 2000' keep.json >/dev/null
        fi
    done
    rm -rf .tmp-*
}

@test "an allocation that fails in whatever library: all that was asked for, or a message" {
    [ "$STARVE_MODULE" ] || skip "a sanitizer has an allocator of its own"
    "$THREADBENCH" run --rounds 4 --samples 3 -o "$json" "$fake" >/dev/null
    "$THREADBENCH" run --rounds 4 --samples 3 --archive kept "$fake" >/dev/null
    while read -r step words; do
        LD_PRELOAD=$STARVE_MODULE "$THREADBENCH" $words >whole
        rm -f done.*
        for ((number = 0; ; number += step)); do
            code=0
            STARVE=$number LD_PRELOAD=$STARVE_MODULE "$THREADBENCH" $words >out 2>told || code=$?
            whole_or_told $code out
            [ ! -e done.whole ] || break # it has fewer
        done
        [ -e done.told ]
    done <<END
991 show $json
397 show --format csv $json
397 archive list kept
29 run --help
END
}

@test "a kernel that lists no children: they are found, and ended" {
    unshare -m true 2>/dev/null || skip "needs to mount"
    link
    /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("unreadable")'
    # What becomes threadbench keeps its number.
    run -0 unshare -m sh -c "mount --bind unreadable /proc/\$\$/task/\$\$/children &&
        ! cat /proc/\$\$/task/\$\$/children 2>/dev/null && exec '$THREADBENCH' run $fast -f 'leave-(daemon|tree)' '$broken'"
    run -1 left
}

@test "what becomes a daemon does so where nobody looks after it" {
    link
    "$broken" --benchmark_filter='^leave-daemon$' 3>&-
    pid=$(left)
    kill "$pid"
}

@test "children that a shell has given us are not ours to end" {
    mkfifo end
    (sh -c 'read -r line <end; echo "$line" >said' & exec "$THREADBENCH" run $fast -f good "$BROKEN") >/dev/null 3>&-
    echo alive >end
    timeout 60 sh -c 'until [ -s said ]; do :; done'
}

@test "what is no Google Benchmark program" {
    mkdir folder
    printf 'exit 3\n' >script
    chmod +x script
    while IFS='|' read -r subject message; do
        run -1 timeout 60 "$THREADBENCH" run --rounds 1 "$subject"
        [ "${#lines[@]}" = 1 ]
        [[ $output = "threadbench: subject '${subject%% *}'"*"$message"* ]]
    done <<'END'
cat|exit status 1:
true|lists no benchmark: is it a Google Benchmark program?
ls|exit status 2:
./folder|cannot start: Permission denied
./missing|cannot start: No such file or directory
./script|exit status 3
END
}

@test "a signal while it lists: an interruption" {
    printf '#!/bin/sh\n: >under-way\nexec tail -f /dev/null\n' >hanging
    chmod +x hanging
    "$THREADBENCH" run ./hanging 2>errors 3>&- &
    timeout 60 sh -c 'until [ -e under-way ]; do :; done'
    kill -s TERM $!
    code=0; wait $! || code=$?
    [ "$code" = 143 ]
    grep -F 'interrupted' errors
}

@test "hung up on, and interrupted twice: kept what was measured, all of it gone" {
    link
    for signals in HUP 'INT INT'; do
        rm -f "$json" under-way
        program second <<END
[ -e first-\${1//[^a-z]/} ] || { : >first-\${1//[^a-z]/}; }
good
n=\$(wc -l <count) && echo >>count
[ "\$n" -lt 4 ] || { : >under-way; exec "$broken" '--benchmark_filter=^stubborn\$'; }
END
        : >count
        "$THREADBENCH" run --rounds 9 --timeout 600 -o "$json" ./second >out 3>&- &
        timeout 60 sh -c 'until [ -e under-way ]; do :; done'
        for signal in $signals; do kill -s $signal $! 2>kill-errors || true; done # gone after the first?
        code=0; wait $! || code=$?
        [ "$code" = $((128 + $(kill -l $signal))) ]
        valid "$json"
        [ "$(ask 'd["context"]["threadbench"]["rounds_finished"]')" -ge 1 ]
        run -1 left
    done
}

@test "nohup means it" {
    program waits <<'END'
: >under-way
until [ -e go ]; do :; done
good
END
    nohup "$THREADBENCH" run --rounds 1 -o "$json" ./waits >out 3>&- &
    timeout 60 sh -c 'until [ -e under-way ]; do :; done'
    kill -s HUP $!
    : >go
    wait $!
}

@test "stopped and continued: no worker is ended for it" {
    program waits <<'END'
echo >>under-way
until [ -e go ]; do :; done
good
END
    for before in yes no; do
        rm -f go under-way
        "$THREADBENCH" run --rounds 1 --timeout 5 ./waits >out 3>&- &
        timeout 60 sh -c 'until [ -e under-way ]; do :; done'
        kill -s STOP $!
        if [ $before = yes ]; then : >go; fi
        timeout 6 tail -f /dev/null || true # the deadline passes
        kill -s CONT $!
        timeout 0.5 tail -f /dev/null || true
        : >go
        wait $!
        grep -E '^one +5\.00 ns' out
    done
}

@test "who leaves its group, or wakes us all the time, is ended at its deadline" {
    program leaves <<'END'
exec /usr/bin/python3 -c 'import os, signal
os.setpgid(0, os.getpgid(os.getppid()))
signal.alarm(90)
signal.pause()'
END
    program wakes <<'END'
trap '' TERM
while kill -s CONT $PPID; do timeout 0.1 tail -f /dev/null; done
END
    for subject in ./leaves ./wakes; do
        run -1 timeout -k 1 60 "$THREADBENCH" run --rounds 1 --timeout 3 $subject
        grep -F 'failed one: not finished after' <<<"$output"
    done
}

@test "what became another user's is left, and nobody waits for it" {
    [ "$(id -u)" = 0 ] || skip "needs to become another user"
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_SUITE_TMPDIR"
    mkdir nobody && chown 65534 nobody
    cp "$BROKEN" broken && chmod 4755 broken
    TMPDIR=$PWD/nobody run -1 timeout -k 1 50 setpriv --reuid 65534 --clear-groups \
        "$THREADBENCH" run --rounds 1 --timeout 5 -f become-root "$PWD/broken"
    if [[ $output = *'exit status 9'* ]]; then skip "needs programs that are set-user-ID"; fi
    pkill -KILL -f "^$PWD/broken"
    grep -E "^failed become-root: not finished after [0-9.]+ s: another user's by now, it cannot be ended" <<<"$output"
}

@test "the end of what was written is taken, from a pipe that was made larger or a file in its place" {
    program large <<'END'
exec /usr/bin/python3 - "$out" <<'PY'
import fcntl, os, sys
fd = os.open(sys.argv[1], os.O_WRONLY)
fcntl.fcntl(fd, 1031, 1 << 20)  # F_SETPIPE_SZ
label = "x" * 900000
os.write(fd, b'{"benchmarks":[{"name":"one","real_time":5,"cpu_time":5,"time_unit":"ns","label":"%s"}]}' % label.encode())
os._exit(0)
PY
END
    program anew <<'END'
rm "$out"
good
END
    program moved <<'END'
to=$out out=$out.part
good
mv "$out" "$to"
END
    for subject in ./large ./anew ./moved; do
        run -0 "$THREADBENCH" run --rounds 1 $subject
        grep -E '^one +5\.00 ns' <<<"$output"
    done
}

@test "what a worker does to the folder that it was given is nothing to the next one" {
    program spoils <<'END'
good
rm "$out"
mkdir "$out"
END
    program removes <<'END'
good
rm -r "${out%/*}"
END
    for subject in ./spoils ./removes; do
        run -0 "$THREADBENCH" run --rounds 2 -o "$json" $subject
        [ "$(ask '[b["real_time"] for b in d["benchmarks"] if "round" in b]')" = '[5, 5]' ]
    done
}

@test "a worker that takes the terminal does not keep it" {
    program takes <<'END'
exec /usr/bin/python3 - "$out" <<'PY'
import os, signal, sys
tty = os.open("/dev/tty", os.O_RDWR)
print(os.tcgetpgrp(tty) == os.getpgid(os.getppid()), file=open("seen", "a"))
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
os.tcsetpgrp(tty, os.getpgrp())
print('{"benchmarks":[{"name":"one","real_time":5,"cpu_time":5,"time_unit":"ns"}]}', file=open(sys.argv[1], "w"))
PY
END
    run -0 script -qec "'$THREADBENCH' run --rounds 2 ./takes" /dev/null
    [ "$(sort -u seen)" = True ]
}

@test "a parent that ignores the end of its children" {
    run -1 env --ignore-signal=CHLD "$THREADBENCH" run $fast -f late-exit "$BROKEN"
    grep -F 'failed late-exit: exit status 3' <<<"$output"
}

@test "limits are named" {
    (ulimit -n 8 && "$THREADBENCH" run $fast -f good "$BROKEN") 2>errors || code=$?
    [ "$code" = 1 ]
    grep -F 'Too many open files: see the limit of open files, ulimit -n' errors
    [ "$(id -u)" = 0 ] || skip "needs to become another user"
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_SUITE_TMPDIR"
    mkdir nobody && chown 65534 nobody
    TMPDIR=$PWD/nobody run -1 setpriv --reuid 65534 --clear-groups prlimit --nproc=1 "$THREADBENCH" run $fast -f good "$BROKEN"
    [[ $output = *"cannot start: Resource temporarily unavailable: see the limits of processes, ulimit -u and the cgroup's pids.max" ]]
}

@test "a machine without /dev/null: that is named, not the program" {
    # Mounted for itself alone, so that nothing of this machine is touched.
    unshare -m true 2>/dev/null || skip "needs to mount"
    hidden() {
        unshare -m sh -c 'mount -t tmpfs none /dev && exec "$@"' sh "$@"
    }
    run -1 hidden "$THREADBENCH" run $fast -f good "$BROKEN"
    [[ $output = *": cannot start: /dev/null: No such file or directory" ]]
    run -1 hidden sh -c 'exec "$@" <&-' sh "$THREADBENCH" list "$BROKEN"
    [ "$output" = "threadbench: cannot start: '/dev/null': No such file or directory" ]
}

@test "a control group that may have few processes" {
    group=/sys/fs/cgroup/pids/threadbench-$$
    [ -d /sys/fs/cgroup/pids ] || group=/sys/fs/cgroup/threadbench-$$
    mkdir "$group" 2>/dev/null || skip "needs to make a control group"
    limited() {
        echo "$1" >"$group/pids.max" && echo "$BASHPID" >"$group/cgroup.procs" &&
            exec "$THREADBENCH" run $fast -f 'good|crash' -o "$json" "$BROKEN"
    }
    (limited 1) 2>alone && alone=0 || alone=$?
    (limited 2) >two && two=0 || two=$?
    rmdir "$group" # nothing is left in it
    [ "$alone" = 1 ] && [ "$two" = 1 ]
    grep "cannot start: Resource temporarily unavailable: .*the cgroup's pids.max" alone
    grep 'limit-cgroup: this control group may have 2 threads (pids.max)' two
    grep '^good ' two
    grep '^failed crash: killed by signal 11' two
}

@test "nowhere to make files" {
    TMPDIR=$PWD/missing run -1 "$THREADBENCH" run "$BROKEN"
    [[ $output = "threadbench: cannot make the folder '$PWD/missing/threadbench-"*"': No such file or directory: set TMPDIR to another place" ]]
    unshare -m true 2>/dev/null || skip "needs to mount"
    mkdir small
    while read -r options message; do
        run -1 unshare -m sh -c "mount -t tmpfs -o $options tmpfs small && TMPDIR=small '$THREADBENCH' run '$BROKEN'; code=\$?; ls small; exit \$code"
        [ "${#lines[@]}" = 1 ]
        [[ $output = *"$message"* ]]
    done <<'END'
ro Read-only file system: set TMPDIR to another place
nr_inodes=1 No space left on device: set TMPDIR to another place
nr_inodes=2 cannot start: sidecar: No space left on device: set TMPDIR to another place
END
}

@test "streams that are closed, and a reader that goes away" {
    for closed in '<&-' '2>&-' '<&- 2>&-'; do
        rm -f "$json"
        eval '"$THREADBENCH" run $fast -f good -o "$json" "$BROKEN" >out '"$closed"
        valid "$json"
    done
    rm "$json"
    "$THREADBENCH" run $fast -f good -o "$json" "$BROKEN" >&- 2>errors || code=$?
    [ "$code" = 1 ]
    grep -F 'cannot write to stdout: Bad file descriptor' errors
    valid "$json"
    rm "$json"
    mkfifo pipe
    (until [ -e gone ]; do :; done; exec "$THREADBENCH" run $fast -f good -o "$json" "$BROKEN") >pipe 2>errors 3>&- &
    : <pipe # opened, and gone before anything is written
    : >gone
    code=0; wait $! || code=$?
    [ "$code" = 141 ] # ended by SIGPIPE, as it is without a word
    [ "$(cat errors)" = "threadbench: the document is in $json" ]
    valid "$json"
}

@test "a terminal that is narrow" {
    for columns in 30 60; do
        run -0 script -qec "stty cols $columns && '$THREADBENCH' run $fast -f good '$BROKEN'" /dev/null
        tr '\r' '\n' <<<"$output" >lines
        grep -E '^round 1 of 2' lines
        if grep -E '^(round|pilot) ' lines | grep -E ".{$columns}"; then false; fi
    done
    [ "$(wc -L <lines)" -le 60 ]
}

# A subject whose sidecar has $1 for its cases.
listing() {
    cat >odd <<END
#!/bin/bash
case "\$*" in *list_tests*)
    echo '{"schema":"threadbench-sidecar","version":1,"cases":[$1]}' >"\$THREADBENCH_SIDECAR"
    exit ;;
esac
for word in "\$@"; do case \$word in --benchmark_out=*) out=\${word#*=} ;; esac; done
echo '{"benchmarks":[{"name":"a","real_time":5,"cpu_time":5,"time_unit":"ns","iterations":1,"threads":1}]}' >"\$out"
END
    chmod +x odd
}

@test "what a subject reports of a case may have any type: it is refused before anything is measured" {
    for axes in '[]' '[1,2]' '5' '"x"' '{"x":[]}'; do
        listing '{"name":"a","case":"a","axes":'"$axes"'}'
        for command in "run --rounds 2 -o $json" list doctor; do
            # shellcheck disable=SC2086 # words
            run --separate-stderr -1 "$THREADBENCH" $command ./odd
            [ "$stderr" = "threadbench: sidecar, case 1: its 'axes' is not an object of numbers, texts and flags" ]
        done
    done
    [ ! -e "$json" ]
}

@test "a case that is there twice, of the core set the second time" {
    listing '{"name":"a","case":"a"},{"name":"a","case":"a","core":true}'
    run -0 "$THREADBENCH" doctor ./odd
    run -0 "$THREADBENCH" run --rounds 2 ./odd
    grep -F 'skipped a: its program has several of that name' <<<"$output"
}

@test "a file of 100,000 rows, as interleaving leaves them or a case each" {
    cat >make.py <<'END'
import json, sys
out, cases, repetitions, day, time = sys.argv[1], *map(int, sys.argv[2:])
rows = [{"name": f"case/{i}", "run_name": f"case/{i}", "run_type": "iteration", "repetitions": repetitions, "repetition_index": r,
         "threads": 1, "iterations": 10, "real_time": time + r % 3, "cpu_time": 100, "time_unit": "ns"}
        for r in range(repetitions) for i in range(cases)]
json.dump({"context": {"date": f"2024-01-0{day}T00:00:00+00:00", "host_name": "host"}, "benchmarks": rows}, open(out, "w"))
END
    for cases in 1000 100000; do
        /usr/bin/python3 make.py old.json $cases $((100000 / cases)) 1 100
        /usr/bin/python3 make.py new.json $cases $((100000 / cases)) 2 200
        code=0; (ulimit -v 1000000 && exec "$THREADBENCH" compare --format json old.json new.json) >out.json || code=$?
        [ $code = $((cases == 1000 ? 3 : 4)) ] # one row a side shows nothing
        json=out.json
        [ "$(ask "len(d[0]['cases']), {round(c['new_ns'] - c['old_ns'], 6) for c in d[0]['cases']}")" = "$cases {100}" ]
    done
}
