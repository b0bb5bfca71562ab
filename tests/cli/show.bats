# Documents shown again, and how a page looks on a terminal; as in run.bats.

load setup

# What the words print, run on a terminal of so many columns: without the carriage returns.
on_terminal() {
    local columns=$1
    shift
    script -qec "stty cols $columns && $*" /dev/null | tr -d '\r'
}

# No line of a file is wider.
narrow() {
    /usr/bin/python3 -c 'import re,sys
for line in open(sys.argv[1], encoding="utf-8"):
    line = re.sub("\033\\[[0-9;]*m", "", line.rstrip("\n"))
    assert len(line) <= int(sys.argv[2]), line' "$1" "$2"
}

@test "what run printed is printed again, byte for byte" {
    for format in table csv markdown json; do
        "$THREADBENCH" run --rounds 7 --time 0.001 --format $format -o "$json" "$fake" >printed
        run -0 "$THREADBENCH" show --format $format "$json"
        diff printed - <<<"$output"
    done
    grep -F '| create/cpu:same/posix | ' <("$THREADBENCH" show --format markdown "$json")
}

@test "the subjects of a session are together, however their documents are named" {
    mkdir in
    "$THREADBENCH" run --rounds 2 --time 0.001 -f 'create|quick' -o in/x.json "$fake" "new: $fake" "third: $PLAIN" >printed
    for documents in "in/x-a.json in/x-new.json in/x-third.json" "in/x-third.json in/x-new.json in" in; do
        run -0 --separate-stderr "$THREADBENCH" show $documents
        diff printed - <<<"$output"
    done
    run -0 --separate-stderr "$THREADBENCH" show in/x-a.json
    [[ $stderr = *"'in/x-a.json': 2 of the 3 subjects of its session are not here: give their documents, too, to see them" ]]
}

@test "ab's conclusion is printed again, and is no error then" {
    run -3 "$THREADBENCH" ab --margin 1 --alpha 1 --samples 20 -f 'create/cpu:(same|free)/posix' -o ab.json \
        "$fake" "slow: FAKE=slower $fake" "$fake"
    for format in table markdown json; do
        run -0 "$THREADBENCH" show --format $format ab-c.json ab-slow.json ab-a.json
        echo "$output" >$format
    done
    head -n 1 table | grep -E '^REGRESSION in [12] of 4: slow: create/cpu:'
    grep -E '^[12] slower.* \(margin 1 %, chance of any false alarm at most 1 %\)$' table
    grep -F 'stopped: decided' table
    head -n 1 markdown | grep -F '**REGRESSION in '
    [ "$(jq -c 'map([.old, .new, .margin, .alpha])' json)" = '[["a","slow",0.01,0.01],["a","c",0.01,0.01]]' ]
    rm slower
    run -3 --separate-stderr "$THREADBENCH" ab --samples 20 -f 'create/cpu:same/posix' -o ab.json "$fake" "FAKE=slower $fake"
    diff <(echo "$output") <("$THREADBENCH" show ab-a.json ab-b.json)
}

@test "a part of ab's session is not compared, and that is said" {
    run -0 "$THREADBENCH" ab --samples 20 -f 'create/cpu:same/posix' -o ab.json "$fake" "$fake"
    run -0 --separate-stderr "$THREADBENCH" show ab-b.json
    [[ $stderr = *"'ab-b.json': 1 of the 2 subjects of its session are not here"*'to see them compared' ]]
    grep -E '^subject +b: ' <<<"$output"
}

@test "several sessions come one after the other" {
    "$THREADBENCH" run $fast -f null -o one.json "$fake" >first
    "$THREADBENCH" run $fast -f free -o two.json "$fake" >second
    run -0 "$THREADBENCH" show one.json two.json
    grep -E '^session 1 of 2, 20[0-9-]+ [0-9:]+ UTC: one.json$' <<<"$output"
    grep -E '^session 2 of 2, .*: two.json$' <<<"$output"
    diff <(cat first second) <(sed -E '/^session /,+1d' <<<"$output" | sed '/^$/{N;/\nhost /s/^\n//}')
    run -0 "$THREADBENCH" show --format csv one.json two.json
    [ "$(grep -c '^subject,case' <<<"$output")" = 1 ]
    grep -E '^,create/cpu:same/null,' <<<"$output"
    grep -E '^,create/cpu:free/posix,' <<<"$output"
    run -2 "$THREADBENCH" show --format json one.json two.json
    [[ $output = *'--format json shows one session, and these are of 2' ]]
    run -0 "$THREADBENCH" show --format markdown one.json two.json
    grep -E '^## session 1 of 2' <<<"$output"
}

