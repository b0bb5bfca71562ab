# Several subjects, precision and budget, and runs that are continued; as in run.bats.

load setup

entries='sorted((b["round"],b["order"],b["name"]) for b in d["benchmarks"] if "round" in b)'

@test "several subjects: one document each, tied by session, in balanced order" {
    run -0 "$THREADBENCH" run --rounds 4 --samples 1 -o out.json "new: $fake" "FAKE=block '$fake'"
    plain_text
    grep -F "subject  new: $fake" <<<"$output"
    grep -E '^create/cpu:same/posix +new +6\.00 µs' <<<"$output"
    grep -E '^create/cpu:same/posix +b +6\.00 µs' <<<"$output"
    grep -F 'new: skipped absent/posix: not on this machine' <<<"$output"
    valid out-new.json out-b.json
    cat >check.py <<'PY'
import json
a, b = (json.load(open(f"out-{n}.json")) for n in ("new", "b"))
one, two = a["context"]["threadbench"], b["context"]["threadbench"]
assert one["session"] == two["session"] and one["run_id"] != two["run_id"]
assert (one["subject"]["label"], two["subject"]["label"]) == ("new", "b")
assert two["subject"]["argv"][:2] == ["env", "FAKE=block"]
places = [{(e["name"], e["round"]): e["order"] for e in d["benchmarks"] if "round" in e} for d in (a, b)]
assert places[0].keys() == places[1].keys()
for (name, turn), place in places[0].items():
    first = turn in (0, 3)
    assert places[1][name, turn] == place + (1 if first else -1), (name, turn)
assert len(set(places[0].values()) & set(places[1].values())) > 0
PY
    /usr/bin/python3 check.py
}

@test "a subject that lacks a case is measured for the rest" {
    run -0 "$THREADBENCH" run --rounds 2 --samples 1 --time 0.001 -f '^(quick|create/cpu:same/null)$' \
        -o out.json "$fake" "$PLAIN"
    grep -E '^quick +b ' <<<"$output"
    grep -E '^create/cpu:same/null +a ' <<<"$output"
}

@test "one subject that fails does not end the other's case" {
    FAKE= run -1 "$THREADBENCH" run --rounds 3 -f same/null -o out.json "$fake" "FAKE=empty-file $fake"
    json=out-a.json
    [ "$(ask '[b["real_time"] for b in d["benchmarks"] if b["run_type"]=="iteration"]')" = '[30, 30, 30]' ]
    grep -F 'b: failed create/cpu:same/null: its result file is empty' <<<"$output"
}

@test "each subject's document is beside the file that was named, and never where the table goes" {
    mkdir d.x
    run -0 "$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o d.x/out "$fake" "$fake"
    valid d.x/out-a d.x/out-b
    run -2 sh -c '"$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o out.json "$1" "$1" >out-a.json' sh "$fake"
    [ "$output" = 'threadbench: --output out.json: give a file; --format json prints it' ]
}

@test "what one subject alone has, or does not measure, keeps no run from being precise" {
    run -0 "$THREADBENCH" run --strict --precision 5 --rounds 20 --samples 1 -f '^(grow/step:0|create/cpu:same/null|absent)' \
        "a: $fake" "b: env FAKE=grow $fake"
    grep -E '^grow/step:0/live:40' <<<"$output"
    grep -F 'absent/posix' <<<"$output"
}

@test "labels are told apart" {
    run -2 "$THREADBENCH" run --rounds 1 "a: $fake" "a: $fake"
    [[ $output = *"two subjects are called 'a'"* ]]
    run -2 "$THREADBENCH" run --rounds 1 "a:" "$fake"
    [[ $output = *"names no command" ]]
    run -2 "$THREADBENCH" run --rounds 1 --format json "$fake" "$fake"
    [[ $output = *"give -o FILE with several subjects" ]]
    subjects=()
    for i in {1..28}; do subjects+=("$fake"); done
    run -0 "$THREADBENCH" run --rounds 1 --samples 1 -f same/null --format csv "${subjects[@]}"
    [ "$(cut -d, -f1 <<<"$output" | tail -n +2 | tr '\n' ' ')" = "$(echo {a..z} a1 b1) " ]
}

