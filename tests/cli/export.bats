# What goes to other programs: SUITE_PROGRAM is the suite, SHAPE the script that knows their forms.

load setup

archive() {
    "$THREADBENCH" archive "$@"
}

# A run of seven rounds, in which one case is skipped, as first.json; and keep N, which keeps it as the
# one of a commit and a second of that number.
measure() {
    "$THREADBENCH" run -q --rounds 7 --samples 50 --format json \
        -f '^(create/cpu:(same|free)/posix|absent/posix)$' "$fake" >first.json
}

keep() {
    jq --arg n "$1" '.context.threadbench |= (.run_id = "000000000000000" + $n
        | .revision = {commit: ([range(40)] | map($n) | add), dirty: false, describe: null}
        | .started_utc = "2026-01-02T03:04:0" + $n + "Z")' first.json >"$1.json"
    archive add kept "$1.json"
}

shape() {
    /usr/bin/python3 "$SHAPE" "$@"
}

@test "an archive goes out in each of its formats" {
    measure; keep 1; keep 2
    for format in rows-csv rows-ndjson openmetrics otava; do
        run -0 --separate-stderr archive export --format $format -o out.$format kept
        [ -z "$output" ]
        [[ $stderr = "threadbench: left out: 2 skipped"* ]] || { echo "$format: $stderr"; false; }
        archive export --format $format kept 2>/dev/null | cmp - out.$format
    done
    # Two runs of two selected cases and two others, of which rows have the processes.
    [ "$(shape otava out.otava)" = 4 ]
    [ "$(shape rows-csv out.rows-csv)" = "$(shape rows-ndjson out.rows-ndjson)" ]
    [ "$(shape rows-csv out.rows-csv)" -ge 28 ]
    [ "$(shape openmetrics out.openmetrics)" = 22 ]
    archive export kept 2>/dev/null | cmp - out.rows-csv
    run -0 --separate-stderr archive export --format asv -o folder kept
    [ "$(shape asv folder)" = 4 ]
}

@test "a run goes out in each format" {
    measure
    for format in github-action-benchmark bencher perfherder google-benchmark; do
        run -0 --separate-stderr "$THREADBENCH" show --format $format -o out.$format first.json
        [ -z "$output" ]
        [ "$stderr" = "threadbench: left out: 1 skipped" ]
        [ "$(shape $format out.$format)" = 2 ]
        "$THREADBENCH" show --format $format first.json 2>/dev/null | cmp - out.$format
    done
    [ "$(wc -l <out.perfherder)" = 1 ] # a line of a log
    run -0 --separate-stderr "$THREADBENCH" show --format openmetrics first.json
    without -E '[0-9] [0-9]+$' <<<"$output"
    run -0 --separate-stderr "$THREADBENCH" show --format rows-csv -f free first.json
    [ "${#lines[@]}" = 8 ]
}

@test "whatever others wrote goes out in the form that its reader takes" {
    mkdir made
    /usr/bin/python3 "$DOCUMENTS" made
    # Names of fields, too, may be any bytes, or a formula.
    LC_ALL=C sed 's/"threads": *1,/"threads":1,"=\xff\x80,\\"":7,/g' made/hostile.json >hostile.json
    LC_ALL=C grep -q '=[^ -~]*,' hostile.json
    for document in hostile.json made/odd.json made/foreign.json; do
        for format in rows-csv rows-ndjson openmetrics github-action-benchmark bencher; do
            "$THREADBENCH" show --format $format -o out.$format $document
            [ "$(shape $format out.$format)" -gt 0 ]
        done
    done
    jq '.context.threadbench |= (.run_id = "0000000000000002" | .started_utc = "2026-01-02T03:04:06Z")' \
        made/hostile.json >later.json
    "$THREADBENCH" show --format otava -o out.otava hostile.json later.json
    [ "$(shape otava out.otava)" -gt 0 ]
    "$THREADBENCH" show --format openmetrics -o out.openmetrics hostile.json later.json
    [ "$(shape openmetrics out.openmetrics)" -gt 0 ]
}

@test "show refuses what an export cannot be" {
    measure; keep 1 >/dev/null
    run -2 --separate-stderr "$THREADBENCH" show --format bencher first.json 1.json
    [ -z "$output" ]
    [[ $stderr = *"give one document"* ]]
    run -1 --separate-stderr "$THREADBENCH" show --format perfherder -f absent first.json
    [ -z "$output" ]
    [[ $stderr = *"no case has a value"* ]]
    run -2 "$THREADBENCH" show --format xml first.json
    [[ $output = *"give table, json, csv, markdown, rows-csv, "* ]]
    run -2 "$THREADBENCH" show -o out first.json
    [[ $output = *"--output and --filter are of exports"* ]]
    [ ! -e out ]
}

