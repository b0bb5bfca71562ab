# What is found out about a subject: what it loads, what it says, which settings had no effect, and which
# flags it knows. CARELESS prints on stdout and takes any flag.

load setup

# PLAIN lives long enough to be looked at.
slow="--rounds 2 --time 0.2 -f ^quick$"

# What the document $1 has of the objects with role $2, a line for each.
loaded() {
    jq -r ".context.threadbench.subject.loaded[] | select(.role == \"$2\") | .path, .version, .build_id" "$1"
}

# The folder libs has copies of the libraries that PLAIN and the suite use, and of their loader under another name.
copy_libraries() {
    "$THREADBENCH" run $slow -o "$json" "$PLAIN" >/dev/null
    [[ $(loaded "$json" libc) = *glibc* ]] || skip "needs glibc"
    mkdir libs
    for program in "$PLAIN" "${THREADBENCH%/*}/../suite/threadbench-suite"; do
        ldd "$program" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | xargs cp -t libs
    done
    cp "$(loaded "$json" loader | head -n 1)" libs/another
    under="$PWD/libs/another --library-path $PWD/libs"
}

# Gives the C library in libs another build-id.
change_library() {
    /usr/bin/python3 - "$(loaded "$json" libc | tail -n 1)" <<'END'
import sys
old = bytes.fromhex(sys.argv[1])
text = open("libs/libc.so.6", "rb").read()
assert text.count(old) == 1
open("libs/new", "wb").write(text.replace(old, old[:-1] + bytes([old[-1] ^ 1])))
END
    mv libs/new libs/libc.so.6
}

@test "C library and loader: a suite tells them itself, another program is looked at" {
    run -0 "$THREADBENCH" run $slow -o plain.json "$PLAIN"
    grep -E "^system .*, $(loaded plain.json libc | sed -n 2p)$" <<<"$output"
    run -0 "$THREADBENCH" run --rounds 1 --samples 1 -f '^create/call/cpu:same/null' -o suite.json
    valid plain.json suite.json
    [ -n "$(loaded plain.json libc)" ]
    for role in libc loader; do
        [ "$(loaded plain.json $role)" = "$(loaded suite.json $role)" ]
    done
    [ "$(jq -c .context.threadbench.host.libc plain.json)" = null ]
}

@test "what a program started by another loader loads is what that has found" {
    copy_libraries
    run -0 "$THREADBENCH" run $slow -o out.json "$PLAIN" "$under $PLAIN"
    without '^loads' <<<"$output" # the same, elsewhere
    run -0 "$THREADBENCH" run --rounds 1 --samples 1 -f '^create/call/cpu:same/null' -o suite.json "$under @suite"
    for document in out-b suite; do
        [ "$(loaded $document.json libc)" = "$PWD/libs/libc.so.6"$'\n'"$(loaded out-a.json libc | tail -n +2)" ]
        [ "$(loaded $document.json loader)" = "$PWD/libs/another"$'\n'"$(loaded out-a.json loader | tail -n +2)" ]
    done
}

@test "another C library is another origin, and a run is not continued with it" {
    copy_libraries
    "$THREADBENCH" run $slow -o old.json "$under $PLAIN" >/dev/null
    "$THREADBENCH" run $slow -o same.json "$under $PLAIN" >/dev/null
    run -4 "$THREADBENCH" compare old.json same.json
    without '^loads' <<<"$output"
    change_library
    run -1 "$THREADBENCH" run --continue --trust --rounds 3 old.json
    [ "$output" = "threadbench: 'old.json': $PWD/libs/libc.so.6 has changed since: the run cannot be continued with it" ]
    run -4 "$THREADBENCH" ab --time 0.2 --rounds 2 -f '^quick$' -o ab.json "$PLAIN" "$under $PLAIN"
    grep -F 'loads    b: ' <<<"$output"
    run -1 "$THREADBENCH" compare old.json ab-b.json
    [[ $output = "threadbench: the C library is not the same on both sides"* ]]
    run -4 "$THREADBENCH" compare --force old.json ab-b.json
    grep -F "loads    new: $(loaded ab-b.json libc | sed -n 2p) " <<<"$output"
    head_is 'INCONCLUSIVE: '*
    run -4 "$THREADBENCH" compare ab-a.json ab-b.json # they were interleaved to be compared
    grep -F 'loads    new: ' <<<"$output"
}

