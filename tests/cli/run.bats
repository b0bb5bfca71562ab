# The command line, end to end: THREADBENCH is the program, PLAIN a Google Benchmark program that
# knows nothing of it, SCHEMA the schema of the document.

load setup

@test "a suite that knows us: table, ratios, card" {
    run -0 "$THREADBENCH" run --rounds 6 -o "$json" "$fake"
    plain_text
    grep -E '^create/cpu:same/posix +6\.000 µs p10 +0\.0% +0\.0% 6\.40 µs +1\.25 +1\.50$' <<<"$output"
    grep -E '^create +6\.00 µs +1\.50 9\.000 µs +2\.25$' <<<"$output"
    grep -F 'measuring adds 30.0 ns to a sample, 1.20 readings of the clock' <<<"$output"
    grep -F 'skipped absent/posix: not on this machine' <<<"$output"
    grep -E '^a/very/long/name/.*/posix 2\.500 ms ' <<<"$output"
    grep -E '^(empty|warning|note|    ) ' <<<"$output" >prose
    [ "$(wc -L <prose)" -le 100 ]
    without '^create/cpu:same/clone' <<<"$output"
    valid "$json"
    [ "$(ask '[b["real_time"] for b in d["benchmarks"] if b["name"]=="create/cpu:same/posix"]')" = '[6000, 6000, 6000, 6000, 6000, 6000]' ]
    [ "$(ask '{b["mean"] for b in d["benchmarks"] if b["name"]=="create/cpu:same/posix"}')" = '{6500}' ]
    [ "$(ask '{b["cpu_time"] for b in d["benchmarks"] if b["name"]=="create/cpu:same/posix"}')" = '{3000}' ]
    [ "$(ask '[c["role"] for c in d["threadbench_cases"]]')" = "['selected', 'card', 'floor', 'overhead', 'selected', 'selected']" ]
    [ "$(ask 'sum(d["threadbench_cases"][0]["histograms"][0]["count"]) == 6 * d["threadbench_cases"][0]["samples"]')" = True ]
}

@test "phases stand below their case, in the table, on the card and in the document" {
    run -0 "$THREADBENCH" run --rounds 6 -o "$json" "$fake"
    plain_text
    grep -EA2 '^create/cpu:same/posix ' <<<"$output" >rows
    grep -E '^  call +2\.000 µs mean +0\.0% +0\.0% +- +- +-$' rows
    grep -E '^  rest +4\.500 µs mean +0\.0% +0\.0% +- +- +-$' rows
    grep -EA3 '^create +6\.00 µs ' <<<"$output" >rows
    grep -E '^  call +2\.00 µs +-$' rows
    grep -E '^  rest +4\.00 µs +-$' rows # as in the breakdown, and together the whole
    grep -E '^phases and their whole: of the process that took least, ' rows
    valid "$json"
    [ "$(ask '[list(p.values()) for p in d["threadbench_cases"][0]["phases"]]')" = "[['call', 2000, 2000, 2000, 0], ['rest', 4500, 4500, 4500, 0]]" ]
    [ "$(ask '[c["phases"] for c in d["threadbench_cases"][1:]]')" = '[[], [], [], [], []]' ]
}

@test "what explains a phase stands below it, on the card and in the document" {
    run -0 "$THREADBENCH" run --rounds 2 -o "$json" "$fake"
    plain_text
    grep -EA8 '^create/cpu:same/posix +mean +share$' <<<"$output" | sed 's/   */ | /g' >rows
    diff - rows <<'END'
create/cpu:same/posix | mean share
call | 2.00 µs | 33% ██████████
 | the floor, 2 times | 60.0 ns | 1.0% ▍
 | unattributed | 1.94 µs | 32% █████████▊
rest | 4.00 µs | 67% ████████████████████▏
 | nothing | - | -
 | unattributed | 4.00 µs | 67% ████████████████████▏
all of it | 6.00 µs | 100% ██████████████████████████████
unattributed in all, of either sign 5.94 µs | 99% █████████████████████████████▊
END
    valid "$json"
    [ "$(ask '[(p["value_ns"],p["unattributed_ns"],[q["value_ns"] for q in p["parts"]]) for p in d["threadbench_cases"][0]["breakdown"]["phases"]]')" = '[(2000, 1940, [60]), (4000, 4000, [None])]' ]
    [ "$(ask '["parts" in c or "breakdown" in c for c in d["threadbench_cases"][1:]]')" = '[False, False, False, False, False]' ]
    jq '(.threadbench_cases[].breakdown.phases[]?.parts[]?.case) = "gone"' "$json" >none.json
    run -0 "$THREADBENCH" show none.json # nothing is attributed
    without unattributed <<<"$output"
}

