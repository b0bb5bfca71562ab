# threadbench-suite as a program: Google Benchmark's own flags, and what the environment asks for.

setup() {
    sidecar=$BATS_TEST_TMPDIR/sidecar.json
    one='^create/call/cpu:same/posix/manual_time$'
}

@test "Google Benchmark's flags work" {
    "$SUITE" --benchmark_filter="$one" --benchmark_min_time=0.001 --benchmark_repetitions=3 \
        --benchmark_format=json --benchmark_out="$BATS_TEST_TMPDIR/out.csv" \
        --benchmark_out_format=csv 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '[.benchmarks[] | select(.run_type == "iteration")] | length == 3' \
        "$BATS_TEST_TMPDIR/json"
    grep -q '^name,iterations' "$BATS_TEST_TMPDIR/out.csv"
}

@test "an unknown flag is refused" {
    run "$SUITE" --no-such-flag
    [ "$status" -eq 2 ]
    [[ "$output" == *"--no-such-flag"* ]]
}

@test "a filter that matches nothing is a failure" {
    run "$SUITE" --benchmark_filter=nothing-has-this-name
    [ "$status" -eq 1 ]
}

@test "a number of samples is checked" {
    for bad in 0 -1 x 1x 99999999999999999999 ''; do
        THREADBENCH_SAMPLES=$bad run "$SUITE" --benchmark_filter="$one"
        [ "$status" -eq 2 ]
        [[ "$output" == *"THREADBENCH_SAMPLES=$bad: expected a whole number"* ]]
    done
}

@test "the sidecar names every listed case once" {
    THREADBENCH_SIDECAR=$sidecar "$SUITE" --benchmark_list_tests >"$BATS_TEST_TMPDIR/names"
    jq -r '.cases[].name' "$sidecar" | diff - "$BATS_TEST_TMPDIR/names"
    [ -z "$(jq -r '.cases[].case' "$sidecar" | sort | uniq -d)" ]
    [ "$(jq '[.cases[] | select(.core)] | length' "$sidecar")" -le 12 ]
    [ "$(jq -c '.build | keys' "$sidecar")" = '["asserts","compiler","optimised","sanitizers"]' ]
}

@test "the sidecar's histogram holds every sample" {
    THREADBENCH_SIDECAR=$sidecar THREADBENCH_SAMPLES=50 "$SUITE" --benchmark_min_time=0 \
        --benchmark_filter="$one" >/dev/null 2>&1
    [ "$(jq '.series | length' "$sidecar")" -eq 1 ]
    [ "$(jq '[.series[0].histograms[].count[]] | add' "$sidecar")" -eq 50 ]
    [ "$(jq '.series[0].samples' "$sidecar")" -eq 50 ]
}

@test "the sidecar of one case that gave a series holds that alone" {
    keys() {
        THREADBENCH_SIDECAR=$sidecar THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 \
            --benchmark_filter="$1" >/dev/null 2>&1
        jq -c 'keys' "$sidecar"
    }
    [ "$(keys "$one")" = '["schema","series","version"]' ]
    [[ "$(keys '^create/call/cpu:same/(posix|null)/')" == *'"cases"'*'"series"'* ]]
    [ "$(jq '.series | length' "$sidecar")" -eq 2 ]
    [[ "$(keys '^limit/threads/cpu:same/manual_time$')" == *'"cases"'* ]] # skipped: no series
}

@test "no case has a name that JSON would escape" {
    run "$SUITE" --benchmark_list_tests
    [ "${#lines[@]}" -gt 100 ]
    [ -z "$(grep '[^a-z0-9_/:.+-]' <<<"$output")" ]
}

@test "a sidecar that cannot be written is a failure that names it" {
    THREADBENCH_SIDECAR=/nonexistent/sidecar run "$SUITE" --benchmark_list_tests
    [ "$status" -eq 1 ]
    [[ "$output" == *"/nonexistent/sidecar: No such file or directory"* ]]
}

@test "an iteration is a series: one entry, its time the mean of the samples" {
    THREADBENCH_SAMPLES=40 "$SUITE" --benchmark_min_time=0 --benchmark_filter="$one" \
        --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 1 and .[0].iterations == 1 and .[0].samples == 40 and
           (.[0] | (.real_time - .mean | fabs) < 0.001 * .mean)' "$BATS_TEST_TMPDIR/json"
}