@test "what Google Benchmark wrote is shown, too" {
    "$PLAIN" --benchmark_filter=quick --benchmark_repetitions=7 --benchmark_min_time=0.001 --benchmark_out=plain.json >/dev/null 2>&1
    run -0 "$THREADBENCH" show plain.json
    grep -E '^host     .' <<<"$output" # with its CPUs, if the library could count them
    grep -E ' run 20.*, by Google Benchmark.*, 1 case; each repetition counts as a process' <(tr -s ' \n' ' ' <<<"$output")
    grep -E '^quick +[0-9.]+ .s mean' <<<"$output"
    run -0 "$THREADBENCH" show --format json plain.json
    jq -e '.benchmarks | length > 0' <<<"$output"
}

@test "what cannot be shown is an error" {
    run -2 "$THREADBENCH" show
    run -2 "$THREADBENCH" show missing.json
    [[ $output = *"'missing.json': no such file"* ]]
    echo '{' >bad.json
    run -1 "$THREADBENCH" show bad.json
    mkdir some && mv bad.json some
    "$THREADBENCH" run $fast -f null -o some/good.json "$fake"
    run -1 --separate-stderr "$THREADBENCH" show some
    grep -E '^create/cpu:same/null ' <<<"$output"
    [[ $stderr = *'shown without 1 file that could not be read: remove or restore what was skipped' ]]
    run -2 "$THREADBENCH" show --format nosuch bad.json
    [[ $output = *"--format 'nosuch': give table, json, csv, markdown, rows-csv, "* ]]
}

@test "JSON is of one document or one comparison, and of a file" {
    "$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o out.json "$fake" "$fake" >/dev/null
    "$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o other.json "$fake" >/dev/null
    run -0 "$THREADBENCH" show out-a.json out-b.json other.json
    grep -E '^session 1 of 2, .* UTC: out-a.json, out-b.json$' <<<"$output"
    grep -E '^session 2 of 2, .* UTC: other.json$' <<<"$output"
    run -2 "$THREADBENCH" show --format json out-a.json other.json
    [[ $output = *"--format json shows one session, and these are of 2" ]]
    run -2 "$THREADBENCH" show --format json out-a.json out-b.json
    [[ $output = *"--format json shows one document, and these are 2 of a session that compares nothing" ]]
    run -2 bash -c '"$THREADBENCH" show --format json <(cat other.json)'
    [[ $output = *"--format json: '/dev/fd/"*"' is no file, of which it shows the text" ]]
    for words in '-o x' '-f same'; do
        # shellcheck disable=SC2086 # words
        run -2 "$THREADBENCH" show $words other.json
        [[ $output = *"--output and --filter are of exports: give --format "* ]]
    done
    jq 'del(.context.threadbench, .context.date)' other.json >undated.json
    run -0 "$THREADBENCH" show undated.json other.json
    grep -x 'session 1 of 2: undated.json' <<<"$output"
}

@test "a hostile document is harmless on a page" {
    jq -n '{context: {date: "\u001b[31m", host_name: "h\u001b]0;x\u0007"}, benchmarks: [range(6) |
        {name: "a|b\u001b[31m*<i>", run_name: "a|b\u001b[31m*<i>", run_type: "iteration", real_time: 5, time_unit: "ns", iterations: 1, cpu_time: 1}]}' >bad.json
    for format in table csv markdown json; do
        run -0 "$THREADBENCH" show --format $format bad.json
        plain_text
    done
    run -0 "$THREADBENCH" show --format markdown bad.json
    grep -F '| a\|b?\[31m\*\<i\> |' <<<"$output"
}

