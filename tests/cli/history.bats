# The history of an archive over a made-up repository: THREADBENCH is the program, HISTORY_SCHEMA the
# schema of its JSON.

load setup

setup() {
    fake=$BATS_TEST_DIRNAME/fake.sh
    export TMPDIR=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8 XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    export GIT_COMMITTER_DATE=2026-01-02T00:00:00Z # before the documents
    export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@localhost GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@localhost
    cd "$BATS_TEST_TMPDIR"
}

commit() {
    git -C work commit -q --allow-empty -m "$1"
}

# commits_between FROM TO: on top of HEAD, a commit of each number from FROM on, without TO
commits_between() {
    local branch committer from
    branch=$(git -C work symbolic-ref HEAD)
    committer=$(git -C work var GIT_COMMITTER_IDENT)
    from=$(git -C work rev-parse -q --verify HEAD) && from="from $from"
    for ((i = $1; i < $2; i++)); do
        printf 'commit %s\ncommitter %s\ndata <<END\nsubject %d\nEND\n%s\n' \
            "$branch" "$committer" "$i" "$from"
        from=
    done | git -C work fast-import --quiet
}

# commits NUMBER: a repository with so many, and $commits has their names, from 0
commits() {
    git init -q work
    commits_between 0 "$1"
    mapfile -t commits < <(git -C work rev-list --reverse HEAD)
}

