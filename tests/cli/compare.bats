# Verdicts from end to end; as in run.bats.

load setup

setup_file() {
    # Two sessions with the same program twice, and with one whose side b is a tenth slower.
    cd "$BATS_FILE_TMPDIR"
    fake=$BATS_TEST_DIRNAME/fake.sh
    for wrong in jitter slower; do
        "$THREADBENCH" run --seed 4 --rounds 15 --samples 20 -f 'create/cpu:(same|free)/posix' -o $wrong.json \
            "FAKE=jitter $fake" "FAKE=$wrong $fake" >/dev/null
    done
}

# One value of the comparison, by a Python expression on `d`.
verdicts() {
    /usr/bin/python3 -c "import json,sys; d=json.loads(sys.stdin.read()); print($1)" <<<"$output"
}

# $output is JSON as the schema has it.
valid_verdicts() {
    /usr/bin/python3 -c 'import json,sys,jsonschema
def refuse(name): raise ValueError(name)
jsonschema.validate(json.loads(sys.stdin.read(), parse_constant=refuse), json.load(open(sys.argv[1])))' \
        "$COMPARISON_SCHEMA" <<<"$output"
}

# gbench_document NAME HOST [TIMES [NS]]: what Google Benchmark may have written of a case, so many times, from NS on
gbench_document() {
    jq -n --arg name "$1" --arg host "$2" --argjson times "${3:-3}" --argjson ns "${4:-5}" '{context: {host_name: $host, library_version: "1.8.0"},
        benchmarks: [range($times) | {name: $name, run_name: $name, run_type: "iteration", repetitions: $times,
            repetition_index: ., threads: 1, iterations: 9, real_time: ($ns + .), cpu_time: 1, time_unit: "ns"}]}'
}

@test "the same twice is no alarm, and shown to be the same" {
    cd "$BATS_FILE_TMPDIR"
    run -0 "$THREADBENCH" compare jitter-a.json jitter-b.json
    plain_text
    head_is 'NO REGRESSION: each of 2 within 2 %'
    grep -E '^create/cpu:same/posix .* same ' <<<"$output"
    grep -F 'both sides run the same program, byte for byte' <<<"$output"
    run -0 "$THREADBENCH" compare --strict --format json jitter-a.json jitter-b.json
    [ "$(verdicts '{c["verdict"] for c in d[0]["cases"]}')" = "{'same'}" ]
    [ "$(verdicts 'd[0]["conclusion"]["verdict"]')" = 'no regression' ]
    run -4 "$THREADBENCH" compare --margin 0 jitter-a.json jitter-b.json # nothing is decided at all
    grep -E '^2 inconclusive \(' <<<"$output"
    run -4 "$THREADBENCH" compare --margin 0 --strict jitter-a.json jitter-b.json
    run -125 --separate-stderr "$THREADBENCH" compare --margin 0 --bisect jitter-a.json jitter-b.json
    [ "$stderr" = 'threadbench: --bisect: of 2 cases 2 inconclusive, 0 failed, 0 missing: git skips this revision (125)' ]
    run -0 "$THREADBENCH" compare --bisect jitter-a.json jitter-b.json
}

@test "what is slower is an alarm, and the other way round it is faster" {
    cd "$BATS_FILE_TMPDIR"
    run -3 "$THREADBENCH" compare slower-a.json slower-b.json
    grep -E '^create/cpu:same/posix +6\.0[0-9]* µs p10 +\+(9\.[6-9]|10\.[0-4])' <<<"$output"
    grep -E '^2 slower \(' <<<"$output"
    [[ ${lines[0]} =~ ^'REGRESSION in 2 of 2: create/cpu:'(same|free)'/posix +'[0-9.]+' % ['[0-9.]+', '[0-9.]+'], create/' ]]
    run -1 "$THREADBENCH" compare --bisect slower-a.json slower-b.json
    run -0 "$THREADBENCH" compare slower-b.json slower-a.json
    grep -E '^2 faster \(' <<<"$output"
    head_is 'NO REGRESSION: 2 of 2 faster: create/'*
    run -0 "$THREADBENCH" compare --margin 15 slower-a.json slower-b.json
    run -3 "$THREADBENCH" compare --format markdown slower-a.json slower-b.json
    head_is '**REGRESSION in 2 of 2: create/cpu:'*'**'
    grep -F '| create/cpu:same/posix | 6.0' <<<"$output"
    grep -F '| **slower** |' <<<"$output"
    run -3 "$THREADBENCH" compare -f same slower-a.json slower-b.json
    without free <<<"$output"
}

@test "sessions are the unit where rounds are no pairs" {
    cd "$BATS_FILE_TMPDIR"
    mkdir -p sessions
    cp jitter-a.json sessions/1.json
    jq '.context.threadbench |= (.session = "2" | .run_id = "2")' jitter-a.json >sessions/2.json
    run -4 "$THREADBENCH" compare sessions slower-b.json
    head_is *'; 1 run a side can give no alarm at alpha 0.1 %: 8 are needed, 7 more, or '"'threadbench ab'"
    grep -F 'the sides are not of one session: each session counts as one value' <<<"$output"
    grep -E '^2 inconclusive \(' <<<"$output"
    run -3 "$THREADBENCH" compare --pair jitter-a.json slower-b.json
    head_is 'REGRESSION in 2 of 2: '*"; drift between the two runs is not accounted for ('threadbench ab' would)"
    mkdir -p both && cp jitter-a.json jitter-b.json both
    run -3 "$THREADBENCH" compare both slower-b.json # of one session
    grep -F 'old      both, 2 documents' <<<"$output"
}