# Of Markdown outside of blocks of code: nothing would be obeyed, and each row has its table's cells.
tame() {
    /usr/bin/python3 - "$1" <<'END'
import re, sys
cells, rows = 0, 0
for line in open(sys.argv[1], encoding="utf-8"):
    text = re.sub(r"\\[\\|`*_~&<>\[\]]", "", line.rstrip("\n"))
    if line.startswith("    "):
        continue
    assert not re.search("[<>`\\[]", text), line
    found = text.count("|")
    assert found == cells or not cells or not found, line
    cells, rows = found, rows + (found > 0)
assert rows > 3
END
}

@test "a document in which every text would be obeyed is not" {
    /usr/bin/python3 "$DOCUMENTS" .
    sed "s/obeyed/ob|ey\`ed/g; s/\"p10\"/\"p<10|>\"/g" hostile.json >bad.json
    run -0 "$THREADBENCH" show bad.json
    plain_text
    grep -F 'p<10|>' <<<"$output"
    "$THREADBENCH" show --format markdown bad.json >bad.md
    tame bad.md
    grep -F '| p\<10\|\> |' bad.md
    grep -F '| What one thread costs (\<script\>' bad.md
    sed 's/5e55104e00000000/5e55104e00000001/; s/"run_id": "0*6"/"run_id": "0000000000000007"/' bad.json >other.json
    run -1 --separate-stderr "$THREADBENCH" compare --format markdown bad.json other.json # a case failed
    echo "$output" >bad.md
    tame bad.md
    grep -F '| p\<10\|\> |' bad.md
}

@test "the heading of the intervals says their confidence" {
    /usr/bin/python3 "$DOCUMENTS" .
    "$THREADBENCH" show plain.json | grep -E '^case .* ± 95 % CI '
    sed 's/"interval_alpha": 0.05/"interval_alpha": 0.0025/' plain.json >closer.json
    "$THREADBENCH" show closer.json | grep -E '^case .* ± 99.75 % CI '
    "$THREADBENCH" show --format github-action-benchmark closer.json | jq -e 'all(.extra | contains("\n99.75 % CI "))'
}

@test "one case that does nothing is one" {
    "$THREADBENCH" run $fast -f 'create/cpu:same/posix' -o run.json "$fake" >/dev/null
    "$THREADBENCH" show run.json | tr -s ' \n' ' ' | grep -F '(median of 1 case that does nothing); it is not subtracted'
}

@test "colours are where they are wanted" {
    unset NO_COLOR
    run -3 "$THREADBENCH" ab --samples 20 -f 'create/cpu:same/posix' -o ab.json "$fake" "FAKE=slower $fake"
    "$THREADBENCH" run $fast -f null -o run.json "$fake"
    for documents in run.json "ab-a.json ab-b.json"; do
        "$THREADBENCH" show $documents >plain
        without $'\e' plain
        "$THREADBENCH" show --color=always $documents >colored
        grep -F $'\e[1m' colored
        diff plain <(sed 's/\x1b\[[0-9;]*m//g' colored)
        diff colored <(CLICOLOR_FORCE=1 "$THREADBENCH" show $documents)
        diff plain <(CLICOLOR_FORCE=1 NO_COLOR=1 "$THREADBENCH" show $documents)
        diff plain <(CLICOLOR_FORCE=1 "$THREADBENCH" show --color never $documents)
        without $'\e' <("$THREADBENCH" show --color=always --format markdown $documents)
        without $'\e' <("$THREADBENCH" show --color=always --format json $documents)
    done
    TERM=xterm on_terminal 100 "'$THREADBENCH' show ab-a.json ab-b.json" | grep -F $'\e[1;31mREGRESSION\e[0m in 1 of 1'
    TERM=dumb on_terminal 100 "'$THREADBENCH' show run.json" | without $'\e' -
    run -2 "$THREADBENCH" show --color=often run.json
    [[ $output = *"--color 'often': give auto, always or never" ]]
}