@test "what is chosen goes out alone" {
    measure; keep 1
    run -0 --separate-stderr archive export -f free kept
    [ "${#lines[@]}" = 8 ]
    run -1 --separate-stderr archive export --host elsewhere kept
    [[ $stderr = *"no case has a value"* ]]
    run -1 archive export --label new kept
    jq '.context.threadbench |= (.subject.label = "new" | .run_id = "0000000000000002")' 1.json >2.json
    archive add kept 2.json
    whole=$(archive export kept 2>/dev/null | wc -l)
    [ "$(archive export --label new kept 2>/dev/null | wc -l)" = $(((whole + 1) / 2)) ] # and a head
    run -1 archive export --label old kept
    run -1 archive export --revision ffff kept
}

@test "a format that makes no sense of an archive is refused, and no file touched" {
    measure; keep 1
    echo mine >out
    for format in bencher perfherder github-action-benchmark google-benchmark; do
        run -2 archive export --format $format -o out kept
        [[ $output = *"use 'threadbench show --format $format DOCUMENT'" ]]
    done
    run -2 archive export --format xml -o out kept
    [[ $output = "threadbench: --format 'xml': give rows-csv, rows-ndjson, "*" or google-benchmark" ]]
    [ "$(cat out)" = mine ]
    run -2 archive export --format asv kept
    [[ $output = *"give --output DIR" ]]
    run -2 archive export --format otava kept
    [[ $output = *"two documents at least" ]]
    run -1 archive export -o nosuchfolder/out kept
    [[ $output = *"cannot write 'nosuchfolder/out'"* ]]
}

@test "an export takes the place of the one before it when it is whole, and not before" {
    measure; keep 1
    archive export -o out kept 2>/dev/null
    chmod 640 out
    ln -s out link
    cp out before
    run -1 archive export -f nosuchcase -o link kept
    run -1 "$THREADBENCH" show --format perfherder -f nosuchcase -o out first.json
    run -2 archive export --format otava -o out kept
    cmp out before
    run -0 --separate-stderr archive export -f free -o link kept
    [ "$(wc -l <out)" = 8 ]
    [ "$(stat -c %a out)" = 640 ]
    [ -L link ]
    archive export -o /dev/stdout kept 2>/dev/null | cmp - before
    [ -z "$(find . -name '.tmp-*')" ]
    run -1 --separate-stderr archive export --host elsewhere kept
    [ -z "$output" ]
}

@test "by '-' it goes to stdout" {
    measure; keep 1
    archive export kept >whole 2>/dev/null
    archive export -o - kept 2>/dev/null | cmp - whole
    "$THREADBENCH" show --format rows-csv -o - 1.json 2>/dev/null | cmp - whole
    run -2 archive export --format asv -o - kept
    [[ $output = *"give --output DIR" ]]
    [ ! -e - ]
}

@test "damaged documents are skipped, and of a run that is there twice the longer one goes out" {
    measure; keep 1
    set -- kept/*/*/*.json
    archive export kept >whole 2>/dev/null
    jq '.context.threadbench.rounds_finished = 3 | .benchmarks |= map(select((.round // 0) < 3))' "$1" \
        >"${1%-*}-00000000.json"
    echo '{' >"${1%/*}/20260101T000000Z-0123456789abcdef-00000000.json"
    : >"${1%/*}/20260101T000000Z-0123456789abcdee-00000000.json"
    run -1 --separate-stderr archive export kept
    [[ $stderr = *"skipped: kept/"*"20260101T000000Z"*"exported without 2 files that could not be read"* ]]
    [ "$output" = "$(cat whole)" ]
    rm "${1%/*}"/20260101*
    jq '.context.threadbench.rounds_finished = 3 | .benchmarks |= map(select((.round // 0) < 3))' "$1" \
        >"${1%-*}-ffffffff.json" # as short, behind the longer one
    [ "$("$THREADBENCH" archive export kept 2>/dev/null)" = "$(cat whole)" ]
}