@test "what cannot be printed is told, whatever the verdict" {
    cd "$BATS_FILE_TMPDIR"
    for format in table json; do
        run -1 sh -c '"$THREADBENCH" compare --format '$format' jitter-a.json slower-b.json >/dev/full'
        [ "$output" = 'threadbench: cannot write to stdout: No space left on device' ]
    done
    run -128 sh -c '"$THREADBENCH" compare --bisect jitter-a.json slower-b.json >/dev/full'
    [ "$output" = 'threadbench: cannot write to stdout: No space left on device' ]
}

@test "between two sessions the processes are compared, and that drift counts is said" {
    cd "$BATS_FILE_TMPDIR"
    run -3 "$THREADBENCH" compare jitter-a.json slower-b.json
    head_is 'REGRESSION in 2 of 2: '*"; drift between the two runs is not accounted for ('threadbench ab', or 7 more runs a side, would)"
    grep -E '^case .* verdict\*' <<<"$output"
    grep -F '* drift between the two runs is not accounted for: ' <<<"$output"
    grep -F 'chance of any false alarm at most 0.1 %, drift aside)' <<<"$output"
    run -1 "$THREADBENCH" compare --bisect jitter-a.json slower-b.json
    run -0 "$THREADBENCH" compare jitter-a.json slower-a.json
    head_is 'NO REGRESSION: each of 2 within 2 %; drift between '*
    run -3 "$THREADBENCH" compare --format json jitter-a.json slower-b.json
    valid_verdicts
    [ "$(verdicts 'd[0]["unit"], d[0]["paired"], d[0]["drift_accounted_for"]')" = 'repetition False False' ]
    [ "$(verdicts 'd[0]["conclusion"]["runs_needed"], {c["pairs"] for c in d[0]["cases"]}')" = '7 {15}' ]
    run -3 "$THREADBENCH" compare --format json slower-a.json slower-b.json
    [ "$(verdicts 'd[0]["unit"], d[0]["drift_accounted_for"]')" = 'round True' ]
}

@test "what may not be compared is refused with the reason" {
    cd "$BATS_FILE_TMPDIR"
    sed 's/"release":\s*"[^"]*"/"release":"2.4"/' slower-b.json >"$BATS_TEST_TMPDIR/kernel.json"
    run -1 "$THREADBENCH" compare slower-a.json "$BATS_TEST_TMPDIR/kernel.json"
    [[ $output = *"the kernel is not the same on both sides"*"--force"* ]]
    run -3 "$THREADBENCH" compare --force slower-a.json "$BATS_TEST_TMPDIR/kernel.json"
    sed 's/"version":"1"/"version":"2"/g' slower-b.json >"$BATS_TEST_TMPDIR/version.json"
    run -1 "$THREADBENCH" compare -f same slower-a.json "$BATS_TEST_TMPDIR/version.json"
    grep -F 'the benchmark itself has changed' <<<"$output"
    grep -F 'there is no case that could be compared' <<<"$output"
    run -125 "$THREADBENCH" compare --bisect -f same slower-a.json "$BATS_TEST_TMPDIR/version.json"
}

@test "any other circumstance is a refusal too, in whatever document" {
    cd "$BATS_FILE_TMPDIR"
    while read -r member what; do
        sed "s/\"$member\":\s*\"[^\"]*\"/\"$member\":\"another\"/" slower-b.json >"$BATS_TEST_TMPDIR/other.json"
        run -1 "$THREADBENCH" compare slower-a.json "$BATS_TEST_TMPDIR/other.json"
        [[ $output = *": $what is not the same"* ]]
        run -125 "$THREADBENCH" compare --bisect slower-a.json "$BATS_TEST_TMPDIR/other.json"
        run -3 "$THREADBENCH" compare --force slower-a.json "$BATS_TEST_TMPDIR/other.json"
    done <<'END'
host_name the host
cpu the processor
machine the architecture
library_version the benchmark library
END
    mkdir -p "$BATS_TEST_TMPDIR/mixed"
    cp slower-b.json "$BATS_TEST_TMPDIR/mixed/1.json"
    sed 's/"run_id":\s*"[^"]*"/"run_id":"2"/' "$BATS_TEST_TMPDIR/other.json" >"$BATS_TEST_TMPDIR/mixed/2.json"
    run -1 "$THREADBENCH" compare slower-a.json "$BATS_TEST_TMPDIR/mixed"
    run -1 "$THREADBENCH" compare "$BATS_TEST_TMPDIR/mixed" slower-a.json
    # Also where the first one does not tell.
    jq 'del(.context.threadbench.host.kernel)' slower-b.json >"$BATS_TEST_TMPDIR/mixed/0.json"
    jq '.context.threadbench.host.kernel.release = "2.4" | .context.threadbench.run_id = "3"' slower-b.json \
        >"$BATS_TEST_TMPDIR/mixed/1.json"
    rm "$BATS_TEST_TMPDIR/mixed/2.json"
    run -1 "$THREADBENCH" compare "$BATS_TEST_TMPDIR/mixed" slower-a.json
    [[ $output = *": the kernel is not the same"* ]]
    cd "$BATS_TEST_TMPDIR"
    gbench_document case here >here.json
    gbench_document case there >there.json
    run -1 "$THREADBENCH" compare here.json there.json
    [[ $output = *": the host is not the same"* ]]
}

@test "a slower tail is an alarm of its own" {
    run -3 "$THREADBENCH" ab --rounds 30 --samples 1000 -o out.json -f 'create/cpu:same/(posix|clone)$' \
        "FAKE=jitter $fake" "FAKE=tail $fake"
    grep -E '^create/cpu:same/posix .* tail slower ' <<<"$output"
    grep -F 'its p99 changed by +' <<<"$output"
    run -3 "$THREADBENCH" compare --format json out-a.json out-b.json
    valid_verdicts
    [ "$(verdicts '{(c["verdict"], c["tail"]["verdict"]) for c in d[0]["cases"]}')" = "{('same', 'slower')}" ]
    run -0 "$THREADBENCH" compare out-b.json out-a.json
    grep -F 'tail faster' <<<"$output"
}