@test "a narrow page drops columns, and breaks no name" {
    run -0 "$THREADBENCH" run --rounds 6 --time 0.001 -f 'create/|absent' -o run.json "$fake"
    run -3 "$THREADBENCH" ab --samples 20 -f 'create/cpu:(same|free)/posix' -o ab.json "$fake" "FAKE=slower $fake"
    for columns in 40 60 80 120; do
        for documents in run.json "ab-a.json ab-b.json"; do
            COLUMNS=$columns "$THREADBENCH" show $documents >piped
            on_terminal $columns "NO_COLOR=1 '$THREADBENCH' show $documents" >terminal
            sed -i '/REGRESSION/,/^$/d' piped terminal # it is one line but on a terminal
            diff piped terminal
            narrow piped $columns
            [ "$columns" = 40 ] || grep -E '^(create/cpu:same/posix|cpu:same) ' piped
        done
    done
    COLUMNS=80 "$THREADBENCH" show ab-a.json ab-b.json >piped
    grep -E '^case .* change +95 % CI verdict' piped
    grep -E '^not shown at 80 columns: create/ that begins each name, /posix that ends each name, p10$' <(tr -s '\n ' ' ' <piped | grep -o 'not shown at 80 columns: [^:]*p10')
    COLUMNS=60 "$THREADBENCH" show ab-a.json ab-b.json >piped
    grep -E '^cpu:same .* (slower|inconclusive) ' piped
    tr -s '\n ' ' ' <piped | grep -F 'not shown at 60 columns: create/ that begins each name, /posix that ends each name, p10'
    COLUMNS=140 "$THREADBENCH" show run.json >wide
    grep -E '^create/cpu:same/posix .*[▁▂▃▄▅▆▇█]' wide
    LC_ALL=C COLUMNS=140 "$THREADBENCH" show run.json >ascii
    LC_ALL=C without '[^ -~]' ascii
    grep -E '^create/cpu:same/posix .*[@#]' ascii
    grep -E '^  the floor, 2 times .*#' ascii
}

@test "where documents went is printed, whatever else is not" {
    run -0 --separate-stderr "$THREADBENCH" run -q $fast -f null -o out.json --archive kept "$fake" "$fake"
    [ "$(grep -c '^threadbench: the document is in out-[ab].json$' <<<"$stderr")" = 2 ]
    [ "$(grep -c '^threadbench: the document is in kept/.*/none/.*-[ab]-[0-9a-f]*.json$' <<<"$stderr")" = 2 ]
    run -0 --separate-stderr "$THREADBENCH" show kept
    grep -F "subject  b: $fake" <<<"$output"
}

@test "cases that ended alike are one line" {
    cat >many <<'END'
#!/bin/sh
for word in "$@"; do
    case $word in
    --benchmark_list_tests*) for i in 1 2 3 4 5 6 7 8 9 10 11; do echo case$i; done; exit ;;
    --benchmark_filter=*) name=${word#*=} ;;
    --benchmark_out=*) out=${word#*=} ;;
    esac
done
name=$(printf %s "$name" | tr -d '^$')
[ "$name" != case1 ] || why='another reason'
printf '{"context": {}, "benchmarks": [{"name": "%s", "run_name": "%s", "error_occurred": true, "error_message": "%s"}]}' \
    "$name" "$name" "${why:-broke after ${name#case} s}" >"$out"
END
    chmod +x many
    run -1 "$THREADBENCH" run $fast ./many
    grep -E '^failed case1: another reason$' <<<"$output"
    tr -s ' \n' ' ' <<<"$output" |
        grep -F '10 cases failed: broke after 2 s, or alike: case2, case3, case4, case5, case6, case7, case8, case9 and 2 more'
}

@test "what is refused is not concluded upon first" {
    "$THREADBENCH" run --rounds 2 --samples 1 -f null -o out.json "$fake" "$fake"
    run -2 --separate-stderr "$THREADBENCH" compare -f '^Z' out-a.json out-b.json
    [ -z "$output" ]
    [ "$stderr" = 'threadbench: no case matches --filter and --set: without them all are compared' ]
    run -2 "$THREADBENCH" ab --budget banana "$fake" "$fake"
    [ "$output" = "threadbench: --budget 'banana': give SECONDS as a number above 0, at most 86400, or auto" ]
}

