# What is counted of an operation. Counters are made of sh: a process takes a million at its start, and COST for each
# of its samples, which the words of its subject say.

load setup

# counter NAME SCRIPT: in the PATH, before any that is installed. The script gets $file and $count.
counter() {
    mkdir -p bin
    cat >"bin/$1" <<END
#!/bin/sh
for word; do
    case \$word in
    --log-file=* | --output=*) file=\${word#*=} ;;
    COST=*) cost=\${word#*=} ;;
    esac
done
while case \$1 in -U) shift ;; -*) ;; *) false ;; esac; do shift; done
# a subject that varies takes more each time
case \${cost:-} in varies) echo >>varies; cost=\$((1000 + \$(wc -l <varies) * 50)) ;; esac
# one that holds waits to be interrupted, the first time
case \${cost:-} in holds) cost=9; [ -e held ] || { : >held; exec tail -f /dev/null; } ;; esac
case \${cost:-} in dies) exec sh -c 'kill -SEGV \$\$' ;; esac
"\$@" || exit
count=\$((1000000 + \${cost:-0} * \${THREADBENCH_SAMPLES:-0}))
$2
END
    chmod +x "bin/$1"
}

setup_file() {
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
}

counters() {
    counter valgrind 'echo "==$$== I   refs:      $count" >"${file%.*}.$$"'
    counter strace 'printf "   calls syscall\n%9s total\n" "$((1000000 + 9 * ${THREADBENCH_SAMPLES:-0}))" >"$file"'
    PATH=$PWD/bin:$PATH
}

# Without any counter but the kernel's own account.
no_counters() {
    mkdir -p only
    for tool in sh env sed grep wc cat rm true printf tail git; do
        ln -sf "$(command -v "$tool")" "only/$tool"
    done
}

one='^create/cpu:same/posix$'

@test "run --counts adds instructions, system calls and faults to document, table and CSV" {
    counters
    run -0 "$THREADBENCH" run $fast --counts -f "$one" -o "$json" "COST=2152 $fake"
    [ "$(ask "[c['counts']['syscalls']['value'] for c in d['threadbench_cases'] if 'counts' in c]")" = '[9]' ]
    [ "$(ask "[sorted(c['counts']) for c in d['threadbench_cases'] if 'counts' in c]")" = \
        "[['faults', 'instructions', 'syscalls']]" ]
    # of a script's faults there may be fewer with more samples, which is no count
    grep -E '^case .* instructions +syscalls( +faults)?( |$)' <<<"$output"
    grep -E '^create/cpu:same/posix .* 9\.00( |$)' <<<"$output"
    grep -F 'counted: instructions by ' <<<"$output"
    valid "$json"
    run -0 "$THREADBENCH" show "$json"
    grep -E '^create/cpu:same/posix .* 9\.00( |$)' <<<"$output"
    run -0 "$THREADBENCH" show --format markdown "$json"
    grep -E '^\| case .* instructions \| syscalls( \| faults)? \|' <<<"$output"
    run -0 "$THREADBENCH" report "$json" -o page.html
    grep -F '>syscalls</' page.html
    grep -E '<p class="note">counted: .*syscalls by strace, .* with what sets it up.*\.</p>' page.html
    run -0 "$THREADBENCH" show --format csv "$json"
    [[ ${lines[0]} = *,instructions,syscalls,faults ]]
    [[ ${lines[1]} =~ ,9,[0-9.]*$ ]]
    run -0 "$THREADBENCH" show --format openmetrics "$json"
    grep -E '^threadbench_case_syscalls[{]case="create/cpu:same/posix",counter="strace",.*[}] 9$' <<<"$output"
    "$THREADBENCH" show --format rows-ndjson "$json" >rows
    [ "$(jq -c 'select(.case == "create/cpu:same/posix") | .syscalls' rows | sort -u)" = 9 ]
    [ "$(jq -c 'select(.role == "floor") | .syscalls' rows | sort -u)" = null ]
    run -0 "$THREADBENCH" show --format bencher "$json"
    jq -e '.["create/cpu:same/posix"].syscalls.value == 9' <<<"$output"
}

