# The suite of musl: the same cases, a program of its own, Google Benchmark's flags without Google Benchmark.

bats_require_minimum_version 1.5.0

setup() {
    json=$BATS_TEST_TMPDIR/json
    one='^create/call/cpu:same/posix/manual_time$'
}

@test "it lists the cases that the suite lists" {
    "$MUSL" --benchmark_list_tests | diff - <("$SUITE" --benchmark_list_tests)
}

@test "a filter chooses, and a minus in front inverts it" {
    "$MUSL" --benchmark_list_tests --benchmark_filter=^wake/ >"$BATS_TEST_TMPDIR/chosen"
    "$MUSL" --benchmark_list_tests --benchmark_filter=-^wake/ >"$BATS_TEST_TMPDIR/others"
    grep -q '^wake/futex' "$BATS_TEST_TMPDIR/chosen"
    ! grep -v '^wake/' "$BATS_TEST_TMPDIR/chosen" || false
    sort "$BATS_TEST_TMPDIR"/{chosen,others} | diff - <("$MUSL" --benchmark_list_tests | sort)
}

@test "stdout and the file have the same document, one entry a repetition" {
    THREADBENCH_SAMPLES=3 "$MUSL" --benchmark_filter="$one" --benchmark_min_time=2x --benchmark_repetitions=2 \
        --benchmark_format=json --benchmark_out="$BATS_TEST_TMPDIR/out" --benchmark_out_format=json >"$json"
    jq -e '.context.library_version == "none" and (.benchmarks | length == 2 and
        all(.samples == 6 and .iterations == 2 and .real_time > 0 and .time_unit == "ns"))' "$json"
    diff "$json" "$BATS_TEST_TMPDIR/out"
}

@test "a minimum time is kept" {
    "$MUSL" --benchmark_filter="$one" --benchmark_min_time=0.01s --benchmark_format=json >"$json"
    jq -e '.benchmarks[0] | .real_time * .iterations >= 1e7' "$json"
}

@test "the console has a line for each case" {
    run -0 "$MUSL" --benchmark_filter='^wake/nobody|^tls/setup/bytes:4096/cpu:same/posix' --benchmark_min_time=0
    [[ ${lines[0]} == *"SKIPPED: 'nothing can be preloaded into a static program'" ]]
    [[ ${lines[1]} == wake/nobody/cpu:same/manual_time*" ns "* ]]
}

@test "what cannot be used is refused" {
    for bad in --benchmark_min_time=x --benchmark_min_time=0.5x --benchmark_repetitions=0 --benchmark_format=csv \
        --benchmark_out_format=csv; do
        run -1 "$MUSL" "$bad" --benchmark_list_tests
        [[ $output == "$bad: expected "* ]]
    done
    run -2 "$MUSL" --no-such-flag
    run -1 "$MUSL" --benchmark_filter='('
    [[ $output == *"no regular expression"* ]]
    run -1 "$MUSL" --benchmark_filter="$one" --benchmark_out=$BATS_TEST_TMPDIR/none/out
    [ "$output" = "$BATS_TEST_TMPDIR/none/out: cannot be opened" ]
    run -1 "$MUSL" --benchmark_filter="$one" --benchmark_min_time=1x --benchmark_out=/dev/full
    [[ $output == *"/dev/full: cannot be written" ]]
}

@test "what musl lacks is a skip with its reason" {
    THREADBENCH_SAMPLES=1 "$MUSL" --benchmark_min_time=0 --benchmark_format=json \
        --benchmark_filter='^sync/adaptive|^create/call/cpu:same/affinity:same|^fibre/create/.*(ucontext|coroutine)|^pool/.*glib' >"$json"
    jq -e '[.benchmarks[].skip_message] | contains(["the C library or the kernel does not have it",
        "glib: a static program loads no library", "coroutine: there is no C++ library for musl"]) and all(. != null)' "$json"
}

@test "threadbench compares the two" {
    run "$THREADBENCH" ab @suite @musl --rounds 3 --samples 20 -f '^create/call/cpu:same/posix$' -o "$BATS_TEST_TMPDIR/both.json"
    [ "$status" -lt 128 ]
    [[ $output == *"loads    b: no shared C library"* ]]
    jq -es "length == 2 and ([.. | objects | select(.outcome? == \"failed\")] | length == 0)" "$BATS_TEST_TMPDIR"/both-{a,b}.json
}