@test "what one thread costs is shown of what had a turn" {
    "$THREADBENCH" run --rounds 1 --samples 1 -f '^(join/running|start/first-instruction)/cpu:same/posix$' -o both.json >/dev/null
    jq '.benchmarks |= map(select(.name | startswith("join/")))' both.json >join.json
    jq '.benchmarks = []' both.json >none.json
    run -0 "$THREADBENCH" show both.json
    [[ $output = *'What one thread costs'*$'\nuntil it runs '*$'\nits exit and the join '* ]]
    run -0 "$THREADBENCH" show join.json
    [[ $output = *'What one thread costs'*$'\nits exit and the join '* ]]
    without 'until it runs' <<<"$output"
    run -0 "$THREADBENCH" show none.json
    without 'What one thread costs' <<<"$output"
}

@test "interpreters are set beside the first of them, after other subjects" {
    /usr/bin/python3 "$DOCUMENTS" .
    run -0 --separate-stderr "$THREADBENCH" show suite.json py-{1,2,3}.json
    [[ $output = *$'\nsubject  py-2: ./threadbench-suite, cpython 3.13 free-threaded, its GIL on\n'* ]]
    [[ $output = *$'\nsubject  py-3: ./threadbench-suite, cpython 3.14 free-threaded\n'* ]]
    diff - <(sed -n '/^case .*operation/,/^$/p' <<<"$output") <<'END'
case                  operation    py-1 py-2                      py-3
python/start/cpu:same it starts 20.1 µs 1.30x [1.30, 1.31] slower 0.70x [0.70, 0.70] faster
python/lock/cpu:same            40.1 ns 1.00x [1.00, 1.01] same   1.00x [1.00, 1.00] same
python/local/cpu:same            905 ns missing                   1.00x [1.00, 1.00] same
python/late/cpu:same                  - 703 ns                    703 ns
python/never/cpu:same                 - missing                   missing
py-2 is of another build than py-1, which alone can make this difference: compiler 'clang', not
    'gcc'
py-3 is of another build than py-1, which alone can make this difference: compiler 'unknown', not
    'gcc'
py-1: skipped python/late/cpu:same: not in this version
py-1: skipped python/never/cpu:same: in no version
py-2: skipped python/never/cpu:same: in no version
py-3: skipped python/never/cpu:same: in no version

END
    grep -E '^create/call/cpu:same/posix +suite ' <<<"$output" # the other subject's own figures
    COLUMNS=60 run -0 --separate-stderr "$THREADBENCH" show suite.json py-{1,2,3}.json
    grep -E '^start .* 1.30x slower +0.70x faster$' <<<"$output"
    run -0 --separate-stderr "$THREADBENCH" show --color always suite.json py-{1,2,3}.json
    grep -E $'\e\\[1;31m1.30x .*\e\\[0m +\e\\[32m0.70x ' <<<"$output"
    run -0 --separate-stderr "$THREADBENCH" show --format markdown suite.json py-{1,2,3}.json
    grep -F '| python/start/cpu:same | it starts | 20.1 µs | 1.30x \[1.30, 1.31\] slower | 0.70x \[0.70, 0.70\] faster |' <<<"$output"
    run -0 --separate-stderr "$THREADBENCH" show --format json suite.json py-{1,2,3}.json
    [ "$(jq -c 'map([.old, .new, .alpha])' <<<"$output")" = '[["py-1","py-2",0.01],["py-1","py-3",0.01]]' ]
}