@test "without --counts nothing is counted, and no column shows it" {
    counters
    run -0 "$THREADBENCH" run $fast -f "$one" -o "$json" "COST=2152 $fake"
    [ "$(ask "[c for c in d['threadbench_cases'] if 'counts' in c]")" = '[]' ]
    without instructions <<<"$output"
    run -0 "$THREADBENCH" report "$json" -o page.html
    without '>syscalls</' page.html
}

@test "ab --metric finds one per cent of system calls in one round, and nothing where there is none" {
    counters
    counter strace 'printf "   calls syscall\n%9s total\n" "$count" >"$file"'
    run -3 "$THREADBENCH" ab --metric syscalls -m 0.5 -r 1 -f "$one" -o out.json "COST=1000 $fake" "COST=1010 $fake"
    head_is 'REGRESSION in 1 of 1: create/cpu:same/posix +1.0 % [[]1.0, 1.0]'
    grep -E '^create/cpu:same/posix +1000 syscalls +\+1\.0%' <<<"$output"
    printf '%s\n' "${lines[@]}" >said
    run -0 "$THREADBENCH" show out-a.json out-b.json
    diff <(printf '%s\n' "${lines[@]}") <(grep -v '^threadbench: ' said)
    run -3 "$THREADBENCH" compare --metric syscalls -m 0.5 out-a.json out-b.json
    run -0 "$THREADBENCH" ab --metric syscalls --strict -f "$one" "COST=1000 $fake" "COST=1000 $fake"
    head_is 'NO REGRESSION: each of 1 within 2 %'
    run -0 "$THREADBENCH" ab --metric syscalls -m 0.5 -f "$one" "COST=1010 $fake" "COST=1000 $fake"
    head_is 'NO REGRESSION: 1 of 1 faster*'
    run -1 "$THREADBENCH" ab --metric syscalls --bisect -m 0.5 -f "$one" "COST=1000 $fake" "COST=1010 $fake"
}

@test "the JSON of a comparison says by what metric it is" {
    counters
    run -0 "$THREADBENCH" ab --metric syscalls -f "$one" --format json "COST=1000 $fake" "COST=1000 $fake"
    jq -e '.[0].metric == "syscalls" and .[0].cases[0].statistic == "syscalls" and .[0].cases[0].verdict == "same" and
           .[0].cases[0].old_ns == 9 and .[0].cases[0].unit == "syscalls"' <<<"$output"
    printf '%s' "$output" >comparison.json
    /usr/bin/python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open("comparison.json")), json.load(open(sys.argv[1])))' "$COMPARISON_SCHEMA"
}

@test "counts that differ between rounds are said to, and are no verdict" {
    counters
    counter strace 'printf "   calls syscall\n%9s total\n" "$count" >"$file"'
    run -4 "$THREADBENCH" ab --metric syscalls -f "$one" "COST=varies $fake" "COST=varies $fake"
    head_is 'INCONCLUSIVE: 1 of 1 inconclusive*2 rounds can give no alarm*'
    grep -E 'its syscalls differ by [0-9.]+% between rounds' <<<"$output"
    run -0 "$THREADBENCH" run $fast --counts -f "$one" -o "$json" "COST=varies $fake"
    grep -E '~[0-9]+' <<<"$output"
    grep -F '~: rounds differ' <<<"$(tr -s ' \n' ' ' <<<"$output")"
}

@test "a count that gets less with more samples is none" {
    counters
    counter strace 'printf "   calls syscall\n%9s total\n" "$((9000000 - ${THREADBENCH_SAMPLES:-0}))" >"$file"'
    run -0 "$THREADBENCH" run $fast --counts -f "$one" -o "$json" "COST=9 $fake"
    grep -F 'no syscalls of create/cpu:same/posix: under strace twice as many samples took fewer' <<<"$output"
    [ "$(ask "[c['counts']['syscalls'].get('value') for c in d['threadbench_cases'] if 'counts' in c]")" = '[None]' ]
}

