# A locale whose numbers have commas: what is read and written is as in C. As in run.bats; AT_HOME is a
# benchmark that takes on its user's locale.

load setup

# Made here, as few machines have it.
setup_file() {
    export LOCPATH=$BATS_FILE_TMPDIR
    localedef -i de_DE -f UTF-8 "$LOCPATH/de_DE.UTF-8" 2>/dev/null || true
}

setup() {
    [ "$(LC_ALL=de_DE.UTF-8 /usr/bin/printf %.1f 0,5 2>/dev/null)" = 0,5 ] ||
        skip "no locale with commas: localedef cannot make de_DE (Debian's package locales)"
    fake=$BATS_TEST_DIRNAME/fake.sh
    export TMPDIR=$BATS_TEST_TMPDIR NO_COLOR=1
    unset COLUMNS CLICOLOR_FORCE LC_ALL
    cd "$BATS_TEST_TMPDIR"
}

# Runs a command in both; $output and $stderr are the same, and its exit code is CODE.
# same CODE WORD...
same() {
    local code=$1
    shift
    LC_ALL=C.UTF-8 run "-$code" --separate-stderr "$THREADBENCH" "$@"
    local plain=$output errors=$stderr
    LC_ALL=de_DE.UTF-8 run "-$code" --separate-stderr "$THREADBENCH" "$@"
    diff <(echo "$plain") <(echo "$output")
    diff <(echo "$errors") <(echo "$stderr")
}

# Two documents, measured there.
measure() {
    LC_ALL=de_DE.UTF-8 "$THREADBENCH" run --rounds 12 -t 0.0015 -o old.json "$fake" >table
    grep -E '^create/cpu:same/posix +[0-9.]+ µs p10' table
    LC_ALL=de_DE.UTF-8 FAKE=slower "$THREADBENCH" run --rounds 12 -t 0.0015 -o new.json "$fake" >/dev/null
}

@test "documents are the same in a locale with commas, however they are shown" {
    measure
    [ "$(jq .context.threadbench.time_s old.json)" = 0.0015 ]
    for format in table json csv markdown bencher openmetrics perfherder rows-csv rows-ndjson; do
        same 0 show --format $format old.json
    done
    for format in table json markdown; do
        same 3 compare --margin 1.5 --alpha 0.05 --format $format old.json new.json
    done
    same 0 list --json "$fake"
}

@test "a page and its figures, too" {
    measure
    for locale in C.UTF-8 de_DE.UTF-8; do
        LC_ALL=$locale "$THREADBENCH" report old.json new.json -o $locale.html --svg $locale
    done
    cmp C.UTF-8.html de_DE.UTF-8.html
    diff -r C.UTF-8 de_DE.UTF-8
}

@test "an archive and its history, too" {
    export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    git init -q work
    for i in 1 2; do
        git -C work -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m $i
        LC_ALL=de_DE.UTF-8 "$THREADBENCH" run --rounds 6 -t 0.001 --repo work --archive kept "$fake" >/dev/null
    done
    for format in table json csv html; do
        same 0 history --repo work --archive kept --format $format
    done
    for format in rows-csv rows-ndjson otava openmetrics; do
        same 0 archive export --format $format kept
    done
    same 0 archive list kept
    same 0 archive verify kept
}

@test "numbers of options have points" {
    export LC_ALL=de_DE.UTF-8
    run -4 "$THREADBENCH" ab --margin 1.5 --alpha 0.5 --rounds 2 -t 0.0015 --budget 20.5 --timeout 20.5 --format json \
        -o out.json "a: $fake" "b: $fake"
    json=out-a.json
    [ "$(jq -c '.context.threadbench | [.time_s, .budget_s, .timeout_s]' out-a.json)" = '[0.0015,20.5,20.5]' ]
    same 2 compare --margin 1,5 old.json new.json
    [[ $stderr = "threadbench: --margin '1,5': "* ]]
}

# Each cell of a table of numbers is one; JSON is read.
@test "the suite and benchmark_c write what can be read" {
    export LC_ALL=de_DE.UTF-8
    export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # glibc's newlocale() does not free the parts of LOCPATH
    for program in "$SUITE_PROGRAM" "$AT_HOME"; do
        flags=(--benchmark_filter='^(work|create/call/cpu:same/null)/' --benchmark_min_time=0)
        "$program" "${flags[@]}" --benchmark_format=json >out.json
        jq -e '.benchmarks[0].real_time > 0' out.json
        "$program" "${flags[@]}" --benchmark_format=csv >out.csv
        /usr/bin/python3 -c 'import csv, sys
head, row = [row for row in csv.reader(open("out.csv")) if len(row) > 1]
assert len(head) == len(row) and float(row[head.index("real_time")]) > 0, row'
    done
    run -0 "$THREADBENCH" run --rounds 2 -o out.json "$AT_HOME"
    [ "$(jq -c '.benchmarks[0] | [.share, .real_time]' out.json)" = '[0.25,1500]' ]
    run -0 "$THREADBENCH" run --rounds 1 --samples 5 -f '^lifecycle/phases/cpu:same/posix$' --trace trace.json -o out.json
    jq -e . trace.json >/dev/null
    jq -e '[.benchmarks[].mean | select(. > 0)] | length > 0' out.json
}
