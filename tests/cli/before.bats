# What is said and decided before anything is measured; as in run.bats.

load setup

others='d["context"]["threadbench"]["other_run"]'
findings='[w["id"] for w in d["context"]["threadbench"]["warnings"]]'

# Starts a run of which the fifth process waits to be interrupted, in a folder of its own.
start_held() {
    mkdir "$1"
    (cd "$1" && FAKE=slow exec "$THREADBENCH" run --rounds 9 --samples 1 -f same/null -o out.json "$fake" >table 2>errors 3>&-) &
    timeout 60 sh -c "until [ -e '$1/held' ]; do :; done"
}

end() {
    kill -s "$1" "$2"
    wait "$2" || true
}

@test "of two runs at the same time each knows, and says who the other one is" {
    start_held first
    first=$!
    start_held second
    second=$!
    grep -F "another threadbench measures on this host (process $first: $THREADBENCH run --rounds 9" second/errors
    [ "$(grep -c 'another threadbench' second/errors)" = 1 ]
    [ ! -s first/errors ]
    "$THREADBENCH" doctor --json "$fake" | grep -F 'other-run"'
    end TERM $first # it looks once more, and finds the second
    grep -F "another threadbench measures on this host (process $second: " first/errors
    end TERM $second
    for json in first/out.json second/out.json; do
        valid $json
        [ "$(ask "'--rounds 9' in $others, 'other-run' in $findings")" = 'True True' ]
    done
    run -0 "$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o "$json" "$fake"
    without 'another threadbench' <<<"$output"
    [ "$(ask "$others, 'other-run' in $findings")" = 'None False' ]
}

@test "wait: until the other one has ended, and no longer than its end by force" {
    start_held first
    first=$!
    "$THREADBENCH" run --wait --rounds 1 --samples 1 -f same/null -o "$json" "$fake" >table 2>errors 3>&- &
    second=$!
    timeout 60 sh -c 'until grep waiting errors; do :; done'
    grep -F "waiting for another threadbench that measures on this host (process $first: " errors
    [ ! -s table ]
    end KILL $first
    wait $second
    grep -F 'create/cpu:same/null' table
    [ "$(ask "$others")" = None ]
    swept
}

@test "who waits can be interrupted" {
    start_held first
    first=$!
    "$THREADBENCH" ab --wait -f same/null "$fake" "$fake" >table 2>errors 3>&- &
    second=$!
    timeout 60 sh -c 'until grep waiting errors; do :; done'
    kill -s TERM $second
    code=0; wait $second || code=$?
    [ $code = 143 ]
    [ ! -s table ]
    end TERM $first
}