@test "a tail that seems slower gets the rounds it needs, though the case is the same" {
    run -3 "$THREADBENCH" ab --alpha 0.003 --rounds 60 --samples 1000 -f 'create/cpu:same/(posix|clone)$' \
        "FAKE=jitter $fake" "FAKE=tail $fake"
    grep -E 'run +[2-5][0-9] rounds.*stopped: decided' <<<"$output"
    grep -E '^create/cpu:same/posix .* tail slower ' <<<"$output"
}

@test "what is skipped, failed or only on one side stays in sight" {
    run -1 "$THREADBENCH" run --rounds 6 --samples 5 -f 'absent|same/(posix|null)' -o out.json \
        "old: $fake" "failing: FAKE=error $fake" "skipping: $fake"
    run -4 "$THREADBENCH" compare out-old.json out-skipping.json # six pairs
    grep -E '^missing absent/posix: skipped on both sides: not on this machine' <<<"$output"
    run -4 "$THREADBENCH" compare --strict out-old.json out-skipping.json
    run -1 "$THREADBENCH" compare out-skipping.json out-failing.json
    grep -F 'failed on the new side: went wrong' <<<"$output"
    run -1 "$THREADBENCH" compare --format json out-skipping.json out-failing.json
    valid_verdicts
    "$THREADBENCH" run --rounds 6 --samples 5 -f same/posix -o less.json "$fake" >/dev/null
    run -4 "$THREADBENCH" compare --pair less.json out-old.json
    grep -F 'missing absent/posix: only on the new side' <<<"$output"
    grep -F 'inconclusive create/cpu:same/posix, create/cpu:same/null: 6 rounds can give no alarm' <<<"$output"
    head_is 'INCONCLUSIVE: 2 of 2 inconclusive, '*'; 1 missing; drift between '*
    run -4 "$THREADBENCH" compare --format markdown --pair less.json out-old.json
    grep -E '^\| absent/posix \| (- \| ){4}missing \| (- \| ){5}only on the new side \|$' <<<"$output"
    run -4 "$THREADBENCH" compare --format json less.json out-old.json
    valid_verdicts
}

@test "names are text, whatever they hold" {
    gbench_document $'a|b\e[31m_*<i>&amp;~`\n' host >$'\e[31mred.json'
    gbench_document $'a|b\e[31m_*<i>&amp;~`\n' host 4 >$'\e[31mgreen.json'
    for format in table markdown; do
        run -4 "$THREADBENCH" compare --format $format $'\e[31mred.json' $'\e[31mgreen.json'
        without -E '\|b.*[*<`]i>' <<<"${lines[0]}" || [ $format = table ]
        without $'\e' <<<"$output"
        grep -E '^(\| )?a.* 6\.00 ns ' <<<"$output" # on one line
    done
    [ "$(grep -cF '| a\|b?\[31m\_\*\<i\>\&amp;\~\`? |' <<<"$output")" = 1 ]
    run -4 "$THREADBENCH" compare --format json $'\e[31mred.json' $'\e[31mgreen.json'
    valid_verdicts
    run -1 "$THREADBENCH" compare $'\e[31mred.json' <(echo $'{"\e') # named on stderr
    plain_text
    run -2 "$THREADBENCH" compare $'\e[31mmissing' $'\e[31mred.json'
    plain_text
}