@test "what is counted has no statistics, and says where it was skipped" {
    THREADBENCH_COUNTED=1 THREADBENCH_SAMPLES=40 "$SUITE" --benchmark_min_time=0 \
        --benchmark_filter="$one" --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 1 and .[0].real_time == 1 and (.[0] | has("p10") | not)' \
        "$BATS_TEST_TMPDIR/json"
    THREADBENCH_COUNTED=1 THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 --benchmark_format=json \
        --benchmark_filter='^limit/threads/cpu:same/manual_time$' 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks[0] | .skip_message // .error_message | contains("may disturb the machine")' "$BATS_TEST_TMPDIR/json"
}

@test "cold cases and static TLS work in one process with the others" {
    "$SUITE" --benchmark_min_time=0.001 --benchmark_format=json 2>/dev/null \
        --benchmark_filter='(create/call/cpu:same/(warm:cold/)?|tls/setup/bytes:4096/cpu:same/)posix' \
        >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 3 and all(.error_occurred != true)' "$BATS_TEST_TMPDIR/json"
}

@test "the first stack of a process is mapped before any thread is made" {
    strace -qq -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
    THREADBENCH_SIDECAR=$sidecar "$SUITE" --benchmark_list_tests >/dev/null
    jq -e '.build.sanitizers == null' "$sidecar" || skip "a sanitizer maps and makes what it wants"
    THREADBENCH_SAMPLES=1 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=mmap,munmap,clone,clone3 "$SUITE" \
        --benchmark_min_time=0 --benchmark_filter='^stack/life/stack:8388608/cpu:same/warm:cold/iterations:1/manual_time$'
    # The sample's two calls; what the C library does for its own stack comes after them.
    grep -oE "(mmap|munmap)\([^,]*, $((8388608 + $(getconf PAGESIZE)))|clone3?\(" "$BATS_TEST_TMPDIR/calls" >"$BATS_TEST_TMPDIR/order"
    [[ "$(sed -n 1p "$BATS_TEST_TMPDIR/order")" == mmap* ]]
    [[ "$(sed -n 2p "$BATS_TEST_TMPDIR/order")" == munmap* ]]
    grep -q '^clone' "$BATS_TEST_TMPDIR/order"
}

@test "as much is registered for restartable sequences as the C library registers" {
    strace -qq -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
    ASAN_OPTIONS=detect_leaks=0 THREADBENCH_SAMPLES=2 strace -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=rseq "$SUITE" \
        --benchmark_min_time=0 --benchmark_filter='^kernel/rseq/' --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    label=$(jq -r '.benchmarks[0].label // "skipped"' "$BATS_TEST_TMPDIR/json")
    [ "$label" != skipped ] || skip "the C library has no restartable sequences"
    # The first of them is the loader's.
    [ "$(sed -nE 's/^rseq\(0x[0-9a-f]+, (0x[0-9a-f]+|[0-9]+),.*/\1/p' "$BATS_TEST_TMPDIR/calls" | sort -u | wc -l)" = 1 ]
    bytes=$(sed -nE '1s/^rseq\(0x[0-9a-f]+, (0x[0-9a-f]+|[0-9]+),.*/\1/p' "$BATS_TEST_TMPDIR/calls")
    [[ "$label" == "$((bytes)) bytes registered"* ]]
}

@test "a first pthread_exit of a program in plain C loads libgcc_s, and takes longer for it" {
    case='^exit/pthread-exit-loading/cpu:same/manual_time$'
    THREADBENCH_SAMPLES=20 "$SUITE" --benchmark_min_time=0 --benchmark_format=json --benchmark_filter="$case" 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    THREADBENCH_SAMPLES=20 "$SUITE" --benchmark_min_time=0 --benchmark_format=json 2>/dev/null \
        --benchmark_filter='^exit/pthread-exit/cpu:same/posix/manual_time$' >"$BATS_TEST_TMPDIR/warm"
    jq -e --slurpfile warm "$BATS_TEST_TMPDIR/warm" '.benchmarks[0] | .samples == 20 and .min > $warm[0].benchmarks[0].min' "$BATS_TEST_TMPDIR/json"
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 LD_PRELOAD=libgcc_s.so.1 THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 --benchmark_format=json --benchmark_filter="$case" 2>/dev/null |
        jq -e '.benchmarks[0] | .error_message // .skip_message | endswith("threadbench-first-exit has libgcc_s.so.1 from its start: is it preloaded?")'
}