@test "as many rounds as the precision needs" {
    run -0 "$THREADBENCH" run --precision 1 -f 'create/cpu:same/posix' -o "$json" "$fake"
    grep -F 'run      12 of at most 200 rounds' <<<"$output"
    grep -F 'all are within 1 %, the precision asked for; stopped: every case is' <<<"$output"
    valid "$json"
    [ "$(ask 'd["context"]["threadbench"]["stopped_by"]')" = decided ]
    [ "$(ask 'd["threadbench_cases"][0]["precise"]')" = True ]
}

@test "cases that are known well enough are left, their neighbours with them" {
    FAKE=drift run -0 "$THREADBENCH" run --precision 1 --rounds 14 -o "$json" "$fake"
    grep -E '^a/very.* [0-9.]+ ms +p50 +[0-9.]+%\* ' <<<"$output"
    [ "$(ask 'd["context"]["threadbench"]["stopped_by"]')" = rounds ]
    [ "$(ask '{(b["repetitions"]) for b in d["benchmarks"] if b["run_name"].startswith("create") and "null" not in b["run_name"]}')" = '{8}' ]
    [ "$(ask '{(b["repetitions"]) for b in d["benchmarks"] if "null" in b["run_name"]}')" = '{3}' ]
    [ "$(ask '{(b["repetitions"]) for b in d["benchmarks"] if b["run_name"].startswith("a/")}')" = '{14}' ]
}

@test "a budget ends the rounds, the table says so" {
    FAKE=slow run -0 timeout 60 "$THREADBENCH" run --precision 0.001 --rounds 10000 --budget 5 --samples 1 \
        -f same/null -o "$json" "$fake"
    grep -F 'stopped: the budget is used up' <<<"$output"
    [ "$(ask 'd["context"]["threadbench"]["stopped_by"]')" = budget ]
    [ "$(ask 'd["context"]["threadbench"]["rounds_finished"] >= 1')" = True ]
    valid "$json"
}

