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

setup_file() {
    pythons >"$BATS_FILE_TMPDIR/pythons"
}

setup() {
    mapfile -t found <"$BATS_FILE_TMPDIR/pythons"
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

# What a case is skipped for, or nothing: `reason CASE`, of the document out.json.
reason() {
    jq -r --arg case "$1" '.benchmarks[] | select(.name == "python/" + $case + "/cpu:same") | .skip_message // .error_message // ""' out*.json
}

# Sets `since`, for an interpreter, to what it has to be skipped for where it is older.
missing_since() { # VERSION REASON
    since=
    "$python" -c "import sys; sys.exit(sys.version_info >= ($1))" || return 0
    since="$2: since Python ${1/, /.}"
}

@test "what an interpreter is too old for is skipped, and nothing else" {
    for python in "${found[@]}"; do
        echo "$python"
        run -0 "$THREADBENCH" run --python "p: $python" --rounds 1 --samples 2 --quiet -o out.json --filter \
            '^python/(start-joinable|start-(empty|inherit)|interpreter-.*|(submit|result|pool)(-interpreter)?|alloc-.*)/cpu:same$'
        missing_since '3, 13' _thread.start_joinable_thread
        [ "$(reason start-joinable)" = "$since" ]
        missing_since '3, 13' _interpreters
        for case in create run destroy; do [ "$(reason interpreter-$case)" = "$since" ]; done
        missing_since '3, 14' InterpreterPoolExecutor
        for case in submit result pool; do
            [ "$(reason $case-interpreter)" = "$since" ]
            [ -z "$(reason $case)" ]
        done
        missing_since '3, 14' 'Thread(context=...)'
        for case in empty inherit; do [ "$(reason start-$case)" = "$since" ]; done
        for case in first next; do [ -z "$(reason alloc-$case)" ]; done
        [ "$(jq '.benchmarks | length' out*.json)" -gt 13 ]
    done
}

@test "nothing of a case that is skipped is left in the interpreter" {
    for python in "${found[@]}"; do
        echo "$python"
        "$python" -I -S -c 'import ctypes, gc, sys
words = [word.encode() for word in sys.argv[1:]]
ctypes.PyDLL(sys.argv[1]).threadbench_main(len(words), (ctypes.c_char_p * (len(words) + 1))(*words))
gc.collect()
sys.exit(any(type(each) is dict and "noop" in each for each in gc.get_objects()))' "$MODULE" --benchmark_min_time=0 \
            --benchmark_filter='^python/(start-joinable|submit-interpreter|lock)/cpu:same/'
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

@test "a path with quotes and blanks is one" {
    mkdir "it's \"a\" folder"
    ln -s "${found[0]}" "it's \"a\" folder/py'thon x"
    run -0 "$THREADBENCH" run --python "it's \"a\" folder/py'thon x" --rounds 1 --samples 2 --quiet \
        --filter '^python/lock/cpu:same$' -o out.json
    jq -e '.context.threadbench | .subject.label == .python.version + (if .python.free_threaded then "t" else "" end)' out.json
    run -0 "$THREADBENCH" run --python "mine: it's \"a\" folder/py'thon x" --rounds 1 --samples 2 --quiet \
        --filter '^python/lock/cpu:same$' -o out.json
    [ "$(jq -r .context.threadbench.subject.label out.json)" = mine ]
    grep -F "subject  mine: it's \"a\" folder/py'thon x, CPython " <<<"$output"
}

@test "a document says whether threads inherit context variables, which an option of the interpreter sets" {
    for python in "${found[@]}"; do
        echo "$python"
        for on in 0 1; do
            printf '#!/bin/sh\nexec "%s" -X thread_inherit_context=%s "$@"\n' "$python" "$on" >option
            chmod +x option
            run -0 "$THREADBENCH" run --python 'p: ./option' --rounds 1 --samples 2 --quiet \
                --filter '^python/lock/cpu:same$' -o out.json
            expected=$("$python" -X "thread_inherit_context=$on" -c 'import sys
print({0: "false", 1: "true"}.get(getattr(sys.flags, "thread_inherit_context", None), "null"))')
            [ "$(jq .context.threadbench.python.thread_inherit_context out*.json)" = "$expected" ]
        done
    done
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
    [[ "${lines[0]}" == "| case | operation | one | two |" ]]
    [[ "$output" =~ 'python/lock/cpu:same |  | '[0-9.]+' '[nµm]?'s | '[0-9.]+'x \[' ]]
}

@test "an interpreter that cannot be measured is named, and the others go on" {
    printf '#!/bin/sh\nkill -SEGV $$\n' >crashes
    printf '#!/bin/sh\necho no module >&2; exit 1\n' >refuses
    chmod +x crashes refuses
    run -0 "$THREADBENCH" run --python ./missing --python ./crashes --python ./refuses \
        --python "p: ${found[0]}" --python "q: ${found[0]}" --rounds 1 --samples 2 --quiet --filter '^python/lock/cpu:same$'
    [[ "$output" == *"skipped: subject './missing': cannot start"* ]]
    [[ "$output" == *"skipped: subject './crashes':"* ]]
    [[ "$output" == *"skipped: subject './refuses': "* ]]
    [[ "$output" == *python/lock/cpu:same* ]]
}

@test "an interpreter that is left alone is measured, but set beside none" {
    for missing in '--python ./missing --python' "--python ./missing --python ./missing-too --python"; do
        # shellcheck disable=SC2086 # words
        run -1 --separate-stderr "$THREADBENCH" run $missing "${found[0]}" --rounds 1 --samples 2 --quiet \
            --filter '^python/lock/cpu:same$'
        [[ "$output" == *python/lock/cpu:same* ]]
        [[ "${stderr_lines[-1]}" =~ "only one of "[23]" interpreters could be measured: nothing is set beside it" ]]
    done
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

# One interpreter, as often as there are names.
@test "interpreters are called by their versions, and those of one version are told apart" {
    version=$("${found[0]}" -c 'import platform, sysconfig
print(platform.python_version() + ("t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""))')
    ln -s "${found[0]}" python3
    run -0 --separate-stderr "$THREADBENCH" run --python "${found[0]}" --python "${found[0]}" --python "n: ${found[0]}" \
        --rounds 1 --samples 2 --quiet --filter '^python/lock/cpu:same$' -o out.json
    for label in "$version" "$version-2" n; do
        [ "$(jq -r .context.threadbench.subject.label "out-$label.json")" = "$label" ]
        [ "$(grep -c "^subject  $label: ${found[0]}, CPython ${version%t}" <<<"$output")" = 1 ]
    done
    [ "$(grep -c '^subject' <<<"$output")" = 3 ]
    run -2 "$THREADBENCH" run --python "${found[0]}" --python "$version: ${found[0]}" --quiet
    [[ $output = "threadbench: two subjects are called '$version': give one of them another name, 'NAME: COMMAND'" ]]
}

@test "too few rounds for an interval give no ratio" {
    few=(--python "one: ${found[0]}" --python "two: ${found[0]}" --samples 2 --quiet -f '^python/(lock|local)/cpu:same$' -o p.json)
    run -0 "$THREADBENCH" run "${few[@]}" --rounds 5
    grep -E '^python/local/cpu:same +TLS setup +[0-9.]+ .s$' <<<"$output"
    grep -E '^python/lock/cpu:same +[0-9.]+ .s$' <<<"$output"
    grep -Fx 'blank: fewer than 6 rounds, which give no interval: give more --rounds' <<<"$output"
    run -0 "$THREADBENCH" show --format json p-one.json p-two.json
    jq -e '.[0].cases | length == 2 and all(.pairs == 5 and .ratio == null)' <<<"$output"
    run -0 "$THREADBENCH" report -o page.html p-one.json p-two.json
    if grep -E '[0-9]x (slower|faster|same|inconclusive)' page.html; then return 1; fi
    run -0 "$THREADBENCH" run "${few[@]}" --rounds 6
    grep -E '^python/local/cpu:same .* [0-9.]+x \[' <<<"$output"
    [[ $output != *blank:* ]]
}

@test "the study's table comes first, and figures are for who asks" {
    two=(--python "one: ${found[0]}" --python "two: ${found[0]}")
    few=(--rounds 1 --samples 2 --quiet -f '^(create/call/cpu:same/posix|python/(lock|object|local)/cpu:same)$')
    run -0 "$THREADBENCH" run "${two[@]}" "${few[@]}" -o p.json
    [ "$(sed -n 's/^\(python\|create\).*/&/p' <<<"$output" | cut -d ' ' -f 1 | xargs)" = \
        'python/object/cpu:same python/local/cpu:same create/call/cpu:same/posix python/lock/cpu:same' ]
    [[ $output = *' creation '*' TLS setup '*' the creating call '* ]]
    [[ $output != *'What one thread costs'* ]]
    run -0 "$THREADBENCH" show p-one.json p-two.json
    [[ $output != *'What one thread costs'* ]]
    run -0 "$THREADBENCH" show -v p-one.json p-two.json
    [[ $output = *' creation '*'statistic'*'What one thread costs (one)'*'What one thread costs (two)'* ]]
    run -0 "$THREADBENCH" run -v "${two[@]}" "${few[@]}"
    [[ $output = *' creation '*'statistic'*'What one thread costs (two)'* ]]
    run -0 "$THREADBENCH" run @suite "${two[@]}" --rounds 1 --samples 2 --quiet -f '^create/call/cpu:same/posix$'
    [[ $output = *'What one thread costs (a)'* ]]
}

@test "how long it takes is printed beforehand, three minutes at most" {
    two=(--python "one: ${found[0]}" --python "two: ${found[0]}")
    run -0 --separate-stderr "$THREADBENCH" run "${two[@]}" --rounds 2 --time 0.001 -f '^python/(lock|local)/cpu:same$'
    [[ $stderr =~ 'threadbench: cases: 2, processes a round: 4, in about '[0-9.]+' s; about '[0-9.]+' s in all, at most 2 rounds' ]]
    "$THREADBENCH" run "${two[@]}" >table 2>errors 3>&- &
    timeout 60 sh -c 'until grep "cases:" errors; do :; done'
    kill -INT $!
    wait $! || [ $? = 130 ]
    grep -E '^threadbench: cases: [0-9]+, .*at most 30 rounds and 150 s( in all)?$' errors
    grep -E '^run .* of 30 rounds' table
    if grep /posix table; then return 1; fi # the system's part is the same in all
}

# As Python 2 would, but for its syntax.
@test "an interpreter that is too old is said to be" {
    printf '#!/bin/sh\n[ "$1 $2 $3 $4" = "-E -s -S -c" ] || exit 9\nexec "%s" -S -c "import sys; sys.version_info = (2, 7, 18)\nexec(sys.argv.pop(1))" "$5"\n' \
        "${found[0]}" >old
    chmod +x old
    run -1 "$THREADBENCH" run --python ./old
    [ "$output" = "threadbench: subject './old': exit status 1: Python 2.7 is older than 3.9, the first that threadbench takes" ]
}

@test "an interpreter without a path is wrong usage" {
    for path in '' ' ' 'label: '; do
        for command in run list 'ab @suite'; do
            # shellcheck disable=SC2086 # words
            run -2 "$THREADBENCH" $command --python "$path"
            [ "$output" = "threadbench: --python '$path': give the path of an interpreter, or its name" ]
        done
    done
}

@test "nothing is imported from the working folder" {
    for module in ctypes json platform; do
        echo 'raise SystemExit("not this one")' >$module.py
    done
    PYTHONPATH=$PWD run -0 "$THREADBENCH" list --python "${found[0]}"
}