@test "a case that ends otherwise where it is counted has that as its reason" {
    counters
    counter strace 'printf "   calls syscall\n%9s total\n" "$count" >"$file"'
    run -0 "$THREADBENCH" run $fast --counts -f "$one" -o "$json" "COST=dies $fake"
    grep -F 'no syscalls of create/cpu:same/posix: under strace: killed' <<<"$output"
    run -1 "$THREADBENCH" ab --metric syscalls -f "$one" "COST=dies $fake" "COST=9 $fake"
    grep -F 'syscalls not counted on the old side: under strace: killed' <<<"$output"
}

@test "what was not counted is named once, with its subject" {
    counters
    counter strace 'printf "   calls syscall\n%9s total\n" "$count" >"$file"'
    run -0 "$THREADBENCH" run $fast --counts -f "$one" -o out.json "old: COST=dies $fake" "COST=9 $fake"
    [ "$(grep -c 'no syscalls of' <<<"$output")" = 1 ]
    grep -F 'old: no syscalls of create/cpu:same/posix: under strace: killed' <<<"$output"
    run -0 "$THREADBENCH" report out-old.json out-b.json -o page.html
    [ "$(grep -c '<p class="note">counted: ' page.html)" = 1 ]
    grep -F '<p class="note">old: no syscalls of create/cpu:same/posix: under strace: killed' page.html
}

# Interrupts a run while it counts; leaves its document in $json, and what it printed in `printed`.
interrupt_counting() {
    counters
    "$THREADBENCH" run $fast --counts -f "$one" -o "$json" "COST=holds $fake" >printed &
    pid=$!
    timeout 60 bash -c 'until [ -e held ]; do sleep 0.1; done'
    kill -TERM "$pid"
    code=0
    wait "$pid" || code=$?
    [ "$code" = 143 ]
}

@test "an interruption while it counts ends it, and what was measured is kept" {
    interrupt_counting
    grep -E '^create/cpu:same/posix +6\.00' printed
    [ "$(ask "(d['context']['threadbench']['signal'], d['context']['threadbench']['rounds_finished'])")" = "('TERM', 2)" ]
}

# interpreter NAME VERSION: a file of that name, which measures as the fake subject does
interpreter() {
    printf '#!/bin/sh\nPYTHON_VERSION=%s exec "%s" "$@"\n' "$2" "$fake" >"$1"
    chmod +x "$1"
}

@test "interpreters that are counted show it, in each format" {
    interpreter one 3.12.0
    interpreter two 3.13.0
    counters
    run -0 "$THREADBENCH" run $fast --counts -f "$one" -o out.json --python ./one --python ./two
    grep -E '^case +operation' <<<"$output"
    grep -E '^case +subject .* syscalls( +faults)?( |$)' <<<"$output"
    grep -E '^create/cpu:same/posix 3\.13\.0 .* 9\.00( |$)' <<<"$output"
    grep -F 'counted: instructions by ' <<<"$output"
    run -0 "$THREADBENCH" show --format markdown out-3.1{2,3}.0.json
    grep -E '^\| case \| subject .* syscalls( \| faults)? \|' <<<"$output"
    run -0 --separate-stderr "$THREADBENCH" show --format json out-3.1{2,3}.0.json
    jq -e '.[0].cases[0].counts.syscalls == {old: 9, new: 9}' <<<"$output"
    printf '%s' "$output" >comparison.json
    /usr/bin/python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open("comparison.json")), json.load(open(sys.argv[1])))' "$COMPARISON_SCHEMA"
}

@test "interpreters that nothing counts have the reason" {
    interpreter one 3.12.0
    interpreter two 3.13.0
    no_counters
    PATH=$PWD/only run -0 "$THREADBENCH" run $fast --counts -f "$one" --python ./one --python ./two
    grep -F '3.12.0: no syscalls of create/cpu:same/posix: strace is missing' <<<"$output"
}