@test "what unwinds says whether its library was there before" {
    THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 --benchmark_format=json 2>/dev/null \
        --benchmark_filter='^(exit/pthread-exit|cancel/(deliver|lifecycle))/cpu:same/(posix/)?manual_time$' >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 3 and all(.label | test("^libgcc_s (not )?loaded before;"))' "$BATS_TEST_TMPDIR/json"
}

@test "a burst of first mallocs makes an arena for each thread, and no thread besides" {
    strace -qq -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
    THREADBENCH_SIDECAR=$sidecar "$SUITE" --benchmark_list_tests >/dev/null
    jq -e '.build.sanitizers == null' "$sidecar" || skip "a sanitizer has a malloc of its own"
    THREADBENCH_SAMPLES=1 strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=clone,clone3 "$SUITE" --benchmark_min_time=0 \
        --benchmark_filter='^alloc/burst/alive:8/cpu:same/warm:cold/iterations:1/manual_time$' \
        --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    [ "$(grep -cE 'clone3?\(' "$BATS_TEST_TMPDIR/calls")" = 8 ]
    jq -e '.benchmarks | length == 1 and .[0].samples == 1 and
           (.[0].label | capture("^the largest (?<ns>[0-9]+) ns; arenas: [89];").ns | tonumber) >= .[0].real_time' "$BATS_TEST_TMPDIR/json"
}

@test "a seccomp filter is that of its series alone, however often it is called" {
    grep -q ^Seccomp_filters: /proc/self/status || skip "Linux before 5.10 does not tell"
    "$SUITE" --benchmark_filter='^kernel/filtered/(seccomp:(1|64)/)?cpu:same/' --benchmark_min_time=0.001 \
        --benchmark_repetitions=2 --benchmark_report_aggregates_only=false --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    own=$(awk '/^Seccomp_filters:/ { print $2 }' /proc/self/status)
    jq -e --argjson own "$own" '[.benchmarks[] | select(.run_type == "iteration") |
        {case: .name, filters: (.label | capture("under (?<number>[0-9]+)").number | tonumber)}] |
        length == 6 and all(.filters == $own + (if .case | contains("seccomp") then 1 else 0 end))' "$BATS_TEST_TMPDIR/json"
}

@test "no stack is at hand for stack/uncached, however often it is called" {
    "$SUITE" --benchmark_min_time=0.0005 --benchmark_repetitions=2 --benchmark_format=json \
        --benchmark_filter='^stack/(un)?cached/cpu:(same|free)/posix' 2>/dev/null \
        >"$BATS_TEST_TMPDIR/json"
    jq -e '[.benchmarks[] | select(.run_type == "iteration")] | length == 8 and
           all(.error_occurred != true and
               (.minflt >= 1 or (.name | startswith("stack/cached"))))' "$BATS_TEST_TMPDIR/json"
}

@test "a case that is asked for by its full name is the only one described" {
    described() {
        THREADBENCH_SIDECAR=$sidecar "$SUITE" --benchmark_list_tests --benchmark_filter="$1" >/dev/null
        jq '.cases | length' "$sidecar"
    }
    all=$(described .)
    [ "$all" -gt 100 ]
    [ "$(described "$one")" -eq 1 ]
    jq -e '.cases[0].case == "create/call/cpu:same/posix" and (.cases[0].floor | endswith("/clone"))' "$sidecar"
    for many in '^create/call/cpu:same/posix/manual_tim.$' '^create/call/cpu:same/posix/manual_time' \
        "-$one" '^$'; do
        [ "$(described "$many")" -eq "$all" ]
    done
    run "$SUITE" --benchmark_filter='^create/nothing$'
    [ "$status" -eq 1 ]
}

@test "a case of a few nanoseconds ends in good time without being told how many samples" {
    timeout 60 "$SUITE" --benchmark_filter='^(tls/get|tls/set-first)/cpu:same/posix' \
        --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 2 and all(.error_occurred != true)' "$BATS_TEST_TMPDIR/json"
}

