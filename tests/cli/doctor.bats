# The doctor, end to end: what it reads of this machine changes with what is done to it.
# THREADBENCH, PLAIN and SCHEMA as for run.bats.

bats_require_minimum_version 1.5.0

setup() {
    fake=$BATS_TEST_DIRNAME/fake.sh
    json=$BATS_TEST_TMPDIR/doctor.json
    export TMPDIR=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8
    cd "$BATS_TEST_TMPDIR"
    # What counts, as the real ones take a second.
    mkdir bin
    cat >bin/valgrind <<'END'
#!/bin/sh
for word; do
    case $word in --log-file=* | --output=*) file=${word#*=} ;; esac
done
case $0 in
*/valgrind) echo '==1== I refs: 9' >"${file%.*}.1" ;;
*) echo '9 total' >"$file" ;;
esac
END
    chmod +x bin/valgrind
    ln bin/valgrind bin/strace
    PATH=$PWD/bin:$PATH
}

teardown() {
    [ -z "$(find "$BATS_TEST_TMPDIR" -name 'threadbench-*')" ]
}

# Whether the doctor finds $1 when it is started by the words that follow.
finds() {
    id=$1
    shift
    "$@" "$THREADBENCH" doctor --json "$fake" >"$json"
    /usr/bin/python3 -c "import json,sys; sys.exit('$id' not in [w['id'] for w in json.load(open('$json'))['threadbench']['warnings']])"
}

misses() {
    if finds "$@"; then return 1; fi
}

# A shell with a limit, which then runs the rest: limited -u 1000 COMMAND...
limited() {
    (ulimit -S "$1" "$2" && shift 2 && "$@")
}

# A user to whom a limit of threads applies, but who may still read what root's tests are made of.
unprivileged() {
    local power=-all,+dac_override

    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid 65534 --clear-groups --bounding-set=$power --inh-caps=$power --ambient-caps=$power "$@"
    else
        "$@"
    fi
}

@test "each finding has its severity, text and advice, in at most 100 columns" {
    GLIBC_TUNABLES=glibc.rtld.nns=4 run -0 "$THREADBENCH" doctor "$fake"
    grep -E '^note     tunables: GLIBC_TUNABLES is glibc.rtld.nns=4$' <<<"$output"
    grep -E "^         'unset GLIBC_TUNABLES' gives" <<<"$output"
    [ "$(wc -L <<<"$output")" -le 100 ]
    if grep '[[:cntrl:]]' <<<"$output"; then false; fi
    # Warnings, then notes, and nothing else at the start of a line.
    [[ $(grep -o '^[^ ]*' <<<"$output" | grep . | uniq | tr '\n' ' ') =~ ^('warning ')?'note '$ ]]
}

@test "what is done to this machine is found, and not without" {
    for id in one-cpu personality limit-user limit-addresses preload tunables nice batch idle; do
        misses $id env -u LD_PRELOAD -u GLIBC_TUNABLES || echo "$id" >>always
    done
    cat always 2>/dev/null || true # a machine may have one of them by itself
    finds one-cpu taskset -c "$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')"
    finds personality setarch -R
    finds limit-user limited -u 1000 unprivileged
    [ "$(id -u)" != 0 ] || [ "$(stat -L -c %i /proc/self/ns/user)" != 4026531837 ] || misses limit-user limited -u 1000
    finds nice nice -n 19
    finds idle chrt -i 0
    finds batch chrt -b 0
    finds tunables env GLIBC_TUNABLES=glibc.rtld.nns=4
    # With a sanitizer in it, a program starts under neither of these.
    ! limited -v 9000000 "$THREADBENCH" --version || finds limit-addresses limited -v 9000000
    ! LD_PRELOAD=libm.so.6 "$THREADBENCH" --version || finds preload env LD_PRELOAD=libm.so.6
    [ ! -e always ] || skip "this machine has by itself: $(tr '\n' ' ' <always)"
}

@test "limits of the control groups above count" {
    for root in /sys/fs/cgroup/pids /sys/fs/cgroup; do
        [ -e $root/cgroup.procs ] && break
    done
    group=$root/doctor-$$
    mkdir -p "$group/inner" 2>/dev/null || skip "control groups cannot be made here"
    [ -e "$group/inner/pids.max" ] || { rmdir "$group/inner" "$group"; skip "no pids controller"; }
    echo 300 >"$group/pids.max"
    code=0
    finds limit-cgroup sh -c 'echo $$ >"$0" && exec "$@"' "$group/inner/cgroup.procs" || code=$?
    rmdir "$group/inner" "$group"
    [ "$code" = 0 ]
    grep -E '"cgroup_pids_max":\s*300' "$json"
}

@test "strict fails where there is a warning, and only there" {
    "$THREADBENCH" doctor "$fake" >plain
    code=0
    "$THREADBENCH" doctor --strict "$fake" >strict || code=$?
    [ "$code" = "$(grep -c '^warning' strict | sed 's/^[1-9].*/1/')" ]
    run -1 setarch -R "$THREADBENCH" doctor --strict "$fake"
    run -0 setarch -R "$THREADBENCH" doctor "$fake"
}