@test "what is preloaded, and that it is not there" {
    copy_libraries
    cp libs/libm.so.6 extra.so.1
    run -0 "$THREADBENCH" run $slow -o out.json "LD_PRELOAD=$PWD/extra.so.1 $PLAIN" "LD_PRELOAD=$PWD/nosuch.so:extra $PLAIN"
    [ "$(loaded out-a.json preloaded | head -n 1)" = "$PWD/extra.so.1" ]
    [ -z "$(loaded out-b.json preloaded)" ]
    tr -s ' \n' ' ' <<<"$output" >words
    grep -F "preloaded $PWD/extra.so.1 (build-id " words
    grep -F "warning no-effect: b: LD_PRELOAD: $PWD/nosuch.so is not loaded " words
    grep -F "warning no-effect: b: LD_PRELOAD: extra is not loaded " words
    grep -F "warning stderr: b: a process that ended well wrote on stderr: ERROR: ld.so: object '$PWD/nosuch.so' from LD_PRELOAD cannot be preloaded" words
    valid out-a.json out-b.json
    json=out-b.json
    [ "$(ask '[w["id"] for w in d["context"]["threadbench"]["warnings"]][:4]')" = "['no-effect', 'no-effect', 'stderr', 'stderr']" ]
    [ "$(ask 'len(d["context"]["threadbench"]["subject"]["stderr"])')" = 2 ]
}

@test "tunables that the loader does not know, or not with that value" {
    copy_libraries
    "$(loaded "$json" loader | head -n 1)" --list-tunables | grep 'glibc.pthread.rseq: .*max: 1)' || skip "needs glibc 2.35"
    settings=glibc.pthread.nosuch=1:glibc.pthread.rseq=7:glibc.malloc.arena_max=1:glibc.malloc.perturb
    for subject in "$PLAIN" @suite; do
        run -4 "$THREADBENCH" ab --time 0.2 --rounds 2 -f '^quick$|^create/call/cpu:same/null' -o out.json $subject "env GLIBC_TUNABLES=$settings $subject"
        tr -s ' \n' ' ' <<<"$output" >words
        grep -E 'warning no-effect: b: GLIBC_TUNABLES: /[^ ]* has no tunable glibc.pthread.nosuch ' words
        grep -F 'warning no-effect: b: GLIBC_TUNABLES: 7 is not in the range of glibc.pthread.rseq ' words
        grep -E 'warning no-effect: b: GLIBC_TUNABLES: glibc.malloc.perturb has no value ' words
        [ "$(jq -c '.context.threadbench.subject.without_effect | length' out-a.json out-b.json | xargs)" = '0 3' ]
        without -F arena_max <<<"$(jq -r '.context.threadbench.subject.without_effect[]' out-b.json)"
    done
}

@test "what a process writes on stderr though it ends well is told, each text once" {
    cat >loud <<END
#!/bin/sh
echo >>count
echo "attempt \$(wc -l <count)" >&2
printf 'first\n\n' >&2
echo "***WARNING*** Library was built as DEBUG." >&2
printf 'third\nfourth\n' >&2
/usr/bin/python3 -c 'import sys; sys.stderr.write("noise\n" * 9999)'
exec "$fake" "\$@"
END
    chmod +x loud
    run -0 "$THREADBENCH" run --rounds 3 --samples 1 -f same/null -o "$json" ./loud
    valid "$json"
    [ "$(jq -c .context.threadbench.subject.stderr "$json")" = '["attempt 1","first","third"]' ]
    [ "$(grep -c '^warning  stderr: ' <<<"$output")" = 3 ]
    run -0 "$THREADBENCH" run --continue --trust --rounds 4 -o "$json" "$json"
    [ "$(jq -c .context.threadbench.subject.stderr "$json" | tr -d 0-9)" = '["attempt ","first","third"]' ]
    printf '#!/bin/bash\nfor i in {1..26}; do printf %%${i}s\\\\n x; done | tail -n $((RANDOM %% 20 + 1)) >&2\nexec "%s" "$@"\n' "$fake" >various
    chmod +x various
    run -0 "$THREADBENCH" run --rounds 30 --samples 1 -f same/null -o "$json" ./various
    [ "$(jq '.context.threadbench.subject.stderr | length' "$json")" = 8 ]
    run -1 "$THREADBENCH" doctor --strict ./loud
    grep -F 'warning  stderr: a process that ended well wrote on stderr: first' <<<"$output"
}