# By its full name the process is the case's alone and starts again; else another process is started.
@test "static TLS comes from a module that is preloaded" {
    case=^tls/setup/bytes:65536/cpu:same/posix
    for filter in "$case" "$case/manual_time\$"; do
        rm -f "$BATS_TEST_TMPDIR"/loader.*
        LD_DEBUG=files LD_DEBUG_OUTPUT=$BATS_TEST_TMPDIR/loader THREADBENCH_SAMPLES=2 "$SUITE" \
            --benchmark_min_time=0 --benchmark_filter="$filter" --benchmark_format=json \
            >"$BATS_TEST_TMPDIR/json" 2>/dev/null
        jq -e '.benchmarks | length == 1 and .[0].samples == 2' "$BATS_TEST_TMPDIR/json"
        ls "$BATS_TEST_TMPDIR"/loader.* || skip "the loader has no LD_DEBUG"
        grep -q 'calling init: .*/threadbench-tls-65536.so' "$BATS_TEST_TMPDIR"/loader.*
    done
    [ "$(ls "$BATS_TEST_TMPDIR"/loader.* | wc -l)" -eq 1 ]
}

# The loader tells whose function a process calls: what that takes is no way to know, as a yardstick
# made on a slow moment of the processor is too short by as much.
@test "what was preloaded stays so in the processes that it starts" {
    for filter in create/call/cpu:same/posix/ create/call/cpu:same/warm:cold/posix/ \
        {tls/setup/bytes:65536,stack/uncached}/cpu:same/posix/{,manual_time$}; do
        rm -f "$BATS_TEST_TMPDIR"/loader.*
        LD_DEBUG=bindings LD_DEBUG_OUTPUT=$BATS_TEST_TMPDIR/loader LD_PRELOAD=$DELAY THREADBENCH_SAMPLES=2 \
            "$SUITE" --benchmark_min_time=0 --benchmark_filter="^$filter" >/dev/null 2>&1
        ls "$BATS_TEST_TMPDIR"/loader.* || skip "the loader has no LD_DEBUG"
        grep -h 'threadbench-suite .* normal symbol .pthread_create' "$BATS_TEST_TMPDIR"/loader.* \
            >"$BATS_TEST_TMPDIR/bound"
        ! grep -v "to $DELAY " "$BATS_TEST_TMPDIR/bound" || false
    done
}

@test "a case's own tunable counts, whatever tunables there are" {
    for others in glibc.pthread.stack_cache_size=0x4000000 glibc.malloc.check=0; do
        for end in '' 'manual_time$'; do
            GLIBC_TUNABLES=$others THREADBENCH_SAMPLES=200 "$SUITE" --benchmark_min_time=0 --benchmark_format=json \
                --benchmark_filter="^stack/uncached/cpu:same/posix/$end" 2>/dev/null >"$BATS_TEST_TMPDIR/json"
            jq -e '.benchmarks | length == 1 and all(.error_occurred != true and .minflt >= 1)' "$BATS_TEST_TMPDIR/json"
        done
    done
}