@test "a program that does not know us, and our own suite" {
    run -0 "$THREADBENCH" doctor --json "$PLAIN"
    grep -F '"library_build_type":' <<<"$output"
    grep -E '"stacks_guarded_by":\s*null' <<<"$output"
    run -0 "$THREADBENCH" doctor --json
    grep -F '"optimised":' <<<"$output"
    grep -E '"stacks_guarded_by":\s*"(mprotect|madvise)"' <<<"$output"
    if grep '"library_build_type":.*unknown' <<<"$output"; then false; fi
}

@test "a subject that fails is an error, and what was found stands there" {
    for wrong in list-fails list-garbage list-nothing garbage; do
        code=0
        FAKE=$wrong setarch -R "$THREADBENCH" doctor "$fake" >out 2>errors || code=$?
        [ "$code" = 1 ]
        grep -F 'personality: ' out
        [ "$(wc -l <errors)" = 1 ]
    done
    run -2 "$THREADBENCH" doctor one two
    run -2 "$THREADBENCH" doctor --nonsense
    run -1 sh -c "'$THREADBENCH' doctor >/dev/full"
}

@test "what is printed is UTF-8, whatever the environment holds" {
    LD_LIBRARY_PATH=$'/none\xff\x9b' "$THREADBENCH" doctor --json "$fake" >"$json"
    /usr/bin/python3 -c "import json; json.loads(open('$json', 'rb').read().decode())"
    printf '#!/bin/sh\nprintf "o\\302\\233n\\tce\\n"\n' >odd
    chmod +x odd
    run -0 "$THREADBENCH" list ./odd
    [ "$output" = 'o??n?ce' ]
}

# interrupt COMMAND...: it, interrupted once the subject says that it is held
interrupt() {
    rm -f held
    "$@" >out 2>err 3>&- &
    timeout 60 sh -c 'until [ -e held ]; do :; done'
    kill -s INT $!
    code=0; wait $! || code=$?
    cat out err
    [ $code = 130 ]
}

@test "what was found is shown where the doctor is interrupted, in its own process or in those of --noise" {
    cat >subject <<END
#!/bin/sh
case "\$*" in *list*) exec "$fake" "\$@" ;; esac
echo >>runs
[ "\$(wc -l <runs)" -gt "\$WELL" ] || exec "$fake" "\$@"
: >held
exec tail -f /dev/null
END
    chmod +x subject
    interrupt env WELL=0 "$THREADBENCH" doctor ./subject
    [ -s out ]
    rm runs
    interrupt env WELL=1 "$THREADBENCH" doctor --noise --budget 60 ./subject
    [ -s out ]
}

@test "a context that is none" {
    cat >odd <<'SCRIPT'
#!/bin/sh
[ "$1" = --benchmark_list_tests ] && { echo one; exit; }
for word in "$@"; do
    case $word in --benchmark_out=*) out=${word#*=} ;; esac
done
entry='"name":"one","run_name":"one","run_type":"iteration","threads":1,"iterations":1,"real_time":1,"cpu_time":1,"time_unit":"ns"'
printf '{"context":%s,"benchmarks":[{%s}]}' "$CONTEXT" "$entry" >"$out"
SCRIPT
    chmod +x odd
    for context in '[1,{}]' '"text"' null '{"caches":null,"library_build_type":7}'; do
        CONTEXT=$context run -0 "$THREADBENCH" doctor ./odd
    done
}

@test "a document has the same findings" {
    setarch -R "$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o result.json "$fake" >table
    /usr/bin/python3 - "$SCHEMA" result.json <<'END'
import json, sys, jsonschema
document = json.load(open(sys.argv[2]))
jsonschema.validate(document, json.load(open(sys.argv[1])))
assert "personality" in [w["id"] for w in document["context"]["threadbench"]["warnings"]]
END
}

@test "what nothing counts here is a note, and what to do" {
    misses no-instructions env
    misses no-syscalls env
    mkdir only
    for tool in sh env sed wc cat rm; do
        ln -s "$(command -v $tool)" only/$tool
    done
    PATH=$PWD/only finds no-syscalls env
    [ "$(jq -r '.threadbench.warnings[] | select(.id == "no-syscalls") | .severity + ": " + .text' "$json")" = \
        'note: syscalls cannot be counted: strace is missing: install strace, 5.7 or later' ]
    PATH=$PWD/only finds no-faults env # there is no program to be counted
}

@test "help fits a screen" {
    run -0 "$THREADBENCH" doctor --help
    [ "${#lines[@]}" -le 23 ]
    [ "$(wc -L <<<"$output")" -le 80 ]
}

@test "whether processes have a hash of futexes of their own is what the kernel says" {
    "$THREADBENCH" doctor --json "$fake" >"$json"
    has=$(/usr/bin/python3 -c 'import ctypes; print(str(ctypes.CDLL(None).prctl(78, 2, 0, 0, 0) >= 0).lower())')
    [ "$(jq .threadbench.host.settings.private_futex_hash "$json")" = "$has" ]
}