@test "a budget that is too short for one round ends it, and what had no turn is told" {
    run -1 timeout 60 "$THREADBENCH" run --budget 0.001 -o "$json" "$fake"
    [[ $output = *"nothing was measured: give it more time, or go on by --continue"* ]]
    [ "$(ask '{c["outcome"] for c in d["threadbench_cases"]}')" = "{'pending'}" ]
    run -1 "$THREADBENCH" run --budget 0.001 --format csv "$fake"
    grep -E '^,create/cpu:same/posix,selected,pending,' <<<"$output"
    run -1 timeout 60 "$THREADBENCH" run --budget 0.001 -o "$json" "$fake"
    without '^create/cpu:same/posix' <<<"$output"
    grep -F 'not yet measured: 6 cases, of these create/cpu:same/posix,' <<<"$output"
    [ "$(ask '{c["reason"].split(" (")[0].replace(" beside the others", "") for c in d["threadbench_cases"]}')" = "{'0.001 s do not hold it'}" ]
    [ "$(ask 'd["context"]["threadbench"]["rounds_finished"]')" = 0 ]
    valid "$json"
    run -0 "$THREADBENCH" run --continue --trust --rounds 2 -o rest.json "$json"
    [[ $output != *'not yet'* ]]
    grep -E '^create/cpu:same/posix +[0-9.]+' <<<"$output"
}

@test "a run that is continued is the run that was not interrupted" {
    "$THREADBENCH" run --rounds 7 --samples 1 --seed 3 -o whole.json "$fake" "FAKE=drift $fake" >/dev/null
    "$THREADBENCH" run --rounds 3 --samples 1 --seed 3 -o part.json "$fake" "FAKE=drift $fake" >/dev/null
    run -0 "$THREADBENCH" run --continue --trust --rounds 7 -o rest.json part-a.json part-b.json
    grep -F 'run      7 of 7 rounds' <<<"$output"
    valid rest-a.json rest-b.json
    for label in a b; do
        for name in whole rest; do
            json=$name-$label.json
            ask "$entries" >"$name"
            ask '[(c["outcome"], c["reason"], [h["count"] for h in c["histograms"]]) for c in d["threadbench_cases"]]' >>"$name"
        done
        cmp whole rest
    done
    [ "$(ask 'd["context"]["threadbench"]["resumed"]')" = 1 ]
}

@test "an interrupted round is not measured twice" {
    FAKE=slow "$THREADBENCH" run --rounds 4 --samples 1 --seed 8 -o part.json "$fake" >/dev/null 3>&- &
    timeout 60 sh -c 'until [ -e held ]; do :; done'
    kill -s TERM $!
    code=0; wait $! || code=$?
    [ $code = 143 ]
    json=part.json
    [ "$(ask 'd["context"]["threadbench"]["stopped_by"]')" = signal ]
    run -0 "$THREADBENCH" run --continue --trust -o rest.json part.json
    json=rest.json
    [ "$(ask "len($entries) == len(set($entries)) == 20")" = True ]
}

@test "a run that is killed leaves what was finished, and is continued from there" {
    "$THREADBENCH" run --rounds 9 --samples 1 --seed 8 -f same/null -o whole.json "$fake" >/dev/null
    while IFS='|' read -r target file; do
        rm -f slow held
        FAKE=slow "$THREADBENCH" run --rounds 9 --samples 1 --seed 8 -f same/null $target "$fake" >table 3>&- &
        timeout 60 sh -c 'until [ -e held ]; do :; done'
        kill -s KILL $!
        wait $! || true
        [ ! -s table ]
        json=$(echo $file)
        valid "$json"
        [ "$(ask 'd["context"]["threadbench"]["stopped_by"], d["context"]["threadbench"]["interrupted"]')" = 'running True' ]
        [ "$(ask "0 < d['context']['threadbench']['rounds_finished'] == len($entries) < 5")" = True ]
        run -0 "$THREADBENCH" run --continue --trust -o rest.json "$json"
        for json in whole rest; do json=$json.json ask "$entries" >$json; done
        cmp whole rest
    done <<'END'
-o part.json|part.json
--archive kept|kept/.tmp-*.json
END
    run -0 "$THREADBENCH" archive list kept
    grep -F "the finished rounds of a run that was killed" <<<"${output//$'\n    '/ }"
    run -0 "$THREADBENCH" archive add other kept/.tmp-*.json
    run -0 "$THREADBENCH" archive list other
    grep -E ' interrupted$' <<<"$output"
    swept
    rm kept/.tmp-* # of those that were killed
}

@test "killed between the documents of a session: they go on together" {
    "$THREADBENCH" run --rounds 6 --samples 1 --seed 8 -o whole.json "$fake" "$fake" >/dev/null
    for rounds in 3 4; do
        "$THREADBENCH" run --rounds $rounds --samples 1 --seed 8 -o $rounds.json "$fake" "$fake" >/dev/null
    done
    # As if the first had been saved after the fourth round, and the other one after the third.
    for member in session started_utc run_id; do
        value=$(jq ".context.threadbench.$member" 3-a.json)
        jq ".context.threadbench.$member = $value" 4-a.json >a.json && mv a.json 4-a.json
    done
    run -0 "$THREADBENCH" run --continue --trust --rounds 6 -o rest.json 4-a.json 3-b.json
    for label in a b; do
        for json in whole rest; do json=$json-$label.json ask "$entries" >$json; done
        cmp whole rest
    done
}

@test "what is saved goes where the document goes, and nothing else stays" {
    mkfifo pipe
    cat pipe >"$json" 3>&- & # once, at the end
    run -0 "$THREADBENCH" run --rounds 5 --samples 1 -f same/null -o pipe --archive kept "$fake"
    wait $!
    valid "$json" kept/*/*/*.json
    [ "$(find kept -type f | wc -l)" = 1 ]
    run -0 "$THREADBENCH" run --rounds 5 --samples 1 -f same/null -o /dev/null "$fake"
    [ "$(ask 'd["context"]["threadbench"]["stopped_by"]')" = rounds ]
}

@test "a round that the budget breaks off, be it in its last process, is not finished" {
    FAKE=slow run -0 timeout 60 "$THREADBENCH" run --budget 5 --samples 1 -f same/null -o part.json "$fake"
    json=part.json
    [ "$(ask "d['context']['threadbench']['rounds_finished'] == len($entries) < 5")" = True ]
    run -0 "$THREADBENCH" run --continue --trust --rounds 6 -o rest.json part.json
    json=rest.json
    [ "$(ask "[e[0] for e in $entries]")" = '[0, 1, 2, 3, 4, 5]' ]
    run -1 timeout 60 "$THREADBENCH" run --budget 0.00001 --samples 7 -f same/null -o none.json "$fake"
    run -0 "$THREADBENCH" run --continue --trust --rounds 2 -o rest.json none.json
    [ "$(ask 'd["context"]["threadbench"]["samples"], d["threadbench_cases"][0]["samples"]')" = '7 7' ]
    valid rest.json
}

@test "what the first worker said of its library stays, be it of a round that was broken off" {
    FAKE=slow "$THREADBENCH" run --samples 1 --seed 8 -o part.json "$fake" >/dev/null 3>&- &
    timeout 60 sh -c 'until [ -e held ]; do :; done'
    kill -s TERM $!
    code=0; wait $! || code=$?
    [ $code = 143 ]
    jq '.context.mhz_per_cpu = 1234' part.json >told.json
    json=told.json
    [ "$(ask 'd["context"]["threadbench"]["rounds_finished"]')" = 0 ]
    "$THREADBENCH" run --continue --trust --rounds 1 -o rest.json told.json >/dev/null
    json=rest.json
    [ "$(ask 'd["context"]["mhz_per_cpu"]')" = 1234 ]
}

@test "what cannot be continued says why" {
    "$THREADBENCH" run --rounds 2 --samples 1 -o one.json "$fake" >/dev/null
    "$THREADBENCH" run --rounds 2 --samples 1 -o two.json "$fake" >/dev/null
    run -2 "$THREADBENCH" run --continue --trust one.json two.json
    [[ $output = *"are of different sessions" ]]
    run -2 "$THREADBENCH" run --continue
    [[ $output = *"give the documents of the run" ]]
    run -4 "$THREADBENCH" ab --rounds 2 --samples 1 -f same/null -o ab.json "$fake" "$fake"
    run -2 "$THREADBENCH" run --continue --trust ab-a.json ab-b.json
    [[ $output = *"--continue 'ab-a.json': ab has spent its alpha on interim looks: measure anew" ]]
    run -1 "$THREADBENCH" run --continue --trust missing.json
    [[ $output = *"cannot read 'missing.json': No such file"* ]]
    head -c 500 one.json >half.json
    run -1 "$THREADBENCH" run --continue --trust half.json
    [[ $output = *"half.json, line "*" column "*": "* ]]
    sed 's/"release":\s*"[^"]*"/"release":"2.4"/' one.json >old.json
    run -1 "$THREADBENCH" run --continue --trust old.json
    [[ $output = *"the kernel has changed"* ]]
    sed 's/"version":"1"/"version":"2"/' one.json >other.json
    run -1 "$THREADBENCH" run --continue --trust other.json
    [[ $output = *"the subject has changed the case"* ]]
    echo '{"benchmarks": []}' >foreign.json
    run -2 "$THREADBENCH" run --continue --trust foreign.json
    [[ $output = *"not a document of threadbench" ]]
}

@test "what a document lacks, or has of another program, is named when it is to be continued" {
    cp "$fake" program
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o part.json ./program >/dev/null
    while IFS='|' read -r change sentence; do
        jq "$change" part.json >other.json
        run -1 "$THREADBENCH" run --continue --trust --rounds 3 other.json
        [[ $output = "threadbench: 'other.json': $sentence"* ]] || { echo "$change: $output"; return 1; }
    done <<'END'
.benchmarks = .benchmarks[0:1]|damaged: it has no entries of all its rounds
.context.threadbench.subject.files = []|./program has changed since:
.context.threadbench.subject.files = [{size: 0, crc32: 0}]|a file has changed since:
.context.threadbench.subject.files[0].crc32 = 1|./program has changed since:
.context.threadbench.subject.files += [{path: "gone", size: 1, crc32: 1}]|gone has changed since:
.context.threadbench.subject.loaded = [{path: "/bin/sh", build_id: "00"}]|/bin/sh has changed since:
.context.threadbench.subject.loaded = [{path: "./program", crc32: 1}]|./program has changed since:
.context.threadbench.subject.environment.LD_AUDIT = "x"|LD_AUDIT has changed since:
del(.context.threadbench.subject.environment)|damaged: it has no environment
END
    jq 'del(.context.host_name) | .context.threadbench.host.kernel.release = "2.4"' part.json >other.json
    run -1 "$THREADBENCH" run --continue --trust --rounds 3 other.json
    [[ $output = *"'other.json': the kernel has changed since: the run cannot be continued here" ]]
    jq '.context.threadbench.subject.loaded = [{}]' part.json >other.json # of which nothing is known
    run -0 "$THREADBENCH" run --continue --trust --rounds 3 other.json
    sed 's|same/null|same/nil|g' part.json >other.json
    run -1 "$THREADBENCH" run --continue --trust --rounds 3 other.json
    [[ $output = *"'other.json': the subject no longer has the case 'create/cpu:same/nil'" ]]
    FAKE=list-fails run -1 "$THREADBENCH" run --continue --trust --rounds 3 part.json
    [[ $output = *"subject './program': exit status 4: no such flag" ]]
    run -0 "$THREADBENCH" run --continue --trust --precision 50 --rounds 3 -o "$json" part.json
    [ "$(ask 'd["context"]["threadbench"]["precision"]')" = 0.5 ]
}

@test "what is continued is what began: the program, its environment, its circumstances" {
    cp "$fake" program
    GLIBC_TUNABLES=a=1 "$THREADBENCH" run --rounds 2 --samples 1 --budget 60 -o part.json "X=1 ./program" ./program >/dev/null
    GLIBC_TUNABLES=a=2 run -1 "$THREADBENCH" run --continue --trust part-a.json part-b.json
    [[ $output = *"'part-a.json': GLIBC_TUNABLES has changed"* ]]
    run -1 "$THREADBENCH" run --continue --trust part-a.json part-b.json
    [[ $output = *"GLIBC_TUNABLES has changed"* ]]
    export GLIBC_TUNABLES=a=1
    LD_AUDIT='' run -1 "$THREADBENCH" run --continue --trust part-a.json part-b.json
    [[ $output = *"LD_AUDIT has changed"* ]]
    run -2 "$THREADBENCH" run --continue --trust part-a.json
    [[ $output = *"'part-a.json' is of subject 1 of 2: give the documents of all, in that order" ]]
    run -2 "$THREADBENCH" run --continue --trust part-a.json part-a.json
    [[ $output = *"are of the same run" ]]
    sleep 1
    touch program # the same bytes
    git init -q . && git -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m one
    run -0 "$THREADBENCH" run --continue --trust --rounds 3 -o rest.json part-a.json part-b.json
    for label in a b; do
        valid rest-$label.json
        for name in part rest; do
            jq -S '.context | del(.threadbench["rounds", "rounds_finished", "resumed", "budget_s", "stopped_by", "command", "after"], .threadbench.warnings, .threadbench.subject["loaded", "without_effect"])' \
                $name-$label.json >$name
        done
        cmp part rest
    done
    run -2 "$THREADBENCH" run --continue --trust part-b.json part-a.json
    [[ $output = *"'part-b.json' is of subject 2 of 2: give the documents of all, in that order" ]]
    jq '.context.threadbench.rounds_finished = 0' part-b.json >behind.json
    run -2 "$THREADBENCH" run --continue --trust part-a.json behind.json
    [[ $output = *"holds 2 rounds and 'behind.json' 0"* ]]
    echo ' ' >>program
    run -1 "$THREADBENCH" run --continue --trust part-a.json part-b.json
    [[ $output = *"./program has changed"* ]]
}

@test "what a document names is run only if it is trusted, and nothing before all else is right" {
    printf '#!/bin/sh\n: >"%s/ran"\nexec "%s" "$@"\n' "$PWD" "$fake" >program
    chmod +x program
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o part.json './program --flag="a b"' >/dev/null
    [ -e ran ]
    rm ran
    run -2 "$THREADBENCH" run --continue --rounds 3 part.json
    [ "$output" = "threadbench: 'part.json': give --trust to run what it names: ./program --flag=a\ b" ]
    jq '.context.threadbench.host.kernel.release = "2.4"' part.json >old.json
    for trust in '' --trust; do
        run -1 "$THREADBENCH" run --continue $trust --rounds 3 old.json
        [[ $output = *"'old.json': the kernel has changed since: "* ]]
    done
    jq '.context.threadbench.subject.argv = ["./program", ("x" * 2000)]' part.json >long.json
    run -2 "$THREADBENCH" run --continue --rounds 3 long.json
    [[ $output = *": ./program xx"*"x... (2010 bytes, all of them in its subject.argv)" ]]
    mkfifo pipe
    jq '.context.threadbench.subject.loaded = [{path: "pipe", crc32: 1}]' part.json >waiting.json
    cp program was
    echo ' ' >>program
    run -1 timeout -k 1 60 "$THREADBENCH" run --continue --trust --rounds 3 waiting.json
    [[ $output = *"./program has changed since: "* ]]
    [ ! -e ran ]
    cp was program
    run -0 "$THREADBENCH" run --continue --trust --rounds 3 part.json
    [ -e ran ]
    run -2 "$THREADBENCH" run --trust ./program
    [ "$output" = "threadbench: --trust: give --continue, too" ]
    # The suite is ours, but not with what a document puts before it.
    "$THREADBENCH" run --rounds 1 --samples 2 -f '^create/call/cpu:same/null$' -o suite.json >/dev/null
    run -0 "$THREADBENCH" run --continue --rounds 2 suite.json
    jq '.context.threadbench.subject.argv |= ["env", "LD_PRELOAD=./other.so"] + .' suite.json >preloaded.json
    run -2 "$THREADBENCH" run --continue --rounds 2 preloaded.json
    [[ $output = *"give --trust to run what it names: env LD_PRELOAD"* ]]
}

@test "what was settled stays settled" {
    settle="run --precision 1 --rounds 14 --samples 1 --seed 3"
    FAKE=drift "$THREADBENCH" $settle -o whole.json "$fake" >/dev/null
    rm drift
    FAKE=drift HOLD=12 "$THREADBENCH" $settle -o part.json "$fake" >/dev/null 3>&- &
    timeout 60 sh -c 'until [ -e held ]; do :; done'
    kill -s INT $!
    code=0; wait $! || code=$?
    [ $code = 130 ]
    json=part.json
    [ "$(ask '9 < d["context"]["threadbench"]["rounds_finished"] < 14')" = True ]
    FAKE=drift run -0 "$THREADBENCH" run --continue --trust -o rest.json part.json
    for json in whole rest; do
        json=$json.json ask '{c["name"]: c["summary"]["processes"] for c in d["threadbench_cases"]}' >$json
    done
    cmp whole rest
    "$THREADBENCH" run --precision 1 --samples 1 --seed 3 -o settled.json "$fake" >/dev/null
    run -0 "$THREADBENCH" run --continue --trust -o again.json settled.json
    json=again.json
    [ "$(ask 'd["context"]["threadbench"]["rounds_finished"]')" = 12 ]
    [ "$(ask 'd["context"]["threadbench"]["stopped_by"]')" = decided ]
}

@test "programs are known by their bytes, wherever their words are found" {
    mkdir bin && cp "$fake" bin/mybench && cp "$fake" my.sh
    export PATH=$PWD/bin:$PATH
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o a.json "env mybench" >/dev/null
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o b.json "sh my.sh" >/dev/null
    echo ' ' >>bin/mybench
    echo ' ' >>my.sh
    run -1 "$THREADBENCH" run --continue --trust --rounds 3 a.json
    [[ $output = *"$PWD/bin/mybench has changed"* ]]
    run -1 "$THREADBENCH" run --continue --trust --rounds 3 b.json
    [[ $output = *"my.sh has changed"* ]]
    mkdir other && cp "$fake" other/theirs && cp "$fake" here
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o d.json "PATH=$PWD/other:$PATH theirs" >/dev/null
    PATH=$PATH: "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o e.json "here" >/dev/null
    echo ' ' | tee -a other/theirs >>here
    run -1 "$THREADBENCH" run --continue --trust --rounds 3 d.json
    [[ $output = *"$PWD/other/theirs has changed"* ]]
    PATH=$PATH: run -1 "$THREADBENCH" run --continue --trust --rounds 3 e.json
    [[ $output = *"here has changed"* ]]
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o c.json my.sh >/dev/null || true # needs a path
    [ ! -e c.json ]
}

@test "a document is there before the table is printed, and then a signal ends it" {
    mkfifo pipe
    exec 9<>pipe
    /usr/bin/python3 -c 'import fcntl; fcntl.fcntl(9, 1031, 4096)' # F_SETPIPE_SZ: what is printed does not fit
    "$THREADBENCH" run --rounds 9 --samples 1 --format json -o out.json "$fake" >&9 3>&- &
    timeout 60 head -c 1 <&9
    [ "$(stat -c %s out.json)" -gt 9000 ]
    kill -s TERM $!
    code=0; wait $! || code=$?
    exec 9<&-
    [ $code = 143 ]
    valid out.json
}

@test "a run that is continued keeps its budget, and all that was settled" {
    "$THREADBENCH" run --budget 3 --samples 1 --timeout 20 -f same/null -o part.json "$fake" >/dev/null
    run -0 timeout 60 "$THREADBENCH" run --continue --trust -o more.json part.json
    grep -F 'of 10000 rounds' <<<"$output"
    json=more.json
    [ "$(ask 'd["context"]["threadbench"]["budget_s"], d["context"]["threadbench"]["timeout_s"]')" = '3 20' ]
    run -0 timeout 60 "$THREADBENCH" run --continue --trust --timeout 25 -o more.json part.json
    [ "$(ask 'd["context"]["threadbench"]["timeout_s"]')" = 25 ]
    "$THREADBENCH" run --rounds 3 --samples 1 -f same/null -o done.json "$fake" >/dev/null
    run -2 "$THREADBENCH" run --continue --trust --budget 5 done.json
    [[ $output = *"'done.json': 3 rounds are finished: give a larger number of --rounds" ]]
    run -2 "$THREADBENCH" run --continue --trust --rounds 3 done.json
    while read -ra words; do
        run -2 "$THREADBENCH" run "${words[@]}" --continue part.json
        [[ $output = *": a continued run keeps its own: leave it out" ]]
    done <<'END'
-f null
--set full
--seed 1
-t 0.1
--samples 5
--repetitions 2
--python /bin/true
END
}

@test "damaged documents are not continued, and end nothing but that" {
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o part.json "$fake" >/dev/null
    while read -r change message; do
        jq ".context.threadbench$change" part.json >bad.json
        run -1 "$THREADBENCH" run --continue --trust bad.json
        [[ $output = *"$message"* ]]
    done <<'END'
.subject=null damaged: it has no environment
.subject.argv=[] damaged: it has no argv
.subject.argv=3 damaged: its 'subject.argv' is not a list of texts
.subject.argv=[1] damaged: its 'subject.argv' is not a list of texts
.rounds_finished=9 damaged: it has no entries of all its rounds
.rounds_finished=0 damaged: it has no entries of all its rounds
.seed|=empty damaged: it has no seed
.host|=empty damaged: it has no host
.subject.files|=empty damaged: it has no files
.subject.files[0].size=1 has changed
.rounds_finished=-1 its 'rounds_finished' cannot be -1
.rounds=1e9 its 'rounds' cannot be 1000000000
.rounds=null its 'rounds' cannot be null
.time_s=-5 its 'time_s' cannot be -5
.timeout_s=0 its 'timeout_s' cannot be 0
.run_id=null damaged: it has no run_id
END
}

@test "words that no document can hold are not replaced by others when a run is continued" {
    for name in $'b\xe9nch' $'b\x1bnch'; do
        cp "$fake" "$name"
        "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o part.json "./$name" >/dev/null
        valid part.json
        run -1 "$THREADBENCH" run --continue --trust --rounds 3 part.json
        [[ $output = *"'part.json': the words of its subject are not all in it"* ]]
    done
}

@test "nobody is waited for at the other end of a FIFO" {
    mkfifo pipe
    timeout -k 1 60 "$THREADBENCH" run --continue --trust pipe 3>&- &
    timeout 60 sh -c "until grep -q 'S (sleeping)' /proc/\$(pgrep -P $!)/status; do :; done"
    kill -s TERM $!
    code=0; wait $! || code=$?
    [ $code = 143 ]
    run -1 timeout -k 1 60 "$THREADBENCH" run $fast -f same/null -o pipe "$fake"
    [[ $output = *"cannot write 'pipe': "*": nobody reads it; what was measured is in $TMPDIR/threadbench-"*.json ]]
    valid threadbench-*.json
    rm threadbench-*.json
    exec 8<>pipe 7<pipe # somebody reads it from now on
    cat <&7 >"$json" 3>&- 8>&- &
    run -0 timeout -k 1 60 "$THREADBENCH" run $fast -f same/null -o pipe "$fake"
    exec 8>&- 7<&-
    wait $!
    valid "$json"
}

@test "with --strict what is not measured, or not closely enough, is told by the exit code" {
    run -0 "$THREADBENCH" run --strict --rounds 2 --samples 1 "$fake"
    run -4 "$THREADBENCH" run --strict --precision 0.1 --rounds 9 --samples 1 -f ^a/ "FAKE=drift $fake"
    grep -F '* not within 0.1 %, the precision asked for' <<<"$output"
    run -0 "$THREADBENCH" run --precision 0.1 --rounds 9 --samples 1 -f ^a/ "FAKE=drift $fake"
    run -0 "$THREADBENCH" run --strict --precision 1 --rounds 20 --samples 1 -f same/posix "$fake"
}

@test "a pilot that hangs has no more time than there is" {
    run -1 timeout 60 "$THREADBENCH" run --budget 1 -f quick "sh -c 'case \"\$*\" in *list*) echo quick ;; *) exec tail -f /dev/null ;; esac' sh"
    [[ $output = *"nothing was measured"* ]]
}

@test "a limit of files' sizes is told, and what was measured is kept elsewhere if possible" {
    # A program that counts its branches would write them under the limit, too, and damage those there are.
    run -1 bash -c "ulimit -f 1; GCOV_PREFIX=/dev/null exec '$THREADBENCH' run --rounds 5 --samples 1 -o big.json '$fake'"
    grep '^threadbench: .*cannot write .big.json.: File too large.*; there is no room for it elsewhere either$' <<<"$output"
    grep -E '^create/cpu:same/posix +6' <<<"$output"
}

@test "each document that is kept elsewhere is named" {
    mkdir small
    unshare -m true 2>/dev/null || skip "needs to mount"
    run -1 unshare -m sh -c "mount -t tmpfs -o size=64k t small; head -c 60k /dev/zero >small/rest;
        exec '$THREADBENCH' run --rounds 9 --samples 1 -o small/out.json --archive kept '$fake' '$fake'"
    [ "$(grep -c 'cannot write .small/out-[ab].json.: No space left on device' <<<"$output")" = 2 ]
    without 'what was measured is in' <<<"$output" # it is in the archive
    run -1 unshare -m sh -c "mount -t tmpfs -o size=64k t small; head -c 60k /dev/zero >small/rest;
        exec '$THREADBENCH' run --rounds 9 --samples 1 -o small/out.json '$fake' '$fake'"
    [ "$(grep -c 'what was measured is in' <<<"$output")" = 2 ]
    valid threadbench-*.json
    rm threadbench-*.json
    run -1 unshare -m sh -c "mount -t tmpfs -o size=64k t small; head -c 60k /dev/zero >small/rest;
        TMPDIR= exec '$THREADBENCH' run --rounds 9 --samples 1 -o small/out.json --archive small/kept '$fake'"
    kept=$(sed -n 's/.*what was measured is in //p' <<<"$output")
    [[ $kept = /tmp/threadbench-*.json ]]
    valid "$kept"
    rm "$kept"
}

@test "of two benchmarks of one name none is measured for the other" {
    list="case \"\$*\" in *list*) printf 'one\ntwo\none\n' ;; *) exec '$PLAIN' \"\$@\" ;; esac"
    run -1 "$THREADBENCH" run --rounds 1 -t 0.001 "sh -c '${list//\'/\'\\\'\'}' sh"
    grep -F 'skipped one: its program has several of that name' <<<"$output"
    list=${list/exec \'$PLAIN\' \"\$@\"/exec tail -f /dev/null}
    run -1 "$THREADBENCH" run --budget 0.001 "sh -c '${list//\'/\'\\\'\'}' sh"
    [[ $output = *"nothing was measured"* ]]
}

@test "a subject without a case that is wanted is named, and one with too many" {
    run -1 "$THREADBENCH" list "sh -c 'seq 10001; : \$*' sh"
    [[ $output = *"10001 cases: 10000 at most"*"--benchmark_filter"* ]]
    run -0 "$THREADBENCH" list "sh -c 'seq 1000; : \$*' sh"
    run -2 "$THREADBENCH" run -f quick "plain: $PLAIN" "fake: $fake"
    [[ $output = *"no case of subject fake matches --filter and --set"* ]]
    run -2 "$THREADBENCH" run X=1
    [[ $output = *"subject 'X=1': names no command" ]]
}

@test "another program: repetitions within each process, of which the median counts" {
    run -0 "$THREADBENCH" run --rounds 2 --time 0.005 --repetitions 3 -f '^quick$' -o "$json" "$PLAIN"
    [ "$(ask 'd["context"]["threadbench"]["repetitions"]')" = 3 ]
    valid "$json"
}

@test "a disk that is full by the end costs nothing that was measured" {
    folder=$BATS_TEST_TMPDIR/small
    mkdir "$folder"
    unshare -m true 2>/dev/null || skip "needs to mount"
    run -1 unshare -m sh -c "mount -t tmpfs -o size=64k tmpfs '$folder' && head -c 60k /dev/zero >'$folder/rest' &&
        exec '$THREADBENCH' run --rounds 9 --samples 1 -o '$folder/out.json' '$fake'"
    [[ $output = *"cannot write '$folder/out.json': No space left on device"*"; what was measured is in $TMPDIR/threadbench-"*.json ]]
    mv threadbench-*.json kept.json
    valid kept.json
}