@test "a lifecycle is drawn" {
    run -0 --separate-stderr "$THREADBENCH" run -q --rounds 1 --samples 50 --trace life.json \
        -f '^lifecycle/phases/cpu:same/posix$' "$SUITE_PROGRAM"
    /usr/bin/python3 - life.json <<'END'
import json, sys
trace = json.load(open(sys.argv[1]))
events = trace["traceEvents"]
slices = [e for e in events if e["ph"] == "X"]
parent = [e for e in slices if e["tid"] == 1]
child = [e for e in slices if e["tid"] == 2]
assert len({e["pid"] for e in events}) == 1
assert {e["args"]["name"].split(",")[0] for e in events if e["name"] == "thread_name"} == {"parent", "child"}
whole, phases = parent[0], parent[1:]
assert whole["name"] == "lifecycle/phases/cpu:same/posix" == trace["otherData"]["case"]
assert [e["name"] for e in phases] == ["call", "start", "run", "join"]
at = 0
for phase in phases: # one after the other, and together the whole
    assert abs(phase["ts"] - at) < 1e-6 and phase["dur"] >= 0
    at += phase["dur"]
assert abs(at - whole["dur"]) < 1e-6 and abs(at * 1e3 - trace["otherData"]["sample_ns"]) < 1e-3
assert len(child) == 1 and child[0]["ts"] == phases[2]["ts"] and child[0]["dur"] == phases[2]["dur"]
for number in 1, 2:
    start, end = [e for e in events if e.get("id") == number]
    assert (start["ph"], end["ph"], end["bp"]) == ("s", "f", "e") and start["ts"] <= end["ts"]
    assert start["tid"] != end["tid"]
    for e in start, end: # each within a slice of its thread
        assert any(s["tid"] == e["tid"] and s["ts"] <= e["ts"] < s["ts"] + s["dur"] for s in slices)
END
}

@test "no lifecycle is drawn where there is none, and an older drawing stays" {
    echo old >life.json
    run -2 "$THREADBENCH" run -q --rounds 1 --trace life.json -f free "$fake"
    [[ $output = *"--trace life.json: no case that is selected has phases to draw"* ]]
    run -1 --separate-stderr "$THREADBENCH" run -q --rounds 1 --trace life.json \
        -f '^lifecycle/batch/alive:1/cpu:free/posix$' "$SUITE_PROGRAM"
    [[ $stderr = *"--trace life.json: not written: "* ]]
    [ "$(cat life.json)" = old ]
    run -1 "$THREADBENCH" run --trace nosuchfolder/life.json -f '^lifecycle/phases/cpu:same/posix$' "$SUITE_PROGRAM"
    [[ $output = *"cannot write 'nosuchfolder/life.json'"* ]]
}

@test "a drawing that cannot be written costs no case its result" {
    run -1 --separate-stderr "$THREADBENCH" run -q --rounds 1 --samples 50 -o "$json" --trace /dev/full \
        -f '^lifecycle/phases/cpu:same/posix$' "$SUITE_PROGRAM"
    [[ $stderr = *"cannot write '/dev/full'"* ]]
    [ "$(ask "[b for b in d['benchmarks'] if b.get('error_occurred')]")" = "[]" ]
}

@test "what is read is not written over" {
    refused() {
        local sum
        sum=$(md5sum <"$1")
        shift
        run -2 "$THREADBENCH" "$@"
        [[ $output = *"give another file"* ]]
        [ "$(md5sum <"$kept")" = "$sum" ]
    }
    measure; keep 1
    kept=$(echo kept/*/*/*.json)
    cp "$kept" self.json
    ln self.json other.json
    ln -s other.json link.json
    kept=self.json
    refused self.json show --format bencher self.json -o self.json
    refused self.json show --format bencher self.json -o link.json
    refused self.json report self.json -o other.json
    refused self.json run --continue --trust self.json --trace self.json --rounds 8
    mkdir folder; cp self.json folder
    kept=folder/self.json
    refused folder/self.json report folder -o folder/../folder/self.json
    kept=$(echo kept/*/*/*.json)
    refused "$kept" report --archive kept self.json -o "$kept"
    refused "$kept" history --archive kept -o "$kept"
    refused "$kept" archive export kept -o "$kept"
    refused "$kept" run -o "$kept" "$fake"
    run -2 "$THREADBENCH" run --trace lo.json -o ./lo.json -f '^lifecycle/phases/cpu:same/posix$' "$SUITE_PROGRAM"
    [[ $output = *"--trace 'lo.json' is read or written itself: give another file"* ]]
    [ ! -e lo.json ]
}