@test "what was interrupted while it counted is counted again, as its document says" {
    interrupt_counting
    run -0 "$THREADBENCH" run --continue --trust -o rest.json "$json"
    grep -E '^create/cpu:same/posix .* 9\.00( |$)' <<<"$output"
    json=rest.json
    [ "$(ask "(d['context']['threadbench']['count_rounds'], d['context']['threadbench']['rounds_finished'])")" = '(2, 2)' ]
    [ "$(ask "[len(c['counts']['syscalls']['rounds']) for c in d['threadbench_cases'] if 'counts' in c]")" = '[2]' ]
    valid rest.json
    run -2 "$THREADBENCH" run --continue --trust rest.json
    run -0 "$THREADBENCH" run --continue --trust --rounds 3 -o "$json" rest.json
    grep -E '^create/cpu:same/posix .* 9\.00( |$)' <<<"$output"
    run -0 "$THREADBENCH" ab --metric syscalls -f "$one" -o ab.json "COST=9 $fake" "COST=9 $fake"
    run -0 "$THREADBENCH" run --continue --trust --rounds 3 -o more.json ab-a.json ab-b.json
    [ "$(jq -c '[.context.threadbench.metric, (.threadbench_cases[0].counts | keys)]' more-a.json)" = '["syscalls",["syscalls"]]' ]
}

@test "where nothing counts it says what is missing, and what to do" {
    no_counters
    PATH=$PWD/only run -1 "$THREADBENCH" ab --metric syscalls -f "$one" "$fake" "$fake"
    [ "$output" = 'threadbench: --metric syscalls: nothing counts them here: strace is missing: install strace, 5.7 or later' ]
    PATH=$PWD/only run -128 "$THREADBENCH" ab --bisect --metric syscalls -f "$one" "$fake" "$fake"
    PATH=$PWD/only run -0 "$THREADBENCH" run $fast --counts -f "$one" -o "$json" "$fake"
    grep -F 'threadbench: no syscalls are counted: strace is missing: install strace' <<<"$output"
    grep -F 'no syscalls of create/cpu:same/posix: strace is missing' <<<"$output"
    grep -E '^create/cpu:same/posix ' <<<"$output"
}

@test "a case that failed has no reason beside that why it was not counted" {
    no_counters
    PATH=$PWD/only run -1 "$THREADBENCH" run -r 6 --samples 4 --counts -f "$one" -o "$json" "FAKE=late-failure $fake"
    [ "$(ask "[(c['outcome'], c.get('counts')) for c in d['threadbench_cases'] if c['role'] == 'selected']")" = "[('failed', None)]" ]
}

@test "a metric is one of four" {
    run -2 "$THREADBENCH" ab --metric cycles "$fake" "$fake"
    [ "$output" = "threadbench: --metric 'cycles': give time, instructions, syscalls or faults" ]
    run -2 "$THREADBENCH" compare --metric fault a b
    [[ "$output" == *'did you mean faults?'* ]]
}

@test "documents without counts are not compared by them" {
    run -0 "$THREADBENCH" ab -r 2 -f "$one" -o out.json "$fake" "$fake" || [ "$status" -eq 4 ]
    run -1 "$THREADBENCH" compare --metric instructions out-a.json out-b.json
    grep -F 'instructions not counted on the old side' <<<"$output"
}

@test "what a process counts with its children is the suite's own" {
    command -v strace >/dev/null || skip 'strace is not installed'
    strace -o /dev/null true || skip 'nothing may be traced here'
    [ "$STARVE_MODULE" ] || skip 'a sanitizer looks for leaks by what strace uses'
    run -0 "$THREADBENCH" ab --metric syscalls -f '^lifecycle/serial/cpu:same/posix$' -o out.json "$SUITE_PROGRAM" \
        "$SUITE_PROGRAM"
    json=out-a.json
    [ "$(ask "[5 < c['counts']['syscalls']['value'] < 20 for c in d['threadbench_cases']]")" = '[True]' ]
}