@test "names are whole, but where no column is left to go" {
    cd "$BATS_FILE_TMPDIR"
    long=$(printf 'long/%.0s' {1..20})case
    for side in a b; do
        sed "s|create/cpu:free/posix|$long|g" jitter-$side.json >"$BATS_TEST_TMPDIR/$side.json"
    done
    cd "$BATS_TEST_TMPDIR"
    run -0 "$THREADBENCH" compare a.json b.json
    grep -E "^$long .* same .*%" <<<"$output"
    for columns in 200 90; do
        run -0 script -qec "stty cols $columns && '$THREADBENCH' compare a.json b.json" /dev/null
        tr -d '\r' <<<"$output" >lines
        [ "$(wc -L <lines)" -le $columns ]
        grep -c "^$long " lines >whole || true
        grep -cE '^case .* verdict .* p99' lines >shifts || true
        [ "$(cat whole shifts)" = "$(((columns == 200)))
$(((columns == 200)))" ]
    done
    grep -F 'not shown at 90 columns: p10, p50, p90, statistic, MDE, old, 95 % CI' lines
}

@test "--set core and --set standard leave the other cases out" {
    cd "$BATS_TEST_TMPDIR"
    for side in a b; do
        jq '.threadbench_cases |= map(.core = (.name | contains("same")) | .standard = (.name | contains("free")))' \
            "$BATS_FILE_TMPDIR/jitter-$side.json" >$side.json
    done
    run -0 "$THREADBENCH" compare --set core --format json a.json b.json
    [ "$(verdicts '[c["name"] for c in d[0]["cases"]]')" = "['create/cpu:same/posix']" ]
    run -0 "$THREADBENCH" compare --set standard --format json a.json b.json
    [ "$(verdicts '[c["name"] for c in d[0]["cases"]]')" = "['create/cpu:free/posix']" ]
    for words in '' '--set full'; do
        # shellcheck disable=SC2086
        run -0 "$THREADBENCH" compare $words --format json a.json b.json
        [ "$(verdicts 'len(d[0]["cases"])')" = 2 ]
    done
    run -2 "$THREADBENCH" compare --set alternatives a.json b.json
    [ "$output" = "threadbench: --set 'alternatives': give core, standard or full" ]
}

@test "alpha is the smallest share that any document's last look had" {
    cd "$BATS_TEST_TMPDIR"
    mkdir new
    for looks in 1 5 3; do
        jq ".context.threadbench |= (.look_alpha_share = 1 / $looks | .run_id = \"$looks\")" "$BATS_FILE_TMPDIR/jitter-b.json" >new/$looks.json
    done
    run -0 "$THREADBENCH" compare --format json "$BATS_FILE_TMPDIR/jitter-a.json" new
    [ "$(verdicts 'd[0]["look_alpha_share"]')" = 0.2 ]
    run -0 "$THREADBENCH" compare --format json new/5.json new/1.json
    [ "$(verdicts 'd[0]["look_alpha_share"]')" = 0.2 ]
}

@test "what is damaged is named, and in a folder skipped" {
    cd "$BATS_FILE_TMPDIR"
    head -c 700 slower-b.json >"$BATS_TEST_TMPDIR/half.json"
    run -1 "$THREADBENCH" compare slower-a.json "$BATS_TEST_TMPDIR/half.json"
    [[ $output = *"half.json, line "*" column "* ]]
    run -125 "$THREADBENCH" compare --bisect slower-a.json "$BATS_TEST_TMPDIR/half.json"
    cp slower-b.json "$BATS_TEST_TMPDIR"
    run -3 "$THREADBENCH" compare slower-a.json "$BATS_TEST_TMPDIR"
    grep -F 'skipped: ' <<<"$output"
    # What the rest says counts, but is no good news.
    mkdir "$BATS_TEST_TMPDIR/same"
    cp jitter-b.json "$BATS_TEST_TMPDIR/half.json" "$BATS_TEST_TMPDIR/same"
    run -1 "$THREADBENCH" compare jitter-a.json "$BATS_TEST_TMPDIR/same"
    [[ $output = "threadbench: skipped: "*"half.json"* ]]
    grep -E '^create/cpu:same/posix .* same' <<<"$output"
    [ "${lines[-1]}" = "threadbench: compared without 1 file that could not be read: remove or restore what was skipped, and compare again" ]
    run -125 "$THREADBENCH" compare --bisect jitter-a.json "$BATS_TEST_TMPDIR/same"
    run -2 "$THREADBENCH" compare slower-a.json /nonexistent/folder
    run -2 "$THREADBENCH" compare slower-a.json
}

@test "what is wrong for each revision ends a bisection, what is wrong with one skips it" {
    cd "$BATS_FILE_TMPDIR"
    while read -ra words; do
        run -128 "$THREADBENCH" "${words[@]}"
        without '^Usage' <<<"$output"
    done <<'END'
compare --bisect slower-a.json
compare slower-a.json slower-b.json --bisect --bogus
compare --margin 2% --bisect slower-a.json slower-b.json
compare --bisect -f ( slower-a.json slower-b.json
compare --bisect -f nothing slower-a.json slower-b.json
compare --format csv --bisect slower-a.json slower-b.json
compare --bisect /dev/null slower-b.json
ab --bisect a
ab --rounds 0 --bisect a b
ab --margin --bisect a b
ab --bisect /dev/null /dev/null
compare --bisect /dev/null /dev/null
END
    run -128 sh -c '"$THREADBENCH" compare --bisect jitter-a.json jitter-b.json >/dev/full'
    run -128 "$THREADBENCH" ab --bisect --samples 5 --rounds 5 -f create/cpu:same/posix "FAKE=garbage $fake" "$fake"
    run -125 "$THREADBENCH" ab --bisect --samples 5 -f '^quick' "$PLAIN" "$fake" # it has no such case
    run -125 "$THREADBENCH" ab --bisect --samples 5 --rounds 5 -f create/cpu:same/posix "$fake" "FAKE=garbage $fake"
    run -128 "$THREADBENCH" ab --bisect "x: 'y" "$fake"
    run -128 "$THREADBENCH" ab --bisect --samples 20 -f '^(create/cpu:same/posix|absent)' "FAKE=error $fake" "$fake"
    [[ $output = *"--bisect: 1 of 2 cases failed on the old side: git stops (128)" ]]
    run -125 "$THREADBENCH" compare --bisect slower-a.json /dev/null
    run -125 "$THREADBENCH" ab --bisect -f null "$fake" /dev/null
    run -1 "$THREADBENCH" ab -f null /dev/null "$fake"
}

@test "a filter or sides that have nothing in common are no good news" {
    cd "$BATS_FILE_TMPDIR"
    run -2 "$THREADBENCH" compare -f nothing slower-a.json slower-b.json
    [[ $output = *"no case matches --filter and --set: without them all are compared" ]]
    run -2 "$THREADBENCH" compare -f '^creat/cpu:same' slower-a.json slower-b.json
    [[ $output = *"no case matches --filter and --set: did you mean -f '^create/cpu:same'?" ]]
    cd "$BATS_TEST_TMPDIR"
    gbench_document one host >one.json
    gbench_document two host >two.json
    run -1 "$THREADBENCH" compare one.json two.json
    grep -F 'missing two: only on the new side' <<<"$output"
    [[ $output = *"there is no case that could be compared" ]]
    run -2 "$THREADBENCH" compare --set core one.json two.json
    [[ $output = *"no case matches --filter and --set: without them all are compared" ]]
    echo '{' | tee half.json >part.json
    run -1 "$THREADBENCH" compare half.json part.json # the new side is the one that changes
    [[ $output = "threadbench: part.json, line "* ]]
    run -1 "$THREADBENCH" compare half.json one.json
    [[ $output = "threadbench: half.json, line "* ]]
    jq '.benchmarks[].run_type = "aggregate"' one.json >aggregates.json
    run -1 "$THREADBENCH" compare one.json aggregates.json
    grep -F 'one: skipped on the new side: only aggregates in the file' <<<"$output"
    jq '.benchmarks[].real_time = 0' one.json >zero.json
    run -1 "$THREADBENCH" compare one.json zero.json
    grep -F 'a value is not above 0' <<<"$output"
}

@test "a run that is there twice counts once, and what has no partner is counted" {
    cd "$BATS_TEST_TMPDIR"
    mkdir old new
    cp "$BATS_FILE_TMPDIR"/jitter-a.json old/all.json
    jq '.benchmarks |= map(select(.run_type == "aggregate" or .round < 9)) | .context.threadbench.rounds_finished = 9' \
        old/all.json >old/a-part.json
    cp "$BATS_FILE_TMPDIR"/jitter-b.json new
    run -0 "$THREADBENCH" compare old new
    grep -F "skipped: 'old/a-part.json' is of the same run as 'old/all.json'" <<<"$output"
    run --separate-stderr -0 "$THREADBENCH" compare --format json old new
    [ "$(verdicts '{c["pairs"] for c in d[0]["cases"]}')" = "{15}" ]
    cp "$BATS_FILE_TMPDIR"/slower-b.json new
    run -0 "$THREADBENCH" compare old/all.json new
    grep -F '1 document left out: nothing on the other side' <<<"$output"
    run -2 "$THREADBENCH" compare --pair old/all.json new
    [[ $output = *"--pair: 1 and 2 documents"* ]]
    gbench_document one host >one.json
    mkdir same && gbench_document one host 4 | tee same/1.json >same/2.json
    run -4 "$THREADBENCH" compare one.json same
    grep -F "'same/2.json' is of the same run as 'same/1.json'" <<<"$output"
}

@test "what cannot be in a document is named" {
    cd "$BATS_TEST_TMPDIR"
    while read -r change message; do
        jq "$change" "$BATS_FILE_TMPDIR/jitter-b.json" >bad.json
        run -1 "$THREADBENCH" compare "$BATS_FILE_TMPDIR/jitter-a.json" bad.json
        [[ $output = *"bad.json: $message"* ]]
    done <<'END'
.context.threadbench.version=99 a document of version 99
.context.threadbench.rounds=-1 damaged: its 'rounds' cannot be -1
.context.threadbench.repetitions=1e10 damaged: its 'repetitions' cannot be 10000000000
.context.threadbench.version="1" a document of version "1"
.context.threadbench.schema="other" damaged: its 'schema' is not threadbench-result
.context.threadbench.interval_alpha=2 damaged: its 'interval_alpha' cannot be 2
.context.threadbench.interval_alpha=0 damaged: its 'interval_alpha' cannot be 0
.benchmarks[1].round=0 damaged: entry 2 is no measurement of a later round
.benchmarks[1].round=1e300 damaged: entry 2 is no measurement of a later round
.benchmarks[1].round=-1 damaged: entry 2 is no measurement of a later round
del(.benchmarks[1].round) damaged: entry 2 is no measurement of a later round
del(.threadbench_cases[0].case) case 1 has no name
END
}

@test "a comparison can be interrupted" {
    cd "$BATS_TEST_TMPDIR"
    mkfifo never
    sh -c "exec '$THREADBENCH' compare never '$BATS_FILE_TMPDIR/jitter-a.json'" 3>&- &
    exec 9<>never # it is read, and there is no end of it
    timeout 60 sh -c "until readlink /proc/$!/fd/* | grep never; do :; done"
    kill -s TERM $!
    code=0; wait $! || code=$?
    exec 9<&-
    [ $code = 143 ]
}

@test "files that Google Benchmark wrote itself" {
    for side in old new; do
        "$PLAIN" --benchmark_filter='^(quick|sized)' --benchmark_repetitions=3 --benchmark_min_time=0.001 \
            --benchmark_out=$side.json >/dev/null 2>&1
    done
    run -4 "$THREADBENCH" compare old.json new.json
    grep -E '^sized/64 +[0-9.]+ [nµm]?s mean' <<<"$output"
    head_is *'; 3 repetitions a side can give no alarm at alpha 0.1 %: 8 are needed, 5 more, or a larger --alpha; drift '*
    run -4 "$THREADBENCH" compare --pair old.json new.json
    grep -E '^inconclusive .*: 3 rounds can give no alarm$' <<<"$output"
    # What fits a law to several cases is none of them.
    jq '.benchmarks += [{name: "sized_BigO", run_name: "sized", run_type: "aggregate", aggregate_name: "BigO",
        cpu_coefficient: 1, real_coefficient: 1, big_o: "N", time_unit: "ns"}, {name: "sized_RMS", run_name: "sized",
        run_type: "aggregate", aggregate_name: "RMS", rms: 0.1}]' new.json >law.json
    run -4 "$THREADBENCH" compare old.json law.json
    without -E 'sized +|aggregates' <<<"$output"
}