@test "what cannot be locked is said, followed by nothing and waited for by nobody" {
    mkfifo pipe
    ln -s pipe link
    export THREADBENCH_LOCK=pipe
    run -0 timeout 60 "$THREADBENCH" run --wait --rounds 1 --samples 1 -f same/null "$fake"
    for THREADBENCH_LOCK in link missing; do
        run -0 "$THREADBENCH" doctor "$fake"
        [[ ${output//$'\n'         / } = *"other-run-unknown: another threadbench that measures on this host is not noticed: cannot open '$THREADBENCH_LOCK': "* ]]
    done
}

# A subject of which one case takes longer than any budget has time for, until the file `ready` is there.
make_dear() {
    printf '#!/bin/sh\ncase $* in *filter=^a/very*) [ -e ready ] || exec tail -f /dev/null ;; esac\nexec "%s" "$@"\n' "$fake" >dear
    chmod +x dear
}

@test "what is planned stands in one line, and what the budget does not hold in another" {
    make_dear
    run -0 --separate-stderr "$THREADBENCH" ab --budget 20 -f '^(a|create/cpu:same/posix|absent)' -o out.json ./dear ./dear
    [[ $stderr =~ ^'threadbench: cases: 1, processes a round: 2, in about '[0-9.]+' s; at most 10000 rounds and 20 s in all'$'\n' ]]
    [[ $stderr =~ $'\n'threadbench:\ left\ out,\ as\ 20\ s\ do\ not\ hold\ all:\ a/very/.*/posix\ \((more\ than\ [0-9.]+\ s:\ [0-9]+\ x\ more\ than\ [0-9.]+\ s)\):\ give\ a\ larger\ --budget,\ or\ fewer\ cases ]]
    needs=${BASH_REMATCH[1]}
    [[ $(tr -s ' \n' ' ' <<<"$output") = *"20 s do not hold it"*" ($needs): give a larger --budget"* ]]
    grep -E '^create/cpu:same/posix .* same ' <<<"$output"
    json=out-a.json
    valid $json
    [[ "$(ask '[(c["outcome"], c["reason"]) for c in d["threadbench_cases"]][1]')" = "('pending', '20 s do not hold it"*" ($needs): give a larger --budget"* ]]
    run -4 --separate-stderr "$THREADBENCH" ab -q --rounds 1 -f same/posix "$fake" "$fake"
    [ -z "$stderr" ]
    # Pilots that are not needed say nothing of the time.
    run -0 --separate-stderr "$THREADBENCH" run --samples 1 --rounds 1 --budget 60 -f same/null "$fake"
    [ "$stderr" = 'threadbench: cases: 1, processes a round: 1; at most 1 round and 60 s in all' ]
}

@test "where processes take longer than planned, better some cases are decided than none" {
    printf '#!/bin/sh\ncase $* in *filter=^a/very*) echo >>dear; [ "$(wc -l <dear)" = 1 ] || sleep 2 ;; esac\nexec "%s" "$@"\n' "$fake" >later
    chmod +x later
    run -0 --separate-stderr "$THREADBENCH" ab --budget 20 -f '^(a/|create/cpu:same/posix)' ./later ./later
    [[ $stderr = 'threadbench: cases: 2, processes a round: 4, '*$'\nthreadbench: processes take longer than planned; cases: 1, processes a round: 2, '*$'\nthreadbench: left out, as 20 s do not hold all: a/very/'* ]]
    grep -E '^create/cpu:same/posix .* same ' <<<"$output"
    [ "$(wc -l <dear)" -gt 1 ] # not the pilot alone: dear as it was it was measured while there was time
}

@test "what was left out is measured when the run goes on" {
    make_dear
    run -0 "$THREADBENCH" run --budget 8 --rounds 2 -f '^(a/|create/cpu:same/posix)' -o "$json" ./dear
    grep -F 'not yet measured: 1 case, of these' <<<"$output"
    touch ready
    run -0 "$THREADBENCH" run --continue --trust --rounds 4 -o rest.json "$json"
    json=rest.json
    [ "$(ask '[c["reason"] for c in d["threadbench_cases"] if c["role"] == "selected"]')" = '[None, None]' ]
}

@test "ab stops at once where there is nothing to compare" {
    run -1 "$THREADBENCH" ab "$fake" "$PLAIN"
    [ "$output" = 'threadbench: subjects a and b have none of the chosen cases in common' ]
    run -2 "$THREADBENCH" ab -f '^quick$' "$PLAIN" "$fake"
    [ "$output" = "threadbench: no case of subject b matches --filter and --set: 'threadbench list $fake' shows all" ]
    run -2 "$THREADBENCH" run -f '^quick$' "env A=1 $fake"
    [ "$output" = "threadbench: no case matches --filter and --set: 'threadbench list env\\ A=1\\ $fake' shows all" ]
    run -2 "$THREADBENCH" list -f '^quick$' "$fake"
    [ "$output" = "threadbench: no case matches --filter and --set: without them all are listed" ]
    run -2 "$THREADBENCH" ab "$fake"
    [ "${#lines[@]}" = 1 ]
    for operands in "--python missing --python $fake" "$fake --python missing"; do
        run -1 "$THREADBENCH" ab $operands
        [[ $output = "threadbench: subject 'missing': "* ]]
        [ "${#lines[@]}" = 1 ]
    done
}

@test "a case that one subject cannot run is not measured with the other, nor after it has failed" {
    run -1 "$THREADBENCH" ab --rounds 9 --samples 1 -f '^(create/cpu:same/posix|absent)' -o out.json \
        "$fake" "FAKE=late-failure $fake"
    [[ $output = *'failed on the new side: exit status 7: out of luck'* ]]
    json=out-a.json
    [ "$(ask '[c["summary"]["processes"] for c in d["threadbench_cases"]]')" = '[4, 0]' ]
}

@test "the doctor says what a gate can find here, by what a subject differs from itself" {
    run -0 --separate-stderr "$THREADBENCH" doctor --noise --budget 20 -f '^(create/cpu:same/posix|absent)' "$fake"
    [[ $stderr =~ ^'threadbench: cases: 1, processes a round: 2, in about '[0-9.]+' s; at most 10000 rounds and 20 s in all'$ ]]
    grep -E '^case +MDE in 10 s pairs MDE in 20 s pairs against itself$' <<<"$output"
    grep -E '^create/cpu:same/posix +(\+2\.0%|-) +[0-9]+ +\+2\.0% +[0-9]+ same$' <<<"$output"
    grep -F 'missing absent/posix: skipped on both sides: not on this machine' <<<"$output"
    plain_text
    FAKE=jitter "$THREADBENCH" doctor --noise --budget 20 -m 1 -f same/posix --json "$fake" >"$json"
    [ "$(ask '[g["budget_s"] for g in d["threadbench"]["noise"]], d["threadbench"]["other_run"]')" = '[10, 20] None' ]
    cat >check.py <<'PY'
import json, sys
half, whole = (g["cases"][0] for g in json.load(open(sys.argv[1]))["threadbench"]["noise"])
assert half["pairs"] == (whole["pairs"] + 1) // 2 and whole["pairs"] > 17, (half, whole)
assert 1.01 < whole["mde"] < 1.1, whole
assert set(half["shifts"].values()) == {None} and 0.9 < whole["shifts"]["p50"] < 1.1, (half, whole)
PY
    /usr/bin/python3 check.py "$json"
    run -2 "$THREADBENCH" doctor --budget 1
    [ "$output" = 'threadbench: --budget: give --noise, too' ]
    run -2 "$THREADBENCH" doctor --noise "x: $fake"
    run -1 "$THREADBENCH" doctor --noise --budget 0.001 "$fake"
    [[ $output = *'--noise: nothing was measured: give it more time by --budget'* ]]
}