@test "what is counted in another unit than time is told in it" {
    FAKE=bytes run -0 "$THREADBENCH" run --rounds 6 -o "$json" "$fake"
    plain_text
    grep -E '^create/cpu:same/posix +6\.000 kB p10 .* 6\.' <<<"$output"
    grep -E '^create +6\.00 kB .* 9\.000 µs' <<<"$output"
    grep -E '^a/very.* 2\.500 MB' <<<"$output"
    valid "$json"
    [ "$(ask '[c.get("unit") for c in d["threadbench_cases"]][:2]')" = "['bytes', None]" ]
    jq '.context.threadbench.run_id = "another"' "$json" >other.json
    run -4 "$THREADBENCH" compare "$json" other.json
    grep -E '^create/cpu:same/posix +6\.000 kB p10 ' <<<"$output"
}

@test "scaling along an axis: a curve that fits, or the largest step" {
    FAKE=grow run -0 "$THREADBENCH" run --rounds 2 -f '^grow' -o "$json" "$fake"
    plain_text
    [[ $output = *'Scaling, in ns'* ]]
    grep -Fx 'grow/step:0/live:0 along live, x = 0 to 40: a + b*x, a = 1000, b = 5, off by 0.0%' <<<"$output"
    [[ ${output//$'\n'    / } = *'grow/step:1/live:10 along live, x = 10 to 40: no curve fits, the nearest is '*'; the largest step is 9-fold, after 20'* ]]
    without 'grow/step:2/live:1 along' <<<"$output" # two points
    without 'along step' <<<"$output"               # 0 is not known to be any number
    valid "$json"
    [ "$(ask '[(g["case"],g["fits"],len(g["points"]),g["points"][0]) for g in d["threadbench_scaling"]]')" = "[('grow/step:0/live:0', True, 3, {'x': 0, 'value_ns': 1000}), ('grow/step:1/live:10', False, 4, {'x': 10, 'value_ns': 1000})]" ]
}

@test "alternatives: from which length of task on a thread costs no more" {
    FAKE=alternatives run -0 "$THREADBENCH" run --set alternatives --rounds 2 "$fake" # too few for an interval
    [[ $output = *'Task length from which a thread'* && $output != *' CI)'* ]]
    FAKE=alternatives run -0 "$THREADBENCH" run --set alternatives --rounds 6 -o "$json" "$fake"
    [[ $output = *'7 cases, '* ]] # and no other: no floor, no card
    [[ $output = *'Task length from which a thread'*'(95 % CI)'* ]]
    grep -Ex 'task/work:0/pool +10\.0 µs +20\.0 µs +190\.0 \(190\.0 \.\. 190\.0\) µs +990\.0 \(.*\) µs +9\.990 \(.*\) ms' <<<"$output"
    grep -Ex 'task/work:0/loop +25\.0 µs +20\.0 µs +always +always +always' <<<"$output"
    grep -Ex 'task/work:0/gone +- +- +missing +missing +missing' <<<"$output"
    grep -Fx 'missing task/work:0/gone: not on this machine' <<<"$output"
    grep -Ex 'task/work:0/pool +100 µs 1\.091 \(1\.091 \.\. 1\.091\) +1\.091' <<<"$output"
    valid "$json"
    [ "$(ask '[(b["case"],b["rounds"],[m["length_ns"] for m in b["margins"]]) for b in d["threadbench_break_even"]]')" = "[('task/work:0/pool', 6, [190000, 990000, 9990000]), ('task/work:0/loop', 6, [0, 0, 0]), ('task/work:0/gone', 0, [None, None, None])]" ]
    run -0 "$THREADBENCH" show --format markdown "$json"
    grep -F '| task/work:0/pool | 10.0 µs | 20.0 µs | 190.0 (190.0 .. 190.0) µs |' <<<"$output"
    run -2 "$THREADBENCH" run --set alternatives "$fake" # which has none
    [[ $output = *'no case matches --filter and --set'* ]]
}

@test "a thread that is measured to cost more at a length ends the answer there" {
    FAKE=alternatives "$THREADBENCH" run --set alternatives --rounds 6 -o "$json" "$fake"
    # As if the machine had made it dearer: what was said of empty tasks does not hold.
    jq '(.benchmarks[] | select(.run_name == "task/work:100000/thread" and .run_type == "iteration") | .p10) = 150000
        | (.benchmarks[] | select(.run_name == "task/work:0/thread" and .run_type == "iteration") | .p10) = 12000' "$json" >dearer.json
    run -0 "$THREADBENCH" show dearer.json
    grep -Ex 'task/work:0/pool +10\.0 µs +12\.0 µs +none up to 100 µs +190\.0 \(.*\) µs +1\.990 \(.*\) ms' <<<"$output"
}

@test "the mean over a block has no tail" {
    for wrong in '' block; do
        FAKE=$wrong "$THREADBENCH" run --rounds 2 -f same/posix -o "$json" "$fake" >table
        ask 'd["threadbench_cases"][0]["summary"]["p99_ns"]' >>tails
        FAKE=$wrong "$THREADBENCH" run --rounds 2 -f same/posix --format csv "$fake" | sed -n 2p | cut -d, -f11 >>tails
    done
    [ "$(cat tails)" = $'6400\n6400\nNone' ] # and an empty field
    grep -E '^create/cpu:same/posix +6\.00 µs p10 +0\.0% +1\.25 +1\.50$' table
}

@test "a foreign program: every case of it, odd names and own repetitions" {
    run -0 "$THREADBENCH" run $fast -f '^(quick|sized|odd|summed)' -o "$json" "$PLAIN"
    plain_text
    for name in quick sized/8 sized/64 'odd/(name)+[x]?/3/repeats:3' summed/3/repeats:3; do
        grep -F "$name" <<<"$output"
    done
    valid "$json"
    [ "$(ask '{b["things"] for b in d["benchmarks"] if b["name"]=="quick" and "round" in b}')" = '{3.25}' ]
    [ "$(ask '{b["time_unit"] for b in d["benchmarks"]}')" = "{'ns'}" ]
}

@test "a counter of another program is no word of ours, whatever it is called" {
    run -0 "$THREADBENCH" run $fast -f '^counting$' -o "$json" "$PLAIN"
    [ "$(ask '{(b["samples"], b["user_ns"]) for b in d["benchmarks"] if "round" in b}')" = '{(5000000000, 5000000000)}' ]
    [ "$(ask '[b["name"] for b in d["benchmarks"] if b["iterations"] == 5e9 or b["cpu_time"] >= 5e9]')" = '[]' ]
}

@test "one seed gives one order, another another" {
    for seed in 1 1 2; do
        "$THREADBENCH" run --rounds 4 --samples 1 --seed $seed -o "$json" "$fake" >/dev/null
        ask '[(b["round"],b["order"],b["name"]) for b in d["benchmarks"] if "round" in b]' >>orders
        [ "$(ask 'd["context"]["threadbench"]["seed"]')" = $seed ]
    done
    [ "$(sed -n 1p orders)" = "$(sed -n 2p orders)" ]
    [ "$(sed -n 1p orders)" != "$(sed -n 3p orders)" ]
}

@test "a floor runs next to the cases that are a multiple of it" {
    "$THREADBENCH" run --rounds 8 --samples 1 -o "$json" "$fake" >/dev/null
    cat >places.py <<'END'
import json, sys
entries = [e for e in json.load(open(sys.argv[1]))["benchmarks"] if "round" in e]
group = ["create/cpu:same/posix", "create/cpu:free/posix", "create/cpu:same/clone"]
for n in range(8):
    places = [e["order"] for e in entries if e["round"] == n and e["name"] in group]
    assert len(places) == 3 and max(places) - min(places) == 2, (n, places)
END
    /usr/bin/python3 places.py "$json"
}

@test "the seed that was drawn is printed and kept" {
    run -0 "$THREADBENCH" run $fast -o "$json" "$fake"
    grep -F "seed $(ask 'd["context"]["threadbench"]["seed"]')" <<<"$output"
}

@test "compare.py reads two documents" {
    for n in 1 2; do
        "$THREADBENCH" run --rounds 3 --time 0.001 -f 'quick|sized' -o $n.json "$PLAIN" >/dev/null
    done
    run -0 /usr/bin/python3 /usr/share/benchmark/compare.py --no-color benchmarks 1.json 2.json
    grep -E '^quick_median +[-+]' <<<"$output"
    grep -F 'sized/64_pvalue' <<<"$output"
    run -0 "$THREADBENCH" run --rounds 3 -o "$json" "$fake"
    run -0 /usr/bin/python3 /usr/share/benchmark/compare.py --no-color benchmarks "$json" "$json"
    grep -E '^create/cpu:same/posix_median +\+0\.0000' <<<"$output"
}

@test "failures keep their reasons, and the rest is measured" {
    run -1 "$THREADBENCH" run $fast -f '^(quick|broken|crash|quit|not_a_number)$' -o "$json" "$PLAIN"
    plain_text
    grep -E '^quick +[0-9.]+ ' <<<"$output"
    grep -F 'failed broken: it "broke", badly' <<<"$output"
    grep -E '^failed crash: killed by signal 11 \(.*\): about to crash' <<<"$output"
    grep -F 'failed quit: exit status 3' <<<"$output"
    grep -E '^not_a_number +[0-9.]+ ' <<<"$output" # without its counter
    valid "$json"
    [ "$(ask 'sorted(b["name"] for b in d["benchmarks"] if b.get("error_occurred"))')" = "['broken', 'crash', 'quit']" ]
}

@test "a hang ends at its deadline" {
    run -1 "$THREADBENCH" run $fast --timeout 5 -f '^(quick|hang)$' "$PLAIN"
    grep -E '^failed hang: not finished after [0-9.]+ s' <<<"$output"
    grep -E '^quick +[0-9.]+ ' <<<"$output"
}

@test "who ignores SIGTERM is killed a second later, children and all" {
    cat >stubborn <<'END'
#!/bin/sh
[ "$1" = --benchmark_list_tests ] && { echo one; exit; }
trap '' TERM
echo $$ >pids
sleep 600 &
echo $! >>pids
while :; do wait; done
END
    chmod +x stubborn
    run -1 "$THREADBENCH" run $fast --timeout 5 ./stubborn
    grep -F 'failed one: not finished after' <<<"$output"
    [ "$(wc -l <pids)" = 2 ]
    for pid in $(cat pids); do
        gone "$pid"
    done
}

@test "a child that outlives its program does not hold us up" {
    run -0 timeout 60 "$THREADBENCH" run $fast -f leave_child "$PLAIN"
}

@test "a program that writes without end is not kept" {
    run -0 "$THREADBENCH" run --rounds 1 -f shout -o "$json" "$PLAIN"
    plain_text
    [ "$(stat -c %s "$json")" -lt 20000 ]
}

@test "skips of both generations, errors and other names are told apart" {
    for fake_skip in '' skip-1.8; do
        FAKE=$fake_skip run -0 "$THREADBENCH" run $fast -f absent -o "$json" "$fake"
        grep -F 'skipped absent/posix: not on this machine' <<<"$output"
        valid "$json"
        [ "$(ask '[(b["skipped"], b["skip_message"], b["error_message"]) for b in d["benchmarks"]]')" = "[(True, 'not on this machine', 'skipped: not on this machine')]" ]
    done
    FAKE=error run -1 "$THREADBENCH" run $fast -f absent "$fake"
    grep -F 'failed absent/posix: went wrong' <<<"$output"
    FAKE=other-name run -1 "$THREADBENCH" run $fast -f absent "$fake"
    grep -F "failed absent/posix: its result file has no entry of that name, but 'else'" <<<"$output"
}

@test "damaged result files are failures that say where" {
    while read -r wrong message; do
        FAKE=$wrong run -1 "$THREADBENCH" run $fast -f same/null -o "$json" "$fake"
        plain_text
        grep -F "failed create/cpu:same/null: $message" <<<"$output"
        valid "$json"
    done <<'END'
no-file its result file is empty
empty-file its result file is empty
garbage its result file, line 1 column 1: not JSON
bad-histogram its sidecar, case 'create/cpu:same/null': a histogram is not
colours exit status 5: ?[31mred?[0m
END
}

@test "where a quantile is missing the mean decides, and the document says so" {
    FAKE=no-quantile run -0 "$THREADBENCH" run $fast -f same/null -o "$json" "$fake"
    grep -E '^create/cpu:same/null +530 ns mean' <<<"$output"
    [ "$(ask '(d["threadbench_cases"][0]["statistic"], d["threadbench_cases"][0]["primary_statistic"])')" = "('mean', 'p10')" ]
}

@test "a later failure loses nothing that was measured" {
    FAKE=late-failure run -1 "$THREADBENCH" run --rounds 9 -f same/null -o "$json" "$fake"
    grep -E '^create/cpu:same/null +30\.0 ns p10' <<<"$output"
    grep -F 'failed create/cpu:same/null: exit status 7: out of luck' <<<"$output"
    valid "$json"
    [ "$(ask '[b.get("error_occurred", False) for b in d["benchmarks"] if b["run_type"]=="iteration"]')" = '[False, False, True]' ]
}

@test "a harness that is killed takes its worker along" {
    "$THREADBENCH" run --timeout 600 -f hang "$PLAIN" >/dev/null 3>&- &
    worker=$(timeout 60 sh -c "until pgrep -P $! -f filter=; do :; done")
    kill -s KILL $!
    wait $! || true
    until gone "$worker"; do :; done
    swept
}

# kill_while_hanging SUBJECT: kills a run of it whose worker hangs, and sets `worker` and `harness`
kill_while_hanging() {
    "$THREADBENCH" run --timeout 600 -f hang "$1" >/dev/null 3>&- &
    harness=$!
    worker=$(timeout 60 sh -c "until pgrep -f '^$PLAIN --benchmark_filter=.*$TMPDIR/'; do :; done")
    ${2:-:}
    kill -s KILL $harness
    wait $harness || true
}

@test "a harness that is killed takes along what launchers have started" {
    for launcher in 'taskset 0xffffffff' "sh -c '\"\$@\"; true' sh" "sh -c 'timeout 600 \"\$@\"; true' sh"; do
        kill_while_hanging "$launcher $PLAIN"
        timeout 60 bash -c "until gone $worker; do sleep 0.1; done"
        swept
    done
}

@test "harnesses that are killed at any moment leave nothing" {
    "${KILLS%/*}/harness_kills.sh" 12 3>&-
}

end_keeper() {
    pkill -KILL -P "$harness" -x tb-keeper
}

@test "what a harness leaves that nobody cleans up after is gone with the next run" {
    kill_while_hanging "$PLAIN" end_keeper
    mkdir threadbench-run-a # too short a name
    mkdir -m 700 threadbench-run-output # what a user has named so
    touch threadbench-run-output/data
    folder=$(find . -path './threadbench-run-*' -name result.json -printf %h)
    [ -p "$folder/result.json" ]
    # Who waits for a reader is not left to wait.
    timeout 60 sh -c "echo >$folder/result.json" 3>&- &
    late=$!
    # What is held, or another's, stays.
    mkdir -m 1700 threadbench-run-locked
    flock threadbench-run-locked "$THREADBENCH" run $fast -f same/null "$fake"
    wait $late || [ $? != 124 ]
    [ "$(echo threadbench-run-*)" = "threadbench-run-a threadbench-run-locked threadbench-run-output" ]
    "$THREADBENCH" run $fast -f same/null "$fake"
    rm threadbench-run-output/data
    rmdir threadbench-run-a threadbench-run-output
    swept
}

@test "subjects that cannot be listed" {
    run -1 "$THREADBENCH" run ./missing
    [ "$output" = "threadbench: subject './missing': cannot start: No such file or directory" ]
    FAKE=list-fails run -1 "$THREADBENCH" run "$fake"
    [[ $output = *"exit status 4: no such flag" ]]
    FAKE=list-garbage run -1 "$THREADBENCH" run "$fake"
    [[ $output = *"sidecar, line 2 column 1: it ends too early" ]]
    FAKE=list-nothing run -1 "$THREADBENCH" run "$fake"
    [[ $output = *"lists no benchmark: is it a Google Benchmark program?" ]]
    run -1 "$THREADBENCH" run true
    run -1 "$THREADBENCH" run yes
}

@test "a subject may be several words" {
    run -0 "$THREADBENCH" run $fast -f '^quick$' -o "$json" "env 'A B=c  d' \"$PLAIN\""
    [ "$(ask 'd["context"]["threadbench"]["subject"]["argv"][:2]')" = "['env', 'A B=c  d']" ]
}

@test "wrong usage is one line and exit code 2" {
    while read -r words; do
        run -2 "$THREADBENCH" $words
        [ "${#lines[@]}" = 1 ]
        [[ $output = "threadbench: "* ]]
    done <<END

measure
run --rounds 0
run --rounds 1e3
run --rounds
run --seed 1000000000000000
run --seed -1
run --time 0
run --time nan
run --archive=
run --samples x
run --timeout 1s
run --set most
run --format xml
run --filter (
run --nonsense
list $fake $PLAIN
run '$fake
run --filter nothing-has-this-name $fake
list --filter nothing-has-this-name $fake
run --repo / $fake
END
    run -2 "$THREADBENCH" run -Z
    [ "$output" = "threadbench: -Z: unknown option: see 'threadbench help run'" ]
    run -2 "$THREADBENCH" run --benchmark_filter=x
    [[ $output = *"a subject and its own options are one argument, './my-benchmark --benchmark_filter=x'" ]]
    run -2 "$THREADBENCH" show --ouput x
    [[ $output = *": unknown option: did you mean --output?" ]]
    run -2 "$THREADBENCH" run --python ' ' --python x
    [ "${#lines[@]}" = 1 ]
    run -2 "$THREADBENCH" run --host ''
    [ "$output" = "threadbench: --host '': give NAME" ]
    run -0 "$THREADBENCH" list -f '' "$fake" # which every name matches
    grep -F 'create' <<<"$output"
}

@test "what cannot be written is known before anything is measured" {
    for target in "-o missing/result.json" "-o ." "--archive /proc/none"; do
        FAKE=jitter run -1 "$THREADBENCH" run --rounds 2 $target "$fake"
        [[ $output = "threadbench: cannot "* ]]
        [ ! -e jitter ] # which each process leaves that measures
    done
}

@test "the document goes through links and into what is no file" {
    ln -s real.json "$json"
    echo old >real.json
    "$THREADBENCH" run $fast -f null -o "$json" "$fake" >/dev/null
    [ -L "$json" ]
    valid real.json
    run -0 --separate-stderr "$THREADBENCH" run $fast -f null -o /dev/null "$fake"
    [ -c /dev/null ]
}

@test "a closed stdout is an error, and the document is there all the same" {
    "$THREADBENCH" run $fast -f null -o "$json" "$fake" >&- 2>errors || code=$?
    [ "$code" = 1 ]
    grep -F 'cannot write to stdout' errors
    valid "$json"
    run -1 sh -c "'$THREADBENCH' list --help >/dev/full"
}

@test "an interruption keeps what was measured" {
    for signal in INT TERM; do
        rm -f "$json"
        "$THREADBENCH" run --rounds 1000 --samples 3 -f 'same/null|hang' -o "$json" "$fake" >out 3>&- &
        pid=$!
        # Its first files show that it is under way.
        until ls threadbench-*/result.json >/dev/null 2>&1; do :; done
        kill -s $signal $pid
        code=0
        wait $pid || code=$?
        [ "$code" = $((128 + $(kill -l $signal))) ]
        valid "$json"
        grep -F "interrupted by SIG$signal" out
        [ "$(ask '(d["context"]["threadbench"]["interrupted"], d["context"]["threadbench"]["signal"])')" = "(True, '$signal')" ]
    done
}

@test "interrupted while a worker hangs: the worker is gone" {
    cat >hanging <<'END'
#!/bin/sh
[ "$1" = --benchmark_list_tests ] && { echo one; exit; }
echo $$ >pid.new && mv pid.new pid
exec sleep 600
END
    chmod +x hanging
    "$THREADBENCH" run -o "$json" ./hanging >out 3>&- &
    until [ -e pid ]; do :; done
    kill -s INT $!
    code=0
    wait $! || code=$?
    [ "$code" = 130 ]
    gone "$(cat pid)"
    valid "$json"
}

@test "the archive is by host and revision" {
    git init -q repo
    git -C repo -c user.name=n -c user.email=e commit -q --allow-empty -m one
    commit=$(git -C repo rev-parse HEAD)
    run -0 "$THREADBENCH" run $fast -f null --archive kept "$fake"
    run -0 "$THREADBENCH" run $fast -f null --archive kept --repo repo "$fake"
    touch repo/file && git -C repo add file
    (cd repo && "$THREADBENCH" run $fast -f null --archive ../kept "$fake" >/dev/null)
    for folder in none "$commit" "$commit-dirty"; do
        set -- kept/"$(uname -n)/$folder"/*.json
        [ $# = 1 ]
        valid "$1"
        [[ $1 =~ /[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}-[0-9a-f]{8}\.json$ ]]
    done
}

@test "json and csv on stdout" {
    "$THREADBENCH" run $fast --format json "$fake" >"$json"
    valid "$json"
    run -0 "$THREADBENCH" run $fast --format csv "$fake"
    [ "${#lines[@]}" = 7 ]
    [[ ${lines[1]} = ,create/cpu:same/posix,selected,ok,,p10,6000,* ]]
    grep -F 'absent/posix,selected,skipped,not on this machine,' <<<"$output"
}

@test "without UTF-8 the table is ASCII" {
    LC_ALL=C run -0 "$THREADBENCH" run $fast "$fake"
    LC_ALL=C without '[^ -~]' <<<"$output"
    grep -E ' us p10 ' <<<"$output"
}

@test "help fits a screen, has a sentence for each option, and ends with examples" {
    for command in '' list run compare ab show archive doctor 'archive list' 'archive verify' 'archive add'; do
        # shellcheck disable=SC2086 # words
        run -0 "$THREADBENCH" $command --help
        [ "${#lines[@]}" -le 40 ]
        [ "$(wc -L <<<"$output")" -le 80 ]
        [ -z "$command" ] || [ "$command" = archive ] || {
            [ "$(tail -n 3 <<<"$output" | grep -c '^Examples:\|^  threadbench ')" = 3 ]
            # Sentences begin with a capital letter and end with a full stop.
            without '^ *\(-., \)\?--[^ ]* \+[^ A-Z]' <<<"$output"
        }
    done
    run -0 "$THREADBENCH" run --help
    whole=$output
    for words in "help run" "run -h" "run --filter x -h"; do
        # shellcheck disable=SC2086 # words
        run -0 "$THREADBENCH" $words
        [ "$output" = "$whole" ]
    done
    run -0 "$THREADBENCH" help archive add
    [[ $output = "Usage: threadbench archive add"* ]]
    for words in --version -V; do
        run -0 "$THREADBENCH" $words
        [[ $output = "threadbench "* ]]
    done
    run -0 "$THREADBENCH" help
    [[ $output = *"'threadbench --version' prints the version."* ]]
    [[ $output = *"4 nothing decided, or with --strict any case "* ]] # as ab without --strict has it
}

@test "what is misspelt is told what it probably is" {
    run -2 "$THREADBENCH" rnu
    [[ $output = *"no command 'rnu': did you mean 'run'?"* ]]
    run -2 "$THREADBENCH" run --roudns 3
    [[ $output = *"--roudns: unknown option: did you mean --rounds?"* ]]
    run -2 "$THREADBENCH" archive lsit
    [[ $output = *"no command 'archive lsit': did you mean 'archive list'?" ]]
    run -2 "$THREADBENCH" archive put
    [[ $output = *"give 'list', 'verify', 'add' or 'export'"* ]]
    run -2 "$THREADBENCH" export
    [[ $output = *"did you mean 'archive export'?" ]]
    run -2 "$THREADBENCH" --verison
    [[ $output = *"did you mean '--version'?" ]]
    run -2 "$THREADBENCH" --json list
    [[ $output = *"options stand after a command"* ]]
    run -2 "$THREADBENCH" something-else
    without 'did you mean' <<<"$output"
    run -2 "$THREADBENCH" run --sett core
    [[ $output = *"--sett: unknown option: did you mean --set?" ]]
    run -2 "$THREADBENCH" run --set croe
    [[ $output = *"--set 'croe': did you mean core?" ]]
    run -2 "$THREADBENCH" run --format htlm # which it has not, unlike history
    [[ $output = *"--format 'htlm': give table, json, csv or markdown" ]]
    run -2 "$THREADBENCH" show --format bencer x.json
    [[ $output = *"--format 'bencer': did you mean bencher?" ]]
    run -2 "$THREADBENCH" archive export --format otva .
    [[ $output = *"--format 'otva': did you mean otava?" ]]
}

@test "commands and options may be cut where it is clear which is meant" {
    run -0 "$THREADBENCH" list --set full "$fake"
    whole=$output
    for words in "li -v" "list --set=full" "lis --se full" "li --se=full" "li --s full"; do
        # shellcheck disable=SC2086 # words
        run -0 "$THREADBENCH" $words "$fake"
        [ "$output" = "$whole" ]
    done
    run -0 "$THREADBENCH" arch veri --he
    [[ $output = "Usage: threadbench archive verify"* ]]
    run -2 "$THREADBENCH" r
    [[ $output = *"no command 'r': did you mean 'run' or 'report'?" ]]
    run -2 "$THREADBENCH" run --re 3
    [[ $output = *"--re: unknown option: did you mean --repetitions or --repo?" ]]
    run -2 "$THREADBENCH" list "$fake" --set # the name of another begins with it, and it is whole
    [[ $output = *"--set: missing argument: see 'threadbench help list'" ]]
}

@test "of two filters both count, of other options the last one" {
    run -0 "$THREADBENCH" list --json -f same/null -f '^absent/posix$' "$fake"
    [ "$(grep -c '"case":' <<<"$output")" = 2 ]
    run -2 "$THREADBENCH" list -f x -f --json "$fake"
    [[ $output = *'--filter --json: give REGEX after --filter' ]]
    run -2 "$THREADBENCH" list -f '^no(' -f x "$fake"
    [[ $output = *"--filter '^no(': "*": give an extended regular expression" ]]
    run -2 "$THREADBENCH" list -f '(' -f ')' "$fake"
    run -2 "$THREADBENCH" list -f '((a{255}){255}){255}' "$fake" # gigabytes in the C library
    [[ $output = *"--filter '((a{255}){255}){255}': its repetitions make more than 1000 copies"* ]]
    [ ${#lines[@]} = 1 ]
    run -0 "$THREADBENCH" run $fast -r 9 --rounds 1 --format csv --format json -f same/null "$fake"
    [ "$(grep -c '"run_type": *"iteration"' <<<"$output")" = 1 ]
}

@test "a subject that is no program is told what it probably is" {
    export PATH=$PATH:/usr/bin
    echo '{}' >join.json
    cp "$fake" my-benchmark
    while IFS='|' read -r word advice; do
        run -1 "$THREADBENCH" run "$word"
        [[ $output = *"subject '$word': cannot start: "*": $advice" ]] || { echo "$output"; return 1; }
    done <<'END'
create/call|did you mean -f '^create/call'?
^join/|did you mean -f '^join/'?
join.json|it is no program: 'threadbench show join.json' prints a document
joni.json|did you mean 'join.json'? It is no program: 'threadbench show' prints it
my-benchmark|did you mean './my-benchmark'?
./my-benchmrak|did you mean './my-benchmark'?
suite|did you mean '@suite'?
@suit|did you mean '@suite'?
@rev|did you mean '@rev:REVISION'?
END
    git init -q . && git -c user.name=x -c user.email=x commit -q --allow-empty -m x
    run -1 "$THREADBENCH" ab HEAD @suite
    [[ $output = *": did you mean '@rev:HEAD'?" ]]
    run -2 "$THREADBENCH" run @rev:HAED
    [[ $output = *": did you mean '@rev:HEAD'?" ]]
    run -2 "$THREADBENCH" compare join.json HAED
    [[ $output = *": did you mean 'HEAD'?" ]]
    run -2 "$THREADBENCH" show joni.json
    [[ $output = *": did you mean 'join.json'?" ]]
    run -1 "$THREADBENCH" archive add bench joni.json
    [[ $output = *"cannot read 'joni.json': "*": did you mean 'join.json'?" ]]
    run -2 "$THREADBENCH" run "$fake" --benchmark_filter=x
    [[ $output = *"a subject and its own options are one argument, '$fake --benchmark_filter=x'" ]]
}

@test "where nothing is near enough to what was given, nothing is advised" {
    echo text >notes
    mkdir bin && cp "$fake" bin/my-benchmark
    for word in notes "$PWD/nowhere/at/all"; do
        run -1 "$THREADBENCH" run "$word"
        [[ $output = "threadbench: subject '$word': cannot start: "* && $output != *"did you mean"* ]]
    done
    run -1 "$THREADBENCH" run bin/my-benchmrak
    [[ $output = *": did you mean 'bin/my-benchmark'?" ]]
    git init -q work && git -C work -c user.name=x -c user.email=x commit -q --allow-empty -m x
    run -1 "$THREADBENCH" run --repo work HEAD
    [[ $output = *": did you mean '@rev:HEAD'?" ]]
    run -1 "$THREADBENCH" run --repo work 2b-or-not-2b
    without 'did you mean' <<<"$output"
}

@test "help is a command, an option and a letter, before a command and after it" {
    run -0 "$THREADBENCH" help
    whole=$output
    for word in --help -h 'help help' 'help --help' 'help -h'; do
        # shellcheck disable=SC2086 # words
        run -0 "$THREADBENCH" $word
        [ "$output" = "$whole" ]
    done
    for word in archive\ {help,--help,-h} help\ archive; do
        # shellcheck disable=SC2086 # words
        run -0 "$THREADBENCH" $word
        [[ $output = "Usage: threadbench archive list "*"threadbench archive export "*"Examples:"* ]]
    done
    run -2 "$THREADBENCH"
    [ "$output" = "threadbench: no command given: see 'threadbench help'" ]
}

@test "a filter that matches nothing is told what it probably is" {
    for command in list "run $fast"; do
        # shellcheck disable=SC2086 # words
        run -2 "$THREADBENCH" $command -f '^craete/cpu:same/psix$' "$fake"
        [[ $output = *"did you mean -f '^create/cpu:same/posix$'?" ]]
    done
    run -2 "$THREADBENCH" list -f nothing-like-it "$fake"
    [[ $output = *": without them all are listed" ]]
    # shellcheck disable=SC2086
    run -2 "$THREADBENCH" run $fast -f nothing-like-it "$fake"
    [[ $output = *": 'threadbench list $fake' shows all" ]]
    run -2 "$THREADBENCH" list --set core -f '^absent/.*free' -f '^create/cpu:free' "$fake"
    [[ $output = *": the filter alone matches some: give another --set" ]]
}

@test "a reader that has enough is no error" {
    for i in $(seq 400); do echo "case-$i-$(printf 'x%.0s' $(seq 300))"; done >names
    printf '#!/bin/sh\ncat names\n' >many
    chmod +x many
    run -0 bash -c '"$THREADBENCH" list ./many | head -n 1; exit "$((PIPESTATUS[0] == 141 ? 0 : 1))"'
    [[ $output = case-1-* ]]
    [ "${#lines[@]}" = 1 ]
}

@test "list is a line for each benchmark, which no terminal breaks" {
    run -0 "$THREADBENCH" list "$SUITE_PROGRAM"
    [ "${#lines[@]}" -le $(($(grep -oE '[0-9]+ benchmarks, ' <<<"$output" | grep -oE '[0-9]+') + 3)) ]
    [ "$(grep -c ^create/call <<<"$output")" = 1 ]
    grep -Ex 'create/call +[0-9]+  the creating call until it returns; not the child.s run, not the join' <<<"$output"
    [[ $output = *"-f '^create/call' lists the cases of one"* ]]
    COLUMNS=80 run -0 "$THREADBENCH" list "$SUITE_PROGRAM"
    [ "$(wc -L <<<"$output")" -le 80 ]
    grep -E '^create/call +[0-9]+  the creating call until.*(…|\.\.\.)$' <<<"$output"
    FAKE=alternatives run -0 "$THREADBENCH" list "$fake"
    grep -Ex 'task +7' <<<"$output"
    grep -Ex 'create +1  the call' <<<"$output"
    grep -Ex 'create/cpu:free/posix +1  the call' <<<"$output" # which says nothing of a benchmark
    run -0 "$THREADBENCH" list -f '^create/call' "$SUITE_PROGRAM"
    grep -Fx '    create/call/cpu:same/posix [core]' <<<"$output"
}

@test "list shows what can be measured" {
    run -0 "$THREADBENCH" list -v "$fake"
    plain_text
    grep -F 'runtime c11: threads too (not here: not built)' <<<"$output"
    grep -F 'axis live: parked (in threads)' <<<"$output"
    grep -F 'create/cpu:same/posix [core]' <<<"$output"
    run -0 "$THREADBENCH" list --filter same/null "$fake"
    without '^runtime c11\|^axis live' <<<"$output" # which none of them has
    run -0 "$THREADBENCH" list --filter '^sized' "$PLAIN"
    [ "$output" = $'sized/8\nsized/64' ]
    "$THREADBENCH" list --json --set core "$fake" >"$json"
    [ "$(ask '[c["case"][:6] for c in d["cases"]]')" = "['create', 'a/very', 'absent']" ]
    [ "$("$THREADBENCH" list --set standard "$fake" | grep -c /posix)" = 4 ]
    [ "$("$THREADBENCH" list --set full "$fake" | grep -c /clone)" = 1 ]
    run -2 "$THREADBENCH" list --set most "$fake"
    [[ $output = *"--set 'most': give core, standard, full or alternatives" ]]
}

@test "on a terminal there is one line of progress, taken away at the end" {
    run -0 script -qec "'$THREADBENCH' run $fast -f null '$fake' >/dev/null" /dev/null
    grep -F 'round 2 of 2' <<<"$output"
    [ "${#lines[@]}" = 1 ]
    run -0 script -qec "'$THREADBENCH' run $fast -q -f null '$fake' >/dev/null" /dev/null
    [ -z "$output" ]
}
