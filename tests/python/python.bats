# The suite in the interpreters that are found by name, or named in THREADBENCH_PYTHONS (paths
# separated by blanks). THREADBENCH is the program, MODULE what interpreters load, HOSTED a script
# that loads it, SCHEMA the documents' form; BUILD is installed with PREFIX.

bats_require_minimum_version 1.5.0

# Those that start and have ctypes, a path a line.
pythons() {
    local name path
    for name in $THREADBENCH_PYTHONS python3 python3.{9..14} python3.13t python3.14t; do
        path=$(command -v "$name") || continue
        "$path" -I -S -c 'import ctypes, sys; print(sys.executable)' 2>/dev/null || true
    done | sort -u
}

setup() {
    mapfile -t found < <(pythons)
    [ "${#found[@]}" -gt 0 ] || skip "no Python interpreter with ctypes is in PATH"
    cd "$BATS_TEST_TMPDIR"
}

@test "every row runs in every interpreter" {
    for python in "${found[@]}"; do
        echo "$python"
        run -0 "$THREADBENCH" run --python "p: $python" --rounds 1 --samples 2 --quiet \
            --filter '^python/.*/(cpu:same|alive:1/cpu:free)$' -o out.json
        [[ "$output" == *python/serial/cpu:same* ]]
        [ "$(jq -r '.context.threadbench.python.version | split(".")[0]' out*.json)" = 3 ]
        [ "$(jq -c '.benchmarks | map(select(.error_occurred and (.skipped | not)))' out*.json)" = '[]' ]
    done
}

@test "a document says which interpreter it is, and a free-threaded one has no lock" {
    for python in "${found[@]}"; do
        echo "$python"
        run -0 "$THREADBENCH" run --python "p: $python" --rounds 1 --samples 2 --quiet \
            --filter '^python/lock/cpu:same$' -o out.json
        /usr/bin/python3 -c 'import json, jsonschema, sys
jsonschema.validate(*(json.load(open(path)) for path in sys.argv[1:]))' out*.json "$SCHEMA"
        [ "$(jq '.context.threadbench.python | .free_threaded != .gil_enabled' out*.json)" = true ]
    done
}

@test "a path with quotes and blanks is one, and its label a name" {
    mkdir "it's \"a\" folder"
    ln -s "${found[0]}" "it's \"a\" folder/py'thon x"
    run -0 "$THREADBENCH" run --python "it's \"a\" folder/py'thon x" --rounds 1 --samples 2 --quiet \
        --filter '^python/lock/cpu:same$' -o out.json
    [ "$(jq -r .context.threadbench.subject.label out*.json)" = py_thon_x ]
}

@test "an interrupt ends an interpreter in the middle of a row" {
    THREADBENCH_SAMPLES=10000000 run -130 timeout --preserve-status -s INT -k 20 2 \
        "${found[0]}" -I -S "$HOSTED" "$MODULE" --benchmark_min_time=0 \
        --benchmark_filter='^python/state/cpu:same/'
}

@test "what is installed finds the module, wherever it was moved to" {
    DESTDIR=$PWD/there meson install -C "$BUILD" --no-rebuild >installed
    run -0 "there$PREFIX/bin/threadbench" run --python "p: ${found[0]}" --rounds 1 --samples 2 --quiet \
        --filter '^(python/lock/cpu:same|memory/thread-tls/bytes:4096/posix)$' -o out.json
    jq -e '.benchmarks | length > 0 and all(.error_occurred | not)' out*.json
    jq -e --arg here "$PWD/there" '.context.threadbench.subject.argv[-1] | startswith($here)' out*.json
}

@test "the rows of POSIX threads run beside them" {
    run -0 "$THREADBENCH" run --python "p: ${found[0]}" --rounds 1 --samples 2 --quiet \
        --filter '^(create/call|lifecycle/serial)/cpu:same/posix$'
    [[ "$output" == *create/call/cpu:same/posix* ]]
}

@test "they are no part of the suite" {
    run -0 "$THREADBENCH" list
    [[ "$output" != *python/* ]]
}

@test "interpreters are set beside the first one" {
    run -0 --separate-stderr "$THREADBENCH" run --python "one: ${found[0]}" \
        --python "two: ${found[-1]}" --rounds 7 --samples 2 --quiet --format markdown \
        --filter '^python/(lock|local)/cpu:same$'
    [[ "${lines[0]}" == "| operation | one | two |" ]]
    [[ "$output" =~ 'python/lock/cpu:same | '[0-9.]+' '[nµm]?'s | '[0-9.]+'x \[' ]]
}

@test "an interpreter that cannot be measured is named, and the others go on" {
    printf '#!/bin/sh\nkill -SEGV $$\n' >crashes
    printf '#!/bin/sh\necho no module >&2; exit 1\n' >refuses
    chmod +x crashes refuses
    run -0 "$THREADBENCH" run --python ./missing --python ./crashes --python ./refuses \
        --python "p: ${found[0]}" --rounds 1 --samples 2 --quiet --filter '^python/lock/cpu:same$'
    [[ "$output" == *"skipped: subject './missing': cannot start"* ]]
    [[ "$output" == *"skipped: subject './crashes':"* ]]
    [[ "$output" == *"skipped: subject './refuses': "* ]]
    [[ "$output" == *python/lock/cpu:same* ]]
}

@test "an interpreter alone that cannot be measured is an error" {
    run -1 "$THREADBENCH" run --python ./missing --rounds 1 --quiet
}

@test "interpreters are set beside each other again from their documents" {
    for format in table markdown json; do
        "$THREADBENCH" run --python "one: ${found[0]}" --python "two: ${found[-1]}" --rounds 7 --samples 2 --quiet \
            --format $format --filter '^python/lock/cpu:same$' -o p.json >printed
        "$THREADBENCH" show --format $format p-two.json p-one.json >again
        diff printed again
    done
}