@test "their repetitions are compared: what is slower is an alarm, what is not has a verdict" {
    gbench_document case host 10 1000 >old.json
    gbench_document case host 10 1100 >slower.json
    gbench_document case host 10 1001 >same.json
    gbench_document case host 10 900 >faster.json
    run -3 "$THREADBENCH" compare old.json slower.json
    head_is "REGRESSION in 1 of 1: case +10.0 %; drift between the two runs is not accounted for ('threadbench ab', or 6 more runs a side, would)"
    grep -F '* drift between the two runs is not accounted for' <<<"$output"
    run -0 "$THREADBENCH" compare --strict old.json same.json
    head_is 'NO REGRESSION: each of 1 within 2 %; drift between '*
    run -0 "$THREADBENCH" compare old.json faster.json
    head_is 'NO REGRESSION: 1 of 1 faster: case -'*'; drift between '*
    run -3 "$THREADBENCH" compare --format json old.json slower.json
    valid_verdicts
    [ "$(verdicts 'd[0]["unit"], d[0]["drift_accounted_for"], d[0]["conclusion"]["worst"]')" = 'repetition False case' ]
    # One row each, as without --benchmark_repetitions: an answer is never made of them, and no silence either.
    gbench_document case host 1 1000 >old.json
    gbench_document case host 1 9000 >new.json
    run -4 "$THREADBENCH" compare old.json new.json
    head_is 'INCONCLUSIVE: 1 of 1 inconclusive, at worst case +800.0 %; 1 repetition a side can give no alarm at alpha 0.1 %: 7 are needed'*
    run -125 "$THREADBENCH" compare --bisect old.json new.json
    # Several files a side are sessions, of which eight do account for drift.
    mkdir olds news
    for i in {1..7}; do
        gbench_document case host 3 $((1000 + i)) >olds/$i.json
        gbench_document case host 3 $((1200 + i)) >news/$i.json
    done
    run -3 "$THREADBENCH" compare olds news
    head_is 'REGRESSION in 1 of 1: case +19.9 %'
}