@test "what needs a privilege is skipped with its reason without it" {
    [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --clear-groups "$SUITE" --help >/dev/null 2>&1 ||
        skip "needs root, and a build that others may read"
    THREADBENCH_SAMPLES=2 setpriv --reuid=65534 --clear-groups prlimit --rtprio=0 --nice=0 "$SUITE" \
        --benchmark_min_time=0 --benchmark_filter='^priority/' --benchmark_format=json \
        2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 5 and
           (map(select(.name | startswith("priority/set-policy") | not)) | length == 4 and
            all(.error_message // .skip_message | test("needs CAP_SYS_NICE or RLIMIT_|ordinary priority"))) and
           any(.samples == 2)' "$BATS_TEST_TMPDIR/json"
}

@test "threads with a priority are skipped with their reason without the privilege" {
    [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --clear-groups "$SUITE" --help >/dev/null 2>&1 ||
        skip "needs root, and a build that others may read"
    THREADBENCH_SAMPLES=2 setpriv --reuid=65534 --clear-groups prlimit --rtprio=0 --nice=0 "$SUITE" \
        --benchmark_min_time=0 --benchmark_filter='^create/call/.*priority.*/posix' \
        --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 3 and
           all(.error_message // .skip_message | test("needs CAP_SYS_NICE or RLIMIT_|ordinary priority|no nice value is 10 higher"))' \
        "$BATS_TEST_TMPDIR/json"
}

@test "a stack takes more than a mebibyte more where the kernel is advised to take huge pages" {
    "$SUITE" --benchmark_filter='^memory/stack-thp/thp:(never|madvise)/stack:8388608/' --benchmark_min_time=0 \
        --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
    jq -e '[.benchmarks[] | {bytes: .real_time, skipped: (.skipped or .error_occurred)}] |
        .[1].bytes >= 4096 and (.[0].skipped or .[0].bytes > .[1].bytes + 1048576)' "$BATS_TEST_TMPDIR/json"
}

@test "a live thread takes its stack, its guard and its thread-local storage" {
    THREADBENCH_SIDECAR=$sidecar THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 \
        --benchmark_format=json 2>/dev/null >"$BATS_TEST_TMPDIR/json" \
        --benchmark_filter='^memory/thread-(address-space/.*stack:1048576|tls/(bytes:65536/)?)/?posix'
    jq -e '.build.sanitizers == null' "$sidecar" || skip "a sanitizer takes memory of its own"
    jq -e '[.benchmarks[].mean] | length == 3 and .[0] >= 1048576 and .[0] <= 1048576 + 65536 and
           .[2] - .[1] >= 65536 - 128 and .[2] - .[1] <= 65536 + 128' "$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | all(.label | startswith("bytes, not ns; "))' "$BATS_TEST_TMPDIR/json"
    jq -e '[.cases[] | select(.unit == "bytes") | .benchmark[:7]] | unique == ["memory/"]' "$sidecar"
}

@test "consecutive stamps add up to the lifecycle" {
    THREADBENCH_SAMPLES=200 "$SUITE" --benchmark_min_time=0 --benchmark_format=json 2>/dev/null \
        --benchmark_filter='^lifecycle/phases/cpu:same/(posix|clone)' >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 2 and all(.error_occurred == true or
           (.call_mean + .start_mean + .run_mean + .join_mean - .mean | fabs) < 1)' \
        "$BATS_TEST_TMPDIR/json"
}

@test "the limit of threads is found where it was set, named, and left alone unasked" {
    THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 --benchmark_filter='^limit/' \
        --benchmark_format=json 2>/dev/null | grep -q 'set THREADBENCH_LIMIT_THREADS'
    [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --clear-groups "$SUITE" --help >/dev/null 2>&1 ||
        skip "needs root, and a build that others may read"
    THREADBENCH_LIMIT_THREADS=1000 THREADBENCH_SAMPLES=2 setpriv --reuid=65534 --clear-groups \
        prlimit --nproc=200 "$SUITE" --benchmark_min_time=0 --benchmark_filter='^limit/' \
        --benchmark_format=json 2>/dev/null | grep -q '[0-9]* threads, then .*: RLIMIT_NPROC;'
}

@test "a number of threads that was allowed is not exceeded" {
    THREADBENCH_LIMIT_THREADS=50 THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 \
        --benchmark_filter='^limit/' --benchmark_format=json 2>/dev/null |
        grep -q '50 threads, as many as were allowed'
}

@test "CPUs are told apart by the machine's topology" {
    [ "$(nproc)" -ge 2 ] || skip "one CPU only"
    ended() {
        HWLOC_SYNTHETIC=$1 THREADBENCH_SAMPLES=2 "$SUITE" --benchmark_min_time=0 --benchmark_format=json \
            --benchmark_filter="^wake/futex/cpu:$2/" 2>/dev/null |
            jq -r '.benchmarks[0] | .error_message // .skip_message // "\(.samples + 0) elsewhere \(.elsewhere + 0)"'
    }
    [ "$(ended 'pack:1 core:1 pu:1024' sibling)" = '2 elsewhere 1' ]
    [ "$(ended 'pack:1024 core:1 pu:1' far)" = '2 elsewhere 1' ]
    [[ "$(ended 'pack:1 core:1024 pu:1' sibling)" == *'may use no other CPU of the same core' ]]
    [[ "$(ended 'pack:1 core:1024 pu:1' far)" == *'may use no CPU of another package' ]]
    [ "$(ended 'pack:1024 core:1 pu:1' other)" = '2 elsewhere 1' ]
}

@test "a process of a case's own that is killed is reported by its signal, not by an error number" {
    # Two cases, each in a process that the suite starts. The limit's signal is that of the kernel without memory.
    THREADBENCH_SAMPLES=1000000 prlimit --cpu=1 "$SUITE" --benchmark_min_time=0 --benchmark_format=json 2>/dev/null \
        --benchmark_filter='^lifecycle/phases-uncached/cpu:(same|free)/posix/' >"$BATS_TEST_TMPDIR/json" || [ $? = 1 ]
    jq -r '.benchmarks[].error_message' "$BATS_TEST_TMPDIR/json" >"$BATS_TEST_TMPDIR/reasons"
    [ "$(grep -cxF 'the process started for it was killed by signal 9 (Killed), perhaps by the kernel for lack of memory' \
        "$BATS_TEST_TMPDIR/reasons")" = 2 ]
}

# skipped_for LIMIT FILTER: why the cases are, for a user who may have that many threads
skipped_for() {
    [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --clear-groups "$SUITE" --help >/dev/null 2>&1 ||
        skip "needs root, and a build that others may read"
    THREADBENCH_SAMPLES=2 setpriv --reuid=65534 --clear-groups prlimit --nproc="$1" "$SUITE" \
        --benchmark_min_time=0 --benchmark_format=json --benchmark_filter="$2" 2>/dev/null \
        >"$BATS_TEST_TMPDIR/json"
    jq -r '.benchmarks[] | .error_message // .skip_message' "$BATS_TEST_TMPDIR/json"
}

@test "a limit that has no room for the threads of a case is a skip that names it" {
    skipped_for 90 '^(create/call/cpu:same/(live:256|alive:100)|lifecycle/batch/alive:100/cpu:free|memory/thread-resident/alive:256)/posix' \
        >"$BATS_TEST_TMPDIR/reasons"
    [ "$(grep -cE 'RLIMIT_NPROC leaves room for [0-9]+, 0 to spare' "$BATS_TEST_TMPDIR/reasons")" = 4 ]
    [ "$(wc -l <"$BATS_TEST_TMPDIR/reasons")" = 4 ]
}

@test "a limit that has no room for a block of threads is a skip that tells how many" {
    skipped_for 40 '^detach/call/cpu:same/posix' >"$BATS_TEST_TMPDIR/reasons"
    grep -E '^skipped: no more than [0-9]+ threads at once can be made here|^no more than' "$BATS_TEST_TMPDIR/reasons"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/reasons")" = 1 ]
}

# pools COMMAND...: how a case of each pool ends under it: "NAME: samples", or why not
pools() {
    for pool in glib uv openmp tbb; do
        UV_THREADPOOL_SIZE=4 OMP_NUM_THREADS=2 THREADBENCH_SAMPLES=2 timeout 60 "$@" "$SUITE" --benchmark_min_time=0 \
            --benchmark_format=json --benchmark_filter="^task/wait/cpu:same/$pool/" 2>/dev/null \
            >"$BATS_TEST_TMPDIR/json" || [ $? = 1 ]
        jq -r '.benchmarks[] | .error_message // .skip_message // "'$pool': samples"' "$BATS_TEST_TMPDIR/json" |
            sed 's/^skipped: //'
    done | grep -vE ': built (without|with the) '
}

@test "a pool whose threads have no room is a skip that names the limit" {
    [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --clear-groups "$SUITE" --help >/dev/null 2>&1 ||
        skip "needs root, and a build that others may read"
    pools setpriv --reuid=64321 --clear-groups prlimit --nproc=1 >"$BATS_TEST_TMPDIR/none" || skip "built without pools"
    [ "$(grep -cE '^[a-z]+: a pool of [0-9]+ threads?: RLIMIT_NPROC leaves room for 0$' "$BATS_TEST_TMPDIR/none")" = \
        "$(wc -l <"$BATS_TEST_TMPDIR/none")" ]
    # All threads but one of the largest of them.
    pools setpriv --reuid=64321 --clear-groups prlimit --nproc=4 >"$BATS_TEST_TMPDIR/few"
    ! grep '^uv:' "$BATS_TEST_TMPDIR/few" || grep -xF 'uv: a pool of 4 threads: RLIMIT_NPROC leaves room for 3' "$BATS_TEST_TMPDIR/few"
    pools setpriv --reuid=64321 --clear-groups prlimit --nproc=5 >"$BATS_TEST_TMPDIR/enough"
    ! grep '^uv:' "$BATS_TEST_TMPDIR/enough" || grep -xF 'uv: samples' "$BATS_TEST_TMPDIR/enough"
}

@test "a pool for whose stacks there is no address space is a skip that names the limit" {
    [ -z "$(THREADBENCH_SIDECAR=$sidecar "$SUITE" --benchmark_list_tests >/dev/null; jq -r '.build.sanitizers // "" | select(. != "none")' "$sidecar")" ] ||
        skip "a sanitizer takes more"
    ulimit -v 35000
    pools env >"$BATS_TEST_TMPDIR/reasons" || skip "built without pools"
    ! grep '^uv:' "$BATS_TEST_TMPDIR/reasons" || grep -E '^uv: a pool of 4 threads: RLIMIT_AS \(ulimit -v\) leaves room for [0-3]$' "$BATS_TEST_TMPDIR/reasons"
}

@test "waiting for a CPU is reported where another thread takes it" {
    [ -r /proc/self/schedstat ] || skip "the kernel does not tell"
    THREADBENCH_SAMPLES=200 "$SUITE" --benchmark_min_time=0 --benchmark_format=json 2>/dev/null \
        --benchmark_filter='^(switch/yield/cpu:same|tls/access-static/cpu:same)/' >"$BATS_TEST_TMPDIR/json"
    jq -e '.benchmarks | length == 2 and all(.waited_ns >= 0) and .[1].waited_ns > 100' "$BATS_TEST_TMPDIR/json"
}

# loads FILTER [FLAG]: what the loader has loaded for it, in the processes that the suite starts, too
loads() {
    rm -f "$BATS_TEST_TMPDIR"/loader.*
    LD_DEBUG=files LD_DEBUG_OUTPUT=$BATS_TEST_TMPDIR/loader THREADBENCH_SAMPLES=2 "$SUITE" \
        --benchmark_min_time=0 --benchmark_filter="$1" ${2+"$2"} >/dev/null 2>&1
    ls "$BATS_TEST_TMPDIR"/loader.* >/dev/null || skip "the loader has no LD_DEBUG"
    sed -n 's/.*calling init: .*\///p' "$BATS_TEST_TMPDIR"/loader.*
}

# Whether there is a module that wants libuv: not where it was built without, nor where it has libuv from a wrap inside.
wants_libuv() {
    grep -qs 'libuv\.so\.1' "${SUITE%/*}/threadbench-uv-idle.so"
}

@test "a worker has no library that its case does not want" {
    others='^(threadbench-.*\.so|lib(benchmark_c|cjson|glib|uv|uring|tbb|[gi]?omp|boost_[a-z]*|hwloc|udev|pciaccess)[-.].*)$'
    loads "$one" >"$BATS_TEST_TMPDIR/loaded"
    grep '^libc\.so' "$BATS_TEST_TMPDIR/loaded"
    for filter in "$one" '^fibre/create/cpu:same/ucontext/' '^process/call/cpu:same/spawn/'; do
        ! loads "$filter" | grep -E "$others" || false
    done
    ! loads . --benchmark_list_tests | grep -E "$others" || false
    ! wants_libuv || loads '^loop/callback/cpu:same/uv-idle/' | grep '^libuv'
    [ "$(nproc)" -lt 2 ] || loads '^wake/futex/cpu:other/' | grep '^libhwloc'
}

# endings FILTER [SUITE]: how each case ends, a line each: its samples, or the reason why there are none
endings() {
    THREADBENCH_SAMPLES=2 "${2:-$SUITE}" --benchmark_min_time=0 --benchmark_filter="$1" \
        --benchmark_format=json 2>/dev/null |
        jq -r '.benchmarks[] | .error_message // .skip_message // "\(.samples + 0) samples"'
}

@test "what needs a library is measured, or was not built" {
    endings '^(pool/submit/cpu:same/(glib|uv|openmp|tbb)|loop/callback/cpu:same/(uv|uring).*|fibre/create/cpu:same/(boost|coroutine)|lifecycle/serial/cpu:same/std-.*)/' \
        >"$BATS_TEST_TMPDIR/ended"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/ended")" = 14 ]
    ! grep -vE '^2 samples$|: built with|: io_uring_setup: ' "$BATS_TEST_TMPDIR/ended" || false
}

# A copy of the suite alone, in $alone.
leave_alone() {
    alone=$BATS_TEST_TMPDIR/alone
    mkdir "$alone"
    cp "$SUITE" "$alone"
    export LD_LIBRARY_PATH=${SUITE%/*}/../benchmark_c${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    [ "$(endings "$one" "$alone/threadbench-suite")" = '2 samples' ]
}

@test "a module that is not there is a skip with its reason" {
    leave_alone
    [[ "$(endings '^exit/pthread-exit-loading/cpu:same/' "$alone/threadbench-suite")" == \
        *'threadbench-first-exit is not installed beside the suite' ]]
    [ "$(nproc)" -lt 2 ] || [[ "$(endings '^wake/futex/cpu:other/' "$alone/threadbench-suite")" == \
        *'topology is not known: threadbench-topology.so is not installed beside the suite' ]]
    reason=$(endings '^loop/callback/cpu:same/uv-idle/' "$alone/threadbench-suite")
    [[ "$reason" != *'built with'* ]] || skip "$reason"
    [[ "$reason" == *'uv-idle: threadbench-uv-idle.so is not installed beside the suite' ]]
}

@test "a module whose library is not there is a skip with its reason" {
    wants_libuv || skip "no module wants libuv"
    leave_alone
    LC_ALL=C sed 's/libuv\.so\.1/libuv.so.0/' "${SUITE%/*}/threadbench-uv-idle.so" >"$alone/threadbench-uv-idle.so"
    [[ "$(endings '^loop/callback/cpu:same/uv-idle/' "$alone/threadbench-suite")" == \
        *'uv-idle: libuv.so.0: cannot open shared object file'* ]]
    echo text >"$alone/threadbench-uv-idle.so"
    [[ "$(endings '^loop/callback/cpu:same/uv-idle/' "$alone/threadbench-suite")" == \
        *"uv-idle: $alone/threadbench-uv-idle.so: "* ]]
}

# refused CALL ERROR CASE: how the case ends where the kernel refuses the call
refused() {
    ASAN_OPTIONS=detect_leaks=0 THREADBENCH_SAMPLES=2 strace -f -qq -o /dev/null -e "trace=$1" -e "inject=$1:error=$2" \
        "$SUITE" --benchmark_min_time=0 --benchmark_filter="^$3/" --benchmark_format=json 2>/dev/null |
        jq -r '.benchmarks[] | .error_message // .skip_message // "samples"'
}

@test "what the kernel refuses is a skip with its reason" {
    strace -qq -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
    [[ "$(refused io_uring_setup EPERM loop/callback/cpu:same/uring)" =~ \
        'uring: '(built without liburing|'io_uring_setup: Operation not permitted (kernel.io_uring_disabled, or a seccomp filter)')$ ]]
    [[ "$(refused io_uring_setup EPERM loop/callback/cpu:same/uring-sqpoll)" =~ \
        'uring-sqpoll: '(built without liburing|.*' a seccomp filter, or no privileges before Linux 5.13)')$ ]]
    [[ "$(refused pidfd_open EINVAL join/pidfd/cpu:same/posix)" == \
        *'no descriptor of a thread (Linux has it from 6.9 on): Invalid argument' ]]
    [[ "$(refused clone3 EACCES process/call/cpu:same/fork-pidfd)" == \
        *'fork-pidfd: clone3 with CLONE_PIDFD: Permission denied' ]]
    [[ "$(refused clone3 EACCES process/call/cpu:same/fork-cgroup)" =~ \
        'fork-cgroup: '('the root of the control groups of version 2 is not mounted'|"clone3 into the caller's control group: "'Permission denied')$ ]]
}

# mounted LINE...: how fork-cgroup ends where these are all mounts that there are
mounted() {
    printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/mounts"
    THREADBENCH_SAMPLES=2 unshare --mount sh -c 'mount --bind "$1" "/proc/$$/mountinfo" && shift && exec "$@"' sh "$BATS_TEST_TMPDIR/mounts" \
        "$SUITE" --benchmark_min_time=0 --benchmark_filter='^process/call/cpu:same/fork-cgroup/' --benchmark_format=json 2>/dev/null |
        jq -r '.benchmarks[] | .error_message // .skip_message // "samples"'
}

@test "the control group is looked for in its hierarchy, of which a part may be mounted elsewhere" {
    grep -q ^0:: /proc/self/cgroup && unshare --mount sh -c 'mount --bind "$0" "/proc/$$/mountinfo"' "$BATS_TEST_FILENAME" 2>/dev/null ||
        skip "needs root, and version 2"
    part="2 1 0:2 /part $BATS_TEST_TMPDIR rw - cgroup2 cgroup2 rw"
    [[ "$(mounted "$part")" == *'fork-cgroup: the root of the control groups of version 2 is not mounted' ]]
    [[ "$(mounted "$part" '1 1 0:2 / /nonexistent rw - cgroup2 cgroup2 rw')" == *"control group: No such file or directory" ]]
}