@test "interpreters of too few rounds have figures of their own and no ratio" {
    /usr/bin/python3 "$DOCUMENTS" .
    run -0 --separate-stderr "$THREADBENCH" show few-1.json few-2.json
    grep -E '^python/lock/cpu:same +39.9 ns$' <<<"$output"
    [ "${lines[-1]}" = 'blank: fewer than 6 rounds, which give no interval: give more --rounds' ]
    run -0 --separate-stderr "$THREADBENCH" show --verbose few-1.json few-2.json
    grep -E '^python/lock/cpu:same few-2 +80.5 ns ' <<<"$output"
    run -0 --separate-stderr "$THREADBENCH" show --format json few-1.json few-2.json
    [ "$(jq -c '.[0].cases[0] | [.old_ns > 0, .ratio, .low]' <<<"$output")" = '[true,null,null]' ]
}

@test "from which length of task on a thread will do has an interval where there is one" {
    /usr/bin/python3 "$DOCUMENTS" .
    run -0 "$THREADBENCH" show tasks.json
    diff - <(sed -n '/^Task length/,/^task.0.nothing/p' <<<"$output") <<'END'
Task length from which a thread for each task costs at most 5, 1 or 0.1 % more than the alternative
    (95 % CI)

alternative        costs  thread            5 % more                    1 % more                0.1 % more
task/work:0/pool 10.0 µs 20.1 µs 191 (190 .. 193) µs 997 µs (989 µs .. 1.003 ms)  10.06 (9.98 .. 10.12) ms
task/work:0/near 20.0 µs 20.1 µs              always                      always          40 (0 .. 149) µs
task/work:0/loop 25.1 µs 20.1 µs              always                      always                    always
task/work:0/tiny 1.00 ns 20.1 µs 402 (400 .. 403) µs   2.011 (2.001 .. 2.015) ms 20.11 (20.01 .. 20.15) ms
task/work:0/gone       -       -             missing                     missing                   missing
task/work:0/lost       -       -             missing                     missing                   missing
task/work:0/left       -       -             missing                     missing                   missing
missing task/work:0/gone: no such pool
missing task/work:0/left: no room
costs, thread: what a task of length 0 costs by the alternative and by a thread; from these the
    lengths follow

check: thread / alternative task of               measured expected
task/work:0/pool             100 µs 1.091 (1.083 .. 1.093)    1.091
task/work:0/near             100 µs 0.999 (0.995 .. 1.003)    1.001
task/work:0/loop             100 µs 0.960 (0.956 .. 0.964)    0.960
task/work:0/tiny             100 µs 1.196 (1.195 .. 1.201)    1.201
END
    run -0 "$THREADBENCH" show few-tasks.json
    grep -F ' more than the alternative,' <<<"$output"
    grep -xF '    few' <<<"$output"
    grep -E '^task/work:0/pool +10.0 µs 20.2 µs +192 µs +998 µs +10.1 ms$' <<<"$output"
    grep -E '^task/work:0/pool +100 µs +1.097 +1.092$' <<<"$output"
}

@test "what had no turn is named with its subject, as far as there is room" {
    /usr/bin/python3 "$DOCUMENTS" .
    run -0 "$THREADBENCH" show late-old.json late-new.json
    lines=$(tr -s ' \n' ' ' <<<"$output")
    grep -F 'not yet measured: 14 cases, of these old: late0/posix, old: late1/posix, old: late2/posix, old: late3/posix, old: late4/posix, old: late5/posix, new: late0/posix, new: late1/posix and 4 more; the budget does not hold them' <<<"$lines"
    grep -F 'old: 5 cases skipped: no room for 0, or alike: gone0/posix, gone1/posix,' <<<"$lines"
    grep -F 'new: failed first/clone (floor): exit status 3' <<<"$lines"
    jq '.context.threadbench |= (.signal = "INT" | .stopped_by = "signal" | .interrupted = true | .subjects = 1 | .subject.label = null)
        | .threadbench_cases |= map(select(.name | startswith("late") | not))' late-old.json >alone.json
    run -0 "$THREADBENCH" show alone.json
    lines=$(tr -s ' \n' ' ' <<<"$output")
    grep -F 'not yet measured: 1 case; interrupted' <<<"$lines" # it was not asked for
    grep -F 'failed first/clone (floor): exit status 3' <<<"$lines"
    grep -F 'interrupted by SIGINT: this is what was measured until then' <<<"$lines"
}