@test "what a program prints on stdout is no benchmark of it" {
    run -0 "$THREADBENCH" list "$CARELESS"
    [ "$(sed -n 's/ .*//; /^work/p' <<<"$output" | xargs)" = 'work/1 work/2 work/3 work/4' ]
    without -e tables -e bye <<<"$output"
    run -0 "$THREADBENCH" run --rounds 2 --time 0.01 -o "$json" "$CARELESS"
    valid "$json"
    [ "$(jq '.threadbench_cases | length' "$json")" = 4 ]
    printf '#!/bin/sh\ncase $* in *filter*) echo ready ;; *) echo is it a; echo benchmark; esac\n' >other
    chmod +x other
    "$THREADBENCH" list ./other | grep -F benchmark
}

@test "a number of iterations is asked for where the library does it, which is asked once" {
    printf '#!/bin/sh\necho "$*" >>log\nexec "%s" "$@"\n' "$CARELESS" >logged
    chmod +x logged
    run -0 "$THREADBENCH" run --rounds 2 --time 0.01 -o "$json" ./logged
    [ "$(grep -c -- --benchmark_list_tests log)" = 2 ]
    if grep -v -- --benchmark_list_tests log | grep -E 'min_time=[0-9]+x'; then
        [ "$(ask 'all(b["iterations"] == c["samples"] for c in d["threadbench_cases"] for b in d["benchmarks"] if b["name"] == c["case"])')" = True ]
    else # a pilot and two rounds for each
        [ "$(wc -l <log)" = $((2 + 4 * 3)) ]
        [ "$(jq -c '[.threadbench_cases[].samples]' "$json")" = '[null,null,null,null]' ]
    fi
}

@test "a program's counters have no meaning of ours" {
    run -0 "$THREADBENCH" run --rounds 2 --time 0.01 -o "$json" "$CARELESS"
    [ "$(ask '[b["round"] for b in d["benchmarks"] if b["run_type"] == "iteration"]')" = '[0, 1, 0, 1, 0, 1, 0, 1]' ]
    [ "$(ask 'all(b["mean"] == b["real_time"] != 7 for b in d["benchmarks"] if b["run_type"] == "iteration")')" = True ]
    # Files of such a program, the second one twice as slow.
    cat >make.py <<'END'
import json
for name, day, time in ("a", 1, 100), ("b", 2, 200):
    rows = [{"name": "case", "run_name": "case", "run_type": "iteration", "repetitions": 30, "repetition_index": i, "threads": 1,
             "iterations": 10, "real_time": time + i % 5, "cpu_time": time, "time_unit": "ns", "mean": 5.0, "round": 3.0, "order": 1.0}
            for i in range(30)]
    json.dump({"context": {"date": f"2024-01-0{day}T00:00:00+00:00", "host_name": "host"}, "benchmarks": rows}, open(f"{name}.json", "w"))
END
    /usr/bin/python3 make.py
    run "$THREADBENCH" compare --pair a.json b.json
    [ "$status" = 3 ]
    grep -E '^case +102\.?0? ns mean +\+9[89]\.' <<<"$output"
}

@test "a single subject goes into the file that was named, and has no column, whatever it is called" {
    run -0 "$THREADBENCH" run $fast -f 'create/cpu:same/posix' -o one.json "mine: $fake"
    [ "$(echo one*)" = one.json ]
    grep -E '^case +value ' <<<"$output"
    run -0 "$THREADBENCH" run $fast "mine: @suite" -f '^create/call/cpu:same/posix$'
    grep -E '^subject  mine: /.*/threadbench-suite$' <<<"$output"
    without '/\.\./' <<<"$output"
    run -2 "$THREADBENCH" show
    [ "$output" = "threadbench: show: DOCUMENT... is missing: 'threadbench help show' has examples" ]
    run -2 "$THREADBENCH" history create join
    [ "$output" = "threadbench: history: one FILTER at a time" ]
}