@test "a run is not compared with itself" {
    cp "$BATS_FILE_TMPDIR"/slower-[ab].json .
    mkdir both
    cp slower-?.json both
    run -2 "$THREADBENCH" compare slower-a.json slower-a.json
    [[ $output = *"a run is not compared with itself"* ]]
    run -2 "$THREADBENCH" compare both slower-b.json
    run -3 "$THREADBENCH" compare slower-a.json both
    grep -F '1 document left out' <<<"$output"
    run -2 "$THREADBENCH" compare --pair slower-a.json slower-a.json
    gbench_document case host >foreign.json
    cp foreign.json copy.json
    run -2 "$THREADBENCH" compare foreign.json copy.json
    [[ $output = *"every run of 'copy.json' is one of 'foreign.json', too: a run is not compared with itself" ]]
}

repository() {
    git init -q "$1"
    git -C "$1" -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m one
    git -C "$1" -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m two
}

@test "revisions are found in the archive, and the nearest ancestor" {
    repository work
    run -2 "$THREADBENCH" compare --repo work --archive kept HEAD~1 HEAD
    [[ $output = *"no archive 'kept' yet: "* ]]
    mkdir kept
    run -1 "$THREADBENCH" compare --repo work --archive kept HEAD~1 HEAD
    [[ $output = *"has no document of "* ]]
    for revision in HEAD~1 HEAD; do
        git -C work checkout -q --detach "$(git -C work rev-parse $revision)"
        "$THREADBENCH" run --rounds 2 --samples 1 -f same/posix --repo work --archive kept "$fake" >/dev/null
        git -C work checkout -q -
    done
    run -4 "$THREADBENCH" compare --repo work --archive kept HEAD~1 HEAD
    grep -F 'the sides are not of one session' <<<"$output"
    run -4 "$THREADBENCH" compare --repo work --archive kept --ancestor HEAD
    run -2 "$THREADBENCH" compare --repo work --archive kept no-such-thing HEAD
}