# documents ORDER...: of each commit (COMMIT:RATIO[:WHAT]) a document of two cases, of which the second
# takes RATIO times as long as the first. WHAT changes the document, in Python, as `d`.
documents() {
    mkdir -p made
    /usr/bin/python3 - "$@" <<'END'
import json, os, random, sys
def here():
    d["context"]["host_name"] = ours["host"]["name"] = os.uname().nodename
    ours["host"]["kernel"]["release"] = os.uname().release
for number, order in enumerate(sys.argv[1:]):
    commit, ratio, *what = order.split(":", 2)
    random.seed(number)
    values = {"one": 1000 * random.uniform(0.99, 1.01),
              "create/cpu:same/posix": 6000 * float(ratio) * random.uniform(0.99, 1.01)}
    d = {"context": {"host_name": "h", "threadbench": {
            "schema": "threadbench-result", "version": 1, "run_id": f"{number:016x}", "time_s": 0.1,
            "started_utc": f"2026-01-02T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z", "rounds_finished": 6,
            "host": {"name": "h", "kernel": {"release": "6.1"}},
            "subject": {"argv": ["/" "some/folder/it"]},
            "revision": {"commit": commit, "dirty": False}}},
         "benchmarks": [{"name": name, "run_name": name, "run_type": "iteration", "threads": 1, "round": round,
                         "iterations": 1, "real_time": value * (1 + round / 1000), "cpu_time": 1,
                         "mean": value * (1 + round / 1000), "time_unit": "ns"}
                        for name, value in values.items() for round in range(6)]}
    ours = d["context"]["threadbench"]
    exec("".join(what))
    json.dump(d, open(f"made/{number}.json", "w"))
END
    "$THREADBENCH" archive add bench-results made/*.json >/dev/null
    rm -r made
}

history() {
    run -0 --separate-stderr "$THREADBENCH" history --repo work "$@"
}

# A step of 20 % at the 41st of 60 commits.
step() {
    commits 60
    local orders=()
    for i in "${!commits[@]}"; do
        if ((i < 40)); then orders+=("${commits[i]}:1"); else orders+=("${commits[i]}:1.2"); fi
    done
    documents "${orders[@]}"
}

valid_history() {
    /usr/bin/python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(sys.stdin), json.load(open(sys.argv[1])))' "$HISTORY_SCHEMA" <<<"$output"
}

@test "a step is found, at its commit, and nothing else is" {
    step
    history
    head_is "1 change in 2 cases over 60 commits: create/cpu:same/posix +*% \[*\] at ${commits[40]:0:12}"
    grep -E "^create/cpu:same/posix +\+[12][0-9.]+% .* at ${commits[40]:0:12} +subject 40" <<<"$output"
    history '^one'
    head_is "NO CHANGE in 1 case over 60 commits"
    grep -E "^${commits[7]:0:12} +[0-9.]+ (µs|ns) +[0-9.]+% +subject 7$" <<<"$output"
    history '^create'
    grep -E "^${commits[40]:0:12} +[0-9.]+ µs +[0-9.]+% \+[0-9.]+% +subject 40$" <<<"$output"
    history -f '^one'
    head_is "NO CHANGE in 1 case over 60 commits"
    history --range HEAD~30..HEAD
    head_is "1 change in 2 cases over 30 commits*"
    history --range "${commits[30]}"
    head_is "NO CHANGE in 2 cases over 31 commits"
}

@test "a drift is told, and a doubling beside it is found" {
    commits 40
    orders=()
    for ((i = 0; i < 40; i++)); do orders+=("${commits[i]}:$((10000 + i * 125))e-4"); done
    documents "${orders[@]}"
    history '^create'
    head_is "NO CHANGE in 1 case over 40 commits, but 1 of 1 drift"
    grep -F 'drift: create/cpu:same/posix: each run is near to the one before it' <<<"$output"
    history '^one'
    head_is "NO CHANGE in 1 case over 40 commits"
    rm -r bench-results
    orders=()
    for ((i = 0; i < 40; i++)); do orders+=("${commits[i]}:$(((10000 + i * 12) * (1 + (i > 24))))e-4"); done
    documents "${orders[@]}"
    history
    head_is "1 change in 2 cases over 40 commits: create/cpu:same/posix +*% \[*\] at ${commits[25]:0:12}"
}

@test "the order is that of the commits, not of the time" {
    commits 60
    orders=()
    for ((i = 59; i >= 0; i--)); do
        if ((i < 20)); then orders+=("${commits[i]}:1"); else orders+=("${commits[i]}:0.8"); fi
    done
    documents "${orders[@]}"
    history --format json
    valid_history
    jq -e --arg commit "${commits[20]}" '.changes == 1 and (.series[] | select(.case == "create/cpu:same/posix") |
        .changes[0] | .commits.until == $commit and .commits.count == 1 and .ratio < 1)' <<<"$output"
}

@test "commits that were not measured are a range" {
    commits 80
    orders=()
    for ((i = 0; i < 80; i += 2)); do
        if ((i < 40)); then orders+=("${commits[i]}:1"); else orders+=("${commits[i]}:1.2"); fi
    done
    documents "${orders[@]}"
    history
    head_is "1 change in 2 cases over 40 commits: *between ${commits[38]:0:12} and ${commits[40]:0:12}, 2 commits"
    history --format json
    valid_history
    jq -e '.commits == 80 and .commits_measured == 40' <<<"$output"
}

@test "another kernel, compiler, library or version of a benchmark splits, and says so" {
    commits 60
    orders=()
    for i in "${!commits[@]}"; do
        what='pass'
        if ((i >= 20)); then what='ours["host"]["kernel"]["release"] = "6.2"'; fi
        if ((i >= 40)); then what+='; ours["build"] = {"compiler": "gcc"}'; fi
        if ((i >= 50)); then what+='; ours["build"] = {"compiler": "clang"}'; fi
        orders+=("${commits[i]}:$((1 + i / 20)):$what")
    done
    documents "${orders[@]}"
    history
    grep -E "^split at ${commits[20]:0:12}: the kernel .*2 cases.*subject 20" <<<"$output"
    grep -E "^split at ${commits[50]:0:12}: the compiler" <<<"$output"
    history --format json
    valid_history
    jq -e '[.series[].splits[].what] | length == 4' <<<"$output"
}

@test "what is not in it is counted" {
    step
    documents "none:1:ours['revision'] = None; ours['run_id'] = 'f' * 16" \
        "0123456789abcdef0123456789abcdef01234567:1:ours['run_id'] = 'e' * 16" \
        "${commits[3]}:1:ours['revision']['dirty'] = True; ours['run_id'] = 'd' * 16" \
        "${commits[3]}:1:ours['rounds_finished'] = 2; ours['run_id'] = '0' * 15 + '3'"
    git -C work checkout -q -b side "${commits[5]}"
    commit aside
    documents "$(git -C work rev-parse HEAD):1:ours['run_id'] = 'c' * 16"
    git -C work checkout -q -
    echo ' ' >>"$(find bench-results -path "*${commits[7]}/*")"
    : >"$(find bench-results -path "*${commits[8]}/*")"
    run -1 --separate-stderr "$THREADBENCH" history --repo work
    [[ $output = *"left out: 1 document without a commit"* ]]
    [[ $output = *"left out: 1 document of 1 commit that git does not know"* ]]
    [[ $output = *"left out: 1 document of 1 commit not on the first-parent line of 'HEAD'"* ]]
    [[ $output = *"left out: 2 documents damaged"* ]]
    [[ $output = *"left out: 1 document of a run of which another document has more rounds"* ]]
    [[ $output = *"1 run of dirty trees: shown, and not looked at for changes"* ]]
    [[ $stderr = *"skipped: "*"is damaged"* ]]
    [[ $stderr = *"shown without 2 files that could not be read: remove or restore what 'threadbench archive verify' names" ]]
    run -1 --separate-stderr "$THREADBENCH" history --repo work --format json
    valid_history
    jq -e '.left_out == {without_commit: 1, unknown_commit: 1, beside_the_line: 1, damaged: 2, twice: 1,
        shallow_repository: false} and ([.runs[] | select(.dirty)] | length) == 1' <<<"$output"
}

@test "an archive without anything to show says why" {
    commits 2
    mkdir bench-results
    run -1 --separate-stderr "$THREADBENCH" history --repo work
    [[ $stderr = *"bench-results' has no document of a commit of 'HEAD'"* ]]
    documents "${commits[0]}:1" "${commits[1]}:2"
    history
    head_is "TOO FEW RUNS to see a change in 2 cases over 2 commits*"
    run -2 "$THREADBENCH" history --repo work nothing
    [[ $output = *"no case matches the filter and --set: without them all are shown" ]]
    run -2 "$THREADBENCH" history --repo work -f 'creat/cpu:same'
    [[ $output = *": did you mean -f '^create/cpu:same'?" ]]
    run -2 "$THREADBENCH" history --repo work 'creat/cpu:same'
    [[ $output = *": did you mean -f '^create/cpu:same'?" ]]
    run -2 "$THREADBENCH" history --repo work --range nowhere
    [[ $output = *"'nowhere': git finds no such revision in 'work'"* ]]
    run -2 "$THREADBENCH" history --repo work --range --all
    run -2 "$THREADBENCH" history --repo work '['
    run -2 "$THREADBENCH" history --repo work --budget 3
    [[ $output = *"--budget: give --confirm, too"* ]]
    run -2 "$THREADBENCH" history --repo missing
    run -2 "$THREADBENCH" history --repo work --confirm --build "cp 'x"
    [[ $output = *"--build 'cp 'x': a quote is not"* ]]
    run -2 env -u XDG_CACHE_HOME HOME=here "$THREADBENCH" history --repo work --confirm
    [[ $output = *"nowhere to keep what is built"* ]]
}

@test "what a history cannot be, or cannot be written to, is refused" {
    step
    run -2 "$THREADBENCH" history --repo work -f '^one' '^create'
    [ "$output" = "threadbench: '^create' and --filter: give one of them" ]
    run -1 "$THREADBENCH" history --repo work -o missing/out.html
    [[ $output = "threadbench: cannot write 'missing/out.html': No such file or directory"* ]]
    run -2 "$THREADBENCH" history --repo work --set core
    [[ $output = *"no case matches the filter and --set: without them all are shown" ]]
    run -1 "$THREADBENCH" history --repo work --host hh
    [ "$output" = "threadbench: '$PWD/bench-results' has no document of host 'hh': did you mean 'h'?" ]
    run -1 "$THREADBENCH" history --repo work --host elsewhere
    [[ $output = *"/bench-results' has no document of a commit of 'HEAD' on host elsewhere: measure "* ]]
    history --alpha 0.2 --format json -o out.json
    output=$(cat out.json)
    jq -e '.alpha == 0.002' <<<"$output"
    run -1 --separate-stderr "$THREADBENCH" history --repo work --format json -o /dev/full
    [[ $stderr = *"cannot write '/dev/full': No space left on device"* ]]
    git -C work checkout -q --orphan other && commit another
    run -1 "$THREADBENCH" history --repo work --host h
    [[ $output = *"bench-results' has no document of a commit of 'HEAD' on host h: measure "* ]]
}

@test "a file that is called like a commit is no commit" {
    commits 4
    git -C work checkout -q -b side "${commits[1]}"
    commit aside
    side=$(git -C work rev-parse HEAD)
    git -C work checkout -q -
    : >"work/$side"
    documents "${commits[0]}:1" "${commits[1]}:1" "$side:1" "0123456789abcdef0123456789abcdef01234567:1"
    history --format json
    jq -e '.left_out | .beside_the_line == 1 and .unknown_commit == 1' <<<"$output"
}

@test "where git cannot be run that is said, and two lines are none" {
    commits 2
    documents "${commits[0]}:1" "${commits[1]}:2"
    mkdir bin
    ln -s "$(command -v env)" bin
    run -1 --separate-stderr env PATH="$PWD/bin" "$THREADBENCH" history --repo work
    [[ $stderr = *"git cannot be run: "*"No such file or directory"* ]]
    run -2 --separate-stderr "$THREADBENCH" history --repo work --range HEAD~1...HEAD
    [[ $stderr = *"'HEAD~1...HEAD' is no line of commits: give A..B"* ]]
}

@test "nothing of the repository is run, and no other repository is asked" {
    step
    printf '#!/bin/sh\ntouch "%s/ran"\n' "$PWD" >ran.sh
    chmod +x ran.sh
    for key in core.fsmonitor core.pager gpg.program log.diffmerges core.sshcommand diff.external; do
        git -C work config $key "$PWD/ran.sh"
    done
    git -C work config log.showSignature true
    for hook in post-index-change pre-auto-gc reference-transaction post-checkout; do
        cp ran.sh "work/.git/hooks/$hook"
    done
    git init -q other
    GIT_DIR=$PWD/other/.git history
    head_is '1 change in 2 cases*'
    [ ! -e ran ]
}

@test "hosts and setups are series of their own" {
    commits 10
    documents $(printf '%s:1 ' "${commits[@]}") \
        $(printf '%s:3:ours["run_id"]=ours["run_id"].replace("0","a");d["context"]["host_name"]="other" ' "${commits[@]}") \
        $(printf '%s:9:ours["run_id"]=ours["run_id"].replace("0","b");ours["subject"]["environment"]={"LD_X":"1"} ' "${commits[@]}")
    history --format json
    valid_history
    [ "$(jq -r '.series[] | .host + " " + .setup' <<<"$output" | sort -u)" = "h LD_X=1 it, 0.1 s a process
h it, 0.1 s a process
other it, 0.1 s a process" ]
    history --host other --format json
    [ "$(jq '.series | length' <<<"$output")" = 2 ]
}

@test "of a setup the program alone has no folder" {
    commits 2
    cache=/var/cache/threadbench
    for i in 0 1; do
        built=$cache/${commits[i]}-0123abcd/out/bin/it
        documents "${commits[i]}:1:ours['run_id']='a$i';ours['subject']['argv']=['/opt/$i/it','/tmp/small/x']" \
            "${commits[i]}:2:ours['run_id']='b$i';ours['subject']['argv']=['/opt/$i/it','/tmp/big/x']" \
            "${commits[i]}:1:ours['run_id']='c$i';ours['subject']['argv']=['taskset','-c','0','$built']"
    done
    history --format json
    valid_history
    [ "$(jq -r '.series[] | select(.case == "one") | .setup' <<<"$output" | sort)" = "it /tmp/big/x, 0.1 s a process
it /tmp/small/x, 0.1 s a process
taskset -c 0 bin/it, 0.1 s a process" ]
}

@test "what stands in subjects obeys nobody" {
    commits 20
    commit "$(printf '=HYPERLINK("x") \033[31m<script>alert(1)</script> \xe2\x80\xae | & "')"
    mapfile -t commits < <(git -C work rev-list --reverse HEAD)
    for ((i = 0; i < 20; i++)); do commit more; commits+=("$(git -C work rev-parse HEAD)"); done
    orders=()
    for i in "${!commits[@]}"; do
        if ((i < 20)); then orders+=("${commits[i]}:1"); else orders+=("${commits[i]}:1.5"); fi
    done
    documents "${orders[@]}"
    history
    [[ $output = *"=HYPERLINK"* ]]
    for line in "${lines[@]}"; do without '[[:cntrl:]]' <<<"$line"; done
    without $'\xe2\x80\xae' <<<"$output"
    history --format csv
    without $'\xe2\x80\xae' <<<"$output"
    grep -F "\"'=HYPERLINK(\"\"x\"\")" <<<"$output"
    [ "$(/usr/bin/python3 -c 'import csv, sys; print(len({len(row) for row in csv.reader(sys.stdin)}))' <<<"$output")" = 1 ]
    history --format html
    without '<script>alert' <<<"$output"
    without $'\033' <<<"$output"
    grep -F '&lt;script&gt;alert(1)' <<<"$output"
}

@test "the page has figures, and links that lead to the documents" {
    command -v gnuplot >/dev/null || skip "no gnuplot"
    step
    mkdir 'a page'
    history --format html -o 'a page/history.html'
    [ -z "$output" ]
    [ "$stderr" = "threadbench: the history is in 'a page/history.html'" ]
    [ "$(grep -o '<svg class="plot"' 'a page/history.html' | wc -l)" = 2 ]
    grep -o 'href="[^"#]*\.json"' 'a page/history.html' | sort -u >links
    [ "$(wc -l <links)" = 60 ]
    while IFS='"' read -r _ link _; do [ -f "a page/$link" ]; done <links
}

@test "a signal while a page's figures are drawn: no page, and nothing is left behind" {
    printf '#!/bin/sh\n: >under-way\nexec tail -f /dev/null\n' >gnuplot
    chmod +x gnuplot
    step
    PATH=$PWD:$PATH "$THREADBENCH" history --repo work --format html -o page.html 2>errors 3>&- &
    timeout 60 sh -c 'until [ -e under-way ]; do :; done'
    kill -s TERM $!
    code=0; wait $! || code=$?
    [ "$code" = 143 ]
    grep -F 'interrupted' errors
    [ ! -e page.html ]
    [ -z "$(find . -name 'threadbench-*')" ]
}

@test "a plain locale gets plain characters" {
    step
    LC_ALL=C history
    if LC_ALL=C grep -qP '[^\x00-\x7f]' <<<"$output"; then return 1; fi
    grep -E '^create/cpu:same/posix +60 +\.+@+ ' <<<"$output"
    history
    grep -E '^create/cpu:same/posix +60 +▁+█+ ' <<<"$output"
}

@test "a document is read once, by several histories at a time as well" {
    step
    for i in 1 2 3; do "$THREADBENCH" history --repo work >out.$i 2>err.$i & done
    wait
    cmp out.1 out.2
    cmp out.1 out.3
    cat err.*
    [ -z "$(cat err.*)" ]
    history
    cmp - out.1 <<<"$output"
    find cache -name 'index-*.sqlite' -exec sh -c 'echo broken >"$1"' sh {} \;
    history
    cmp - out.1 <<<"$output"
    chmod 555 cache/threadbench
    find cache -name 'index-*.sqlite' -delete || true
    history
    head_is '1 change in 2 cases*'
    chmod 755 cache/threadbench
}

# program FAKE SUBJECT: from that commit on the program is another one, which is handed a path
program() {
    printf '#!/bin/sh\n[ "$1" = /tmp/small/x ] || exit 9\nFAKE=%s exec "%s" "$@"\n' "$1" "$fake" >work/program
    chmod +x work/program
    git -C work add program
    commit "$2"
}

# slow_program RATIO [AT]: measured was each fourth commit; the program became slower in between, by the
# commit $slow, or by the commit AT.
slow_program() {
    local at=${2:-41}
    git init -q work
    program jitter first
    commits_between 1 "$at"
    program slower 'make it slow'
    slow=$(git -C work rev-parse HEAD)
    commits_between "$((at + 1))" 80
    mapfile -t commits < <(git -C work rev-list --reverse HEAD)
    [ "${commits[at]}" = "$slow" ]
    orders=()
    for ((i = 0; i < 80; i += 4)); do
        ratio=1
        ((i < 41)) || ratio=$1
        order="${commits[i]}:$ratio:here();ours['subject']['argv'].append('/tmp/small/x')"
        orders+=("$order" "$order")
    done
    documents "${orders[@]}"
}

confirm() {
    history --confirm --build 'cp program {out}/bin/it' --product bin/it "$@"
}

@test "a change is measured again, and what was not measured is bisected" {
    slow_program 1.1
    history
    head_is "1 change in 2 cases over 20 commits: *between ${commits[40]:0:12} and ${commits[44]:0:12}, 4 commits"
    confirm --format json
    valid_history
    jq -e --arg slow "$slow" '.series[] | select(.case == "create/cpu:same/posix") | .changes[0] |
        .commits.until == $slow and .commits.count == 1 and .commits.subject == "make it slow" and
        .again.state == "confirmed" and .again.ratio > 1.05' <<<"$output"
    [[ $stderr = *"threadbench: measuring 1 change again, for 300 s each at most"* ]]
    [[ $stderr = *"threadbench: building @rev:${commits[40]}"* ]]
    confirm
    head_is "1 change in 2 cases over 20 commits, 1 confirmed: *at ${slow:0:12}"
    grep -E "make it slow +confirmed$" <<<"$output"
    confirm --budget 1
    [[ $stderr = *": comparing ${commits[44]:0:12} with ${commits[40]:0:12}"* ]]
    confirm --quiet
    [ -z "$stderr" ]
}

@test "commits that cannot be built are passed by, up from the middle and down" {
    slow_program 1.1
    cat >build.sh <<END
case \$(git rev-parse HEAD) in ${commits[42]} | ${commits[43]}) exit 1 ;; esac
cp program "\$1/bin/it"
END
    history --confirm --build "sh $PWD/build.sh {out}" --product bin/it --format json
    jq -e --arg before "${commits[41]}" '.series[] | select(.case == "create/cpu:same/posix") | .changes[0] |
        .commits.until == $before and .commits.count == 1 and .again.state == "confirmed"' <<<"$output"
}

@test "a change that is not there is refuted, and one that cannot be built says why" {
    slow_program 0.9
    confirm
    head_is "1 change in 2 cases over 20 commits, 0 confirmed: *"
    grep -E ' refuted$' <<<"$output"
    rm -r cache
    history --confirm --build 'false' --product bin/it
    grep -E ' unbuilt$' <<<"$output"
    grep -F 'exit status 1' <<<"$output"
    history --confirm --product bin/other
    grep -F "folder/it /tmp/small/x' has no program" <<<"$output"
    history --confirm # what is built is the suite
    grep -F "folder/it /tmp/small/x' has no program" <<<"$output"
}

@test "a change of another host, or of another kernel, is left to that" {
    commits 40
    orders=()
    for i in "${!commits[@]}"; do
        orders+=("${commits[i]}:$((1 + i / 20)):pass")
        orders+=("${commits[i]}:$((1 + i / 20)):here();ours['host']['kernel']['release']='6.1'")
        orders+=("${commits[i]}:$((1 + i / 20)):d['context'].pop('host_name')")
    done
    documents "${orders[@]}"
    history --confirm --build false --product bin/it --format json
    valid_history
    [ "$(jq -r '.series[].changes[].again | .state + ": " + .remark' <<<"$output" | sort)" = "unconfirmed: it is of host 'h': confirm it there
unconfirmed: the kernel is another one than in the last of its runs: it cannot be confirmed here
unconfirmed: the kernel is another one than in the last of its runs: it cannot be confirmed here" ]
    [ -z "$stderr" ]
}

@test "clocks that were wrong are named, and several hosts of one name" {
    commits 6
    orders=()
    for i in "${!commits[@]}"; do
        orders+=("${commits[i]}:1:ours['host']['cpu'] = 'the one' if $i < 3 else 'another'")
    done
    documents "${orders[@]}"
    history
    without -E 'clock|processor [0-9]' <<<"$output" # it was replaced, once
    rm -r bench-results
    for i in 1 2 4 5; do
        orders[i]="${commits[i]}:1:ours['host']['cpu'] = 'the one' if $i % 2 else 'another'"
    done
    orders[0]+="; ours['started_utc'] = '2025-12-31T00:00:00Z'"
    orders[3]="${commits[3]}:1:ours['started_utc'] = '2999-01-01T00:00:00Z'"
    documents "${orders[@]}"
    history
    grep -Fx '1 run of a time before its commit: a clock was wrong' <<<"$output"
    grep -Fx '1 run of a time to come: a clock was wrong' <<<"$output"
    [[ ${output//$'\n    '/ } = *"host 'h' has had another processor 2 times: if several hosts are called so, give each its own name by 'run --host'"* ]]
    history --format html
    [[ $output = *'<li>1 run of a time to come: a clock was wrong</li>'* ]]
}

# Prepares each build but the third, which waits to be interrupted.
third_build_waits() {
    cat >build.sh <<END
echo >>"$PWD/builds"
if [ "\$(wc -l <"$PWD/builds")" = 3 ]; then : >"$PWD/held"; exec tail -f /dev/null; fi
cp program "\$1/bin/it"
END
}

# interrupt SIGNAL CODE: as soon as the file `held` is there; what was printed is in `out` and `err`
interrupt() {
    local pid code=0
    "$THREADBENCH" history --repo work --confirm --build "sh $PWD/build.sh {out}" --product bin/it >out 2>err 3>&- &
    pid=$!
    until [ -e held ] || gone $pid; do sleep 0.05; done
    kill "-$1" $pid
    wait $pid || code=$?
    cat out err
    [ $code = "$2" ]
}

@test "a signal in a later build keeps what was confirmed, and leaves no work tree" {
    slow_program 1.1
    third_build_waits
    interrupt TERM 143
    grep -F '1 change in 2 cases over 20 commits, 1 confirmed: ' out
    grep -F 'where in between: interrupted' out
    grep -F 'threadbench: interrupted: 0 of 1 changes were tried' err
    [ "$(git -C work worktree list | wc -l)" = 1 ]
}

@test "what was not measured is bisected from both sides, as far as it can be built" {
    slow_program 1.1 43
    confirm --format json
    jq -e --arg slow "$slow" '.series[] | select(.case == "create/cpu:same/posix") | .changes[0] |
        .commits.until == $slow and .commits.count == 1 and .again.state == "confirmed"' <<<"$output"
    cat >build.sh <<END
case \$(git rev-parse HEAD) in ${commits[41]} | ${commits[42]} | ${commits[43]}) echo no such header; exit 1 ;; esac
cp program "\$1/bin/it"
END
    history --confirm --build "sh $PWD/build.sh {out}" --product bin/it
    head_is "1 change in 2 cases over 20 commits, 1 confirmed: *between ${commits[40]:0:12} and ${commits[44]:0:12}, 4 commits"
    grep -F 'where in between: ' <<<"$output"
    grep -F 'no such header' <<<"$output"
    confirm --budget 0.001
    grep -F 'never measured on both sides: 0.001 s do not hold it' <<<"$output"
}

@test "a change that is not where it is most likely is looked for where it may be" {
    slow_program 1.1 43
    orders=()
    for ((i = 0; i < 80; i += 4)); do
        ratio=1
        ((i < 40)) || ratio=1.06
        ((i < 44)) || ratio=1.12
        order="${commits[i]}:$ratio:here();ours['subject']['argv'].append('/tmp/small/x')"
        orders+=("$order" "$order")
    done
    rm -r bench-results
    documents "${orders[@]}"
    history
    head_is "1 change in 2 cases over 20 commits: *between ${commits[36]:0:12} and ${commits[40]:0:12}, 4 commits"
    grep -F "with 95 % confidence between ${commits[36]:0:12} and ${commits[44]:0:12}, 8 commits" <<<"$output"
    confirm
    head_is "1 change in 2 cases over 20 commits, 1 confirmed: *at ${slow:0:12}"
}

@test "a change that fails to be measured again says why" {
    slow_program 1.1
    cat >build.sh <<END
sed 's/FAKE=slower/FAKE=no-file/' program >"\$1/bin/it"
chmod +x "\$1/bin/it"
END
    history --confirm --build "sh $PWD/build.sh {out}" --product bin/it
    grep -E ' unbuilt$' <<<"$output"
    grep -F 'failed on the new side' <<<"$output"
}

@test "a signal while a change is measured again leaves it undecided" {
    slow_program 1.1
    cat >build.sh <<END
cat >"\$1/bin/it" <<'PROGRAM'
#!/bin/sh
case "\$*" in *list*) FAKE=jitter exec "$fake" "\$@" ;; esac
: >"$PWD/held"
exec tail -f /dev/null
PROGRAM
chmod +x "\$1/bin/it"
END
    interrupt INT 130
    grep -E ' inconclusive$' out
    grep -F 'interrupted' out
}

@test "within one commit nothing is told apart" {
    commits 40
    orders=()
    for ((i = 0; i < 20; i++)); do orders+=("${commits[0]}:1:here()" "${commits[0]}:1:here()"); done
    for ((i = 0; i < 20; i++)); do orders+=("${commits[0]}:2:here()" "${commits[0]}:2:here()"); done
    documents "${orders[@]}"
    history --confirm --build false --product bin/it
    head_is "1 change in 2 cases over 1 commit, 0 confirmed: *within ${commits[0]:0:12}"
    grep -E ' unconfirmed$' <<<"$output"
    grep -F 'both runs are of one commit, so it is not the reason' <<<"$output"
}

@test "a change is of the host as it was in the last clean run before something else changed" {
    commits 40
    orders=()
    for ((i = 0; i < 40; i++)); do
        what='here()'
        if ((i == 29)); then what+=";ours['revision']['dirty'] = True;ours['host']['kernel']['release'] = '5'"; fi
        if ((i < 5)); then what+=";ours['host']['kernel']['release'] = '6.0'"; fi
        if ((i >= 30)); then what+=";ours['host']['kernel']['release'] = '6.9'"; fi
        orders+=("${commits[i]}:$((1 + (i >= 17))):$what;ours['subject']['argv'] = ['it']")
    done
    documents "${orders[@]}"
    history --confirm --build false --product bin/it
    grep -E ' unbuilt$' <<<"$output" # but tried
    grep -F "split at ${commits[30]:0:12}: the kernel" <<<"$output"
}