@test "what is no side says which it is: no archive, no document, or a file where a revision is to be" {
    repository work
    cd work
    run -2 "$THREADBENCH" compare HEAD~1 HEAD
    [ "$output" = "threadbench: no 'bench-results' in this folder or above it: give --archive DIR" ]
    mkdir bench-results empty
    run -1 "$THREADBENCH" compare --ancestor HEAD~1
    [[ $output = *"/bench-results' has no document of $(git rev-parse --short=12 HEAD~1) on host "* ]]
    gbench_document one host >one.json
    run -1 "$THREADBENCH" compare one.json empty
    [ "$output" = "threadbench: no document in 'empty'" ]
    run -2 "$THREADBENCH" compare --ancestor one.json
    [[ $output = *"--ancestor 'one.json': that is a file or a folder: give a revision" ]]
    run -2 "$THREADBENCH" compare --ancestor HEAD~1 HEAD
    [[ $output = *"compare: 2 operands: give NEW alone with --ancestor" ]]
    run -2 "$THREADBENCH" compare
    [[ $output = *"compare: 0 operands: give OLD and NEW, or NEW alone with --ancestor" ]]
    run -2 "$THREADBENCH" compare --repo nowhere noe.json one.json
    [[ $output = *"'noe.json': no such file or folder, and "*": did you mean 'one.json'?" ]]
    run -2 "$THREADBENCH" compare --repo nowhere something one.json
    [[ $output = *"'something': no such file or folder, and git cannot read 'nowhere': "* ]]
    mkdir folder && cp one.json folder/1.json && echo text >folder/README
    long=$(printf './%.0s' {1..2043})folder # what is in there has too long a path
    run -1 "$THREADBENCH" compare one.json "$long"
    [ "$(grep -c "^threadbench: skipped: './././" <<<"$output")" = 2 ]
    [[ ${lines[2]} = "threadbench: no document in './././"* ]]
}

@test "of a revision that was measured on another host, or with changes, that is said" {
    repository work
    commit=$(git -C work rev-parse HEAD)
    touch work/more && git -C work add more
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/posix --repo work --archive kept "$fake" >/dev/null
    git -C work reset -q --hard
    echo >kept/README
    run -1 "$THREADBENCH" compare --repo work --archive kept HEAD~1 HEAD
    [[ $output = *"'kept' has no document of ${commit:0:12} on host '$(hostname)': measure it "* ]]
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/posix --repo work --archive kept "$fake" >/dev/null
    run -1 "$THREADBENCH" compare --repo work --archive kept --ancestor HEAD
    [[ $output = *"'kept' has no document of any ancestor of ${commit:0:12} on host "* ]]
    run -1 "$THREADBENCH" compare --host elsewhere --repo work --archive kept HEAD~1 HEAD
    [[ $output = *"on host 'elsewhere', but on '$(hostname)': give --host $(hostname), or "* ]]
    run -1 "$THREADBENCH" compare --host elsewhere --repo work --archive kept --ancestor HEAD
    [[ $output = *"'kept' has no document of ${commit:0:12} on host 'elsewhere', but on "* ]]
}

@test "ab ends when every verdict is there" {
    run -0 "$THREADBENCH" ab --samples 20 -f 'create/cpu:same/posix' -o out.json "$fake" "$fake"
    grep -F 'stopped: decided' <<<"$output"
    plain_text
    valid out-a.json out-b.json
    run -3 --separate-stderr "$THREADBENCH" ab --samples 20 -f 'create/cpu:same/posix' "$fake" "slow: FAKE=slower $fake" "$fake"
    grep -E '^new +slow' <<<"$output"
    grep -E '^new +c' <<<"$output"
    head_is 'REGRESSION in 1 of 2: slow: create/cpu:same/posix +'*
    run -4 --separate-stderr "$THREADBENCH" ab --margin 0 --samples 20 --rounds 3 -f 'create/cpu:same/posix' "$fake" "$fake"
    head_is 'INCONCLUSIVE: 1 of 1 inconclusive, at worst '*
    sed 's/\\"version\\":\\"1\\"/\\"version\\":\\"2\\"/' "$fake" >changed && chmod +x changed
    run -1 "$THREADBENCH" ab --samples 20 --rounds 3 -f 'create/cpu:same/posix' "$fake" ./changed
    grep -F 'the benchmark itself has changed (--force compares it nevertheless)' <<<"$output"
    run -0 "$THREADBENCH" ab --force --samples 20 -f 'create/cpu:same/posix' "$fake" ./changed
    run -2 "$THREADBENCH" ab "$fake"
    run -1 "$THREADBENCH" ab --samples 20 -f 'create/cpu:same/posix' "$fake" "FAKE=empty-file $fake"
    grep -F 'failed on the new side' <<<"$output"
}

@test "an interrupted ab shows and keeps what there is" {
    "$THREADBENCH" ab --samples 1 -f 'create/cpu:same/posix' -o out.json "FAKE=slow $fake" "$fake" >told 3>&- &
    timeout 60 sh -c 'until [ -e held ]; do :; done'
    kill -s TERM $!
    code=0; wait $! || code=$?
    [ $code = 143 ]
    grep -F 'stopped: interrupted' told
    head -n 1 told | grep -E '^INCONCLUSIVE: 1 of 1 inconclusive, at worst .*; 4 rounds can give no alarm at alpha 0.1 %: 12 are needed, 8 more \(about [0-9]+ s\), or a larger --alpha$'
    valid out-a.json out-b.json
    run -4 "$THREADBENCH" compare out-a.json out-b.json
}

# What git and the cache have when nothing is left over: one work tree, and nothing of a build's.
clean_tree() {
    [ "$(git -C work worktree list | wc -l)" = 1 ]
    [ -z "$(find "$XDG_CACHE_HOME" -name tree)" ]
}

# Sets `build`, the options of ab that build the program of a revision of work.
program_repository() {
    repository work
    cp "$fake" work/program
    git -C work add program
    git -C work -c user.name=x -c user.email=x@localhost commit -q -m three
    export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    build=(--repo work --build 'cp program {out}/bin/it' --product bin/it --samples 5 --rounds 2 --alpha 50 -f 'create/cpu:same/null')
}

@test "a revision is built once, in a tree that is removed" {
    program_repository
    build+=(--build 'seq 100000')
    run -0 "$THREADBENCH" ab "${build[@]}" @rev:HEAD "$fake"
    grep -F 'building @rev:HEAD' <<<"$output"
    clean_tree
    run -0 "$THREADBENCH" ab "${build[@]}" @rev:HEAD "$fake"
    without -F 'building' <<<"$output"
    [[ $(<"$(find cache -name done)") =~ ^[0-9.]+$ ]] # the seconds that it took
    echo 35.2 >"$(find cache -name done)"
    run -1 "$THREADBENCH" ab "${build[@]}" @rev:HEAD~1 "$fake"
    grep -F 'building @rev:HEAD~1, about 35 s by the last such build' <<<"$output"
    [[ $output = *"@rev:HEAD~1: 'cp program {out}/bin/it': exit status 1: cp: "*" (see $XDG_CACHE_HOME/threadbench/"*"/log)" ]]
    clean_tree
    run -128 "$THREADBENCH" ab --bisect "${build[@]}" @rev:HEAD~1 "$fake"
    run -125 "$THREADBENCH" ab --bisect "${build[@]}" "$fake" @rev:HEAD~1
    run -2 "$THREADBENCH" ab "${build[@]}" @rev:none "$fake"
    run -2 "$THREADBENCH" ab "${build[@]}" @rev:^HEAD "$fake"
    run -2 "$THREADBENCH" ab "${build[@]}" --build "sh -c 'exit 0" @rev:HEAD "$fake"
    [ "$output" = "threadbench: --build 'sh -c 'exit 0': a quote is not closed" ]
    HOME=here XDG_CACHE_HOME= run -2 "$THREADBENCH" ab "${build[@]}" @rev:HEAD "$fake"
    [[ $output = *"nowhere to keep what is built: set HOME"* ]]
    : >"$(find cache -name it)"
    run -1 "$THREADBENCH" ab "${build[@]}" @rev:HEAD "$fake"
    [[ $output = *"(to have it built anew, remove the folder it is in)" ]]
    run -1 "$THREADBENCH" ab "${build[@]}" --product bin/other @rev:HEAD "$fake"
    [[ $output = *"was built, but has no "*"/bin/other': name what it makes with --product" ]]
}

@test "list, doctor and run build a revision as ab does, and after a label without a blank it is refused" {
    program_repository
    build=(--repo work --build 'cp program {out}/bin/it' --product bin/it)
    run -0 "$THREADBENCH" list -v "${build[@]}" @rev:HEAD
    grep -F 'building @rev:HEAD' <<<"$output"
    grep -F '    create/cpu:same/posix [core]' <<<"$output"
    run -1 "$THREADBENCH" list "${build[@]}" @rev:HEAD~1
    [[ ${lines[-1]} = *"@rev:HEAD~1: 'cp program {out}/bin/it': exit status 1: cp: "*"/log)" ]]
    run -2 "$THREADBENCH" doctor "${build[@]}" @rev:none
    "$THREADBENCH" doctor --json "${build[@]}" 'env X=1 @rev:HEAD' >"$json" 2>errors
    [ ! -s errors ]
    [[ "$(ask 'd["threadbench"]["subject"]["argv"]')" = "['env', 'X=1', '"*"bin/it']" ]]
    run -0 "$THREADBENCH" run "${build[@]}" --samples 1 --rounds 1 -f same/null @rev:HEAD
    for words in "list old:@rev:HEAD" "doctor old:@rev:HEAD" "run old:@rev:HEAD" "ab $fake old:@rev:HEAD"; do
        # shellcheck disable=SC2086 # words
        run -2 "$THREADBENCH" ${words% *} "${build[@]}" ${words##* }
        [ "$output" = "threadbench: 'old:@rev:HEAD': @rev:REVISION stands for a program: give it as a word by itself, with a blank before it" ]
    done
}

@test "the log of a build has all that it printed, in order" {
    program_repository
    build+=(--build "sh -c 'echo one; echo two >&2; echo {out} in {out}; echo four >&2; exit 3'")
    run -1 "$THREADBENCH" ab "${build[@]}" @rev:HEAD "$fake"
    [[ $output = *"exit status 3: four (see "*"/log)" ]]
    out=$(dirname "$(find cache -name lock)")/out
    printf 'one\ntwo\n%s in %s\nfour\n' "$PWD/$out" "$PWD/$out" | cmp - "$(find cache -name log)"
    build+=(--build "sh -c 'echo a.c:1: error: first; echo b.c:2: error: second >&2; echo stopped; exit 4'")
    unset 'build[-4]' 'build[-3]' # the first of the two
    run -1 "$THREADBENCH" ab "${build[@]}" @rev:HEAD "$fake"
    [[ $output = *": exit status 4: a.c:1: error: first (see "*"/log)" ]]
}

@test "what git had begun when its user was killed is made anew" {
    program_repository
    # Git, which the end of its own parent alone does not end, waits for the filter.
    git -C work config filter.slow.smudge "echo \$PPID >'$PWD/begun'; while [ -e '$PWD/held' ]; do sleep 0.1; done"
    echo '* filter=slow' >work/.git/info/attributes
    touch held
    "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD 3>&- &
    timeout 60 sh -c 'until [ -s begun ]; do sleep 0.1; done'
    kill -s KILL $!
    wait $! || true
    rm held work/.git/info/attributes
    timeout 60 bash -c 'until gone "$(cat begun)"; do sleep 0.1; done'
    run -0 "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD
    clean_tree
    swept
}

@test "a build that failed or was broken off begins anew" {
    program_repository
    build+=(--build 'sh ../../../../steps')
    echo 'exit 3' >steps # after the product is there
    run -1 "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD
    run -1 "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD
    [[ $output = *"exit status 3"* ]]
    clean_tree
    for signal in INT KILL; do
        echo 'echo $$ >../../../../pid; exec tail -f /dev/null' >steps
        rm -f pid
        "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD 3>&- &
        timeout 60 sh -c 'until [ -s pid ]; do :; done'
        kill -s $signal $!
        code=0; wait $! || code=$?
        [ $signal$code = INT130 ] || [ $signal$code = KILL137 ]
        timeout 60 bash -c 'until gone "$(cat pid)"; do sleep 0.1; done'
        [ $signal = KILL ] || clean_tree
    done
    echo : >steps
    run -0 "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD
    grep -F 'building @rev:HEAD' <<<"$output"
    clean_tree
    swept
}

@test "two that want the same revision wait for each other" {
    program_repository
    build+=(--build 'sh ../../../../steps')
    echo 'echo >>../../../../runs; until [ -e ../../../../go ]; do sleep 0.1; done' >steps
    "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD >one 2>&1 3>&- &
    one=$!
    timeout 60 sh -c 'until [ -e runs ]; do :; done'
    "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD >two 2>&1 3>&- &
    two=$!
    timeout 60 sh -c 'until grep -q waiting two; do :; done'
    "$THREADBENCH" ab "${build[@]}" "$fake" @rev:HEAD >three 2>&1 3>&- &
    timeout 60 sh -c 'until grep -q waiting three; do :; done'
    kill -s INT $!
    code=0; wait $! || code=$?
    [ $code = 130 ]
    touch go
    wait $one
    wait $two
    [ "$(wc -l <runs)" = 1 ]
    clean_tree
}
