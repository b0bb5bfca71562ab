# The archive from the command line: THREADBENCH is the program, KILLS the script that kills writers.

load setup

setup() {
    export LC_ALL=C.UTF-8
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    if mountpoint -q "$BATS_TEST_TMPDIR/small"; then umount "$BATS_TEST_TMPDIR/small"; fi
}

archive() {
    "$THREADBENCH" archive "$@"
}

# document HOST COMMIT DIRTY SECOND: one that threadbench might have written
document() {
    cat <<END
{"context": {"host_name": "$1", "threadbench": {"schema": "threadbench-result", "version": 1, "run_id": "00000000000000$4",
 "started_utc": "2026-01-02T03:04:$4Z", "revision": {"commit": "$2", "dirty": $3}}},
 "benchmarks": []}
END
}

plain_document() {
    echo '{"context": {"date": "2026-01-02T04:04:05+01:00", "host_name": "a/b"}, "benchmarks": []}'
}

@test "any Google Benchmark file is kept, once" {
    plain_document >plain.json
    run -0 archive add kept plain.json
    [[ $output =~ ^kept/a_b/none/20260102T030405Z-([0-9a-f]{8})-([0-9a-f]{8})\.json$ ]]
    cmp plain.json "$output"
    run -0 archive add kept plain.json
    [[ $output = *"is there already" ]]
    [ "$(find kept -type f | wc -l)" = 1 ]
}

@test "a file is read once: it may be a pipe" {
    plain_document >plain.json
    mkfifo pipe
    cat plain.json >pipe 3>&- &
    run -0 timeout 60 "$THREADBENCH" archive add kept pipe
    cmp plain.json "$output"
    run -0 --separate-stderr timeout 60 "$THREADBENCH" archive add other /dev/stdin < <(cat plain.json)
    cmp plain.json "$output"
}

@test "what is no such file is refused, and the others are kept" {
    echo '{}' >object; echo '[' >broken; : >empty
    plain_document >plain.json
    document h abc false 10 | sed 's/"run_id"/"rounds": -1, &/' >wrong
    run -1 archive add kept object broken empty missing wrong plain.json
    [ "${#lines[@]}" = 6 ]
    run -0 archive verify kept
    [[ $output = *"1 whole, 0 damaged" ]]
}

@test "list: by host, revision, and as JSON" {
    document one abc1 false 01 >1; document one abc2 true 02 >2; document two abc1 false 03 >3
    archive add bench-results 1 2 3 >/dev/null
    touch bench-results/README
    mkdir deeper && cd deeper
    run -0 archive list
    [ "$(wc -L <<<"$output")" -le 100 ]
    grep -E '^2026-01-02T03:04:02Z one +abc2-dirty +0000000000000002$' <<<"$output"
    grep -F 'README: no name' <<<"$output"
    run -0 archive list --json --host one --revision abc
    [ "$(jq -r '.documents[] | .commit' <<<"$output" | xargs)" = "abc1 abc2" ]
    [ "$(jq '.skipped | length' <<<"$output")" = 1 ]
    for words in '--host onee' '--revision ffff'; do
        # shellcheck disable=SC2086 # words
        run -0 archive list $words
        grep -F "bench-results' has no such document: " <<<"$output"
    done
    run -0 archive list
    without 'no such document' <<<"$output"
}

@test "list and compare know a host by its name, whatever that has in it" {
    plain_document >plain.json
    archive add kept plain.json >/dev/null
    run -0 archive list --host a/b kept
    grep -E '^2026-01-02T03:04:05Z a_b ' <<<"$output"
    git init -q work
    git -C work -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m one
    document 'odd~name' "$(git -C work rev-parse HEAD)" false 10 |
        jq '.benchmarks = [{name: "a", run_name: "a", run_type: "iteration", threads: 1, round: 0,
            iterations: 1, real_time: 1, cpu_time: 1, mean: 1, time_unit: "ns"}]' >10
    archive add kept 10 >/dev/null
    sed 's/"run_id": "0/"run_id": "1/' 10 >new
    unshare --uts true 2>/dev/null || skip "hosts cannot be renamed here"
    run -4 unshare --uts sh -c 'printf odd~name >/proc/sys/kernel/hostname && exec "$@"' sh \
        "$THREADBENCH" compare --repo work --archive kept HEAD new
}

@test "what has a document's name and is no file is damage" {
    for i in 10 11 12 13; do document h abc false $i >$i; done
    archive add kept 1? >/dev/null
    set -- kept/h/abc/*.json
    rm "$1" && mkdir "$1"
    mv "$2" elsewhere && ln -s "$PWD/elsewhere" "$2"
    rm "$3" && mkfifo "$3"
    run -1 timeout 60 "$THREADBENCH" archive verify kept
    [ "$(tr -d ' \n' <<<"$output" | grep -o nofile,emptyorunreadable | wc -l)" = 2 ]
    [ "$(tr -d ' \n' <<<"$output" | grep -o asymboliclink,whichisnotfollowed | wc -l)" = 1 ]
    grep -F '1 whole, 3 damaged' <<<"$output"
}

@test "what may hide documents is named, with an exit code: links, folders that cannot be read, loops" {
    for i in 10 11; do document h abc false $i >$i; done
    archive add kept 1? >/dev/null
    ln -s kept link
    run -0 archive verify link # that is where it was told to look
    mkdir -p host/h revision/h && cp -r kept locked
    rmdir host/h revision/h/abc 2>/dev/null || true
    ln -s ../kept/h host/h
    ln -s ../../kept/h/abc revision/h/abc
    ln -s self self
    for archive in host revision; do
        run -1 archive verify $archive
        grep -E "skipped $archive/h(/abc)?: a symbolic link, which is not followed" <<<"$output"
        [ "$("$THREADBENCH" archive list --json $archive | jq -r '.skipped[].reason')" = 'a symbolic link, which is not followed' ]
        run -1 "$THREADBENCH" archive export --format rows-csv $archive
        grep -F 'a symbolic link, which is not followed' <<<"$output"
    done
    run -1 archive verify self
    [[ $output = *"cannot read 'self': Too many levels of symbolic links" ]]
    chmod 0 locked/h/abc
    run -1 powerless "$THREADBENCH" archive verify locked
    grep -F 'skipped locked/h/abc: Permission denied' <<<"$output"
    [[ ${lines[-1]} = *"1 damaged or unreadable: restore them, or remove what is lost" ]]
    chmod 700 locked/h/abc
}

@test "what a folder hides is named when it is read, and the exit code tells" {
    mkdir folder folder/inner
    document h abc false 10 >folder/10.json
    document h abc false 11 >elsewhere
    looks() { # REASON: every command that reads the folder reports it, and fails
        run -1 powerless timeout 60 "$THREADBENCH" show folder
        grep -F "$1" <<<"$output"
        run -1 powerless timeout 60 "$THREADBENCH" report -o page.html folder
        grep -F "$1" <<<"$output"
        grep -F 'reported without 1 file that could not be read' <<<"$output"
        run -1 powerless timeout 60 "$THREADBENCH" compare elsewhere folder
        grep -F "$1" <<<"$output"
    }
    mkfifo folder/x.json
    looks "skipped: 'folder/x.json': no regular file"
    rm folder/x.json && ln -s ../elsewhere folder/x.json
    looks "skipped: 'folder/x.json': a symbolic link, which is not followed"
    rm folder/x.json && ln -s . folder/loop && ln -s nowhere folder/other
    looks "skipped: 'folder/loop': a symbolic link, which is not followed"
    rm folder/loop && chmod 0 folder/inner
    looks "skipped: 'folder/inner': Permission denied"
    chmod 700 folder/inner
    rm -r folder/inner folder/other && echo text >folder/README
    run -1 "$THREADBENCH" compare elsewhere folder
    without README <<<"$output"
    chmod 0 folder
    run -1 powerless "$THREADBENCH" compare elsewhere folder
    [[ $output = "threadbench: cannot read 'folder': Permission denied"* ]]
    chmod 700 folder
}

@test "what an archive hides of a revision is named when that is compared" {
    git init -q work && git -C work -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m one
    commit=$(git -C work rev-parse HEAD)
    "$THREADBENCH" run --rounds 1 --samples 1 -f same/null --repo work --archive kept -o x.json "$BATS_TEST_DIRNAME/fake.sh" >/dev/null
    run -0 "$THREADBENCH" show --archive kept --repo work HEAD
    mv kept/*/"$commit" elsewhere && ln -s "$PWD/elsewhere" "$(echo kept/*)/$commit"
    run -1 "$THREADBENCH" show --archive kept --repo work HEAD
    grep -E "skipped: 'kept/.*/$commit': a symbolic link, which is not followed" <<<"$output"
    grep -F 'has no document of' <<<"$output"
    ln -s "$PWD/kept" "$(echo kept/*)/other" # it is another revision's
    [ "$("$THREADBENCH" show --archive kept/ --repo work HEAD 2>&1 | grep -c skipped)" = 1 ]
    host=$(basename kept/*)
    rm "kept/$host/other" "kept/$host/$commit" && mv elsewhere "kept/$host/$commit"
    ln -s other "kept/$host/${commit}0" # it is another one's, too
    : >"kept/$host/$commit/20260101T000000Z-0123456789abcdee-00000000.json"
    run -1 "$THREADBENCH" show --archive kept --repo work HEAD
    [ "$(grep skipped: <<<"$output")" = "threadbench: skipped: 'kept/$host/$commit/20260101T000000Z-0123456789abcdee-00000000.json': no file, empty or unreadable" ]
    mv "kept/$host" moved && ln -s ../moved "kept/$host"
    [ "$("$THREADBENCH" show --archive kept --repo work HEAD 2>&1 | grep skipped)" = \
        "threadbench: skipped: 'kept/$host': a symbolic link, which is not followed" ]
}

@test "every kind of damage is named, and is fatal to nothing" {
    for i in 10 11 12 13 14 15; do document h abc false $i >$i; done
    archive add kept 1? >/dev/null
    set -- kept/h/abc/*.json
    truncate -s 100 "$1"
    sed -i s/false/true\ / "$2"
    : >"$3"
    mv "$4" "${4/030413/030414}"
    mkdir kept/h/other && mv "$5" kept/h/other
    run -1 archive verify kept
    [ "$(grep -c 'damaged:' <<<"$output")" -ge 4 ]
    grep -F 'empty or unreadable' <<<"$output"
    grep -F '1 whole, 5 damaged' <<<"$output"
    run -0 archive list kept
    grep -F 'empty or unreadable' <<<"$output"
}

@test "32 writers at once, of the same documents and of their own" {
    document h abc false 99 | sed 's/04:99/04:59/' >same
    for i in $(seq 10 41); do
        document h abc false $i | sed 's/"benchmarks"/"own": '$i', &/' >own$i
    done
    pids=
    for i in $(seq 10 41); do
        archive add kept own$i same >out$i 2>&1 3>&- & pids+=" $!"
    done
    for pid in $pids; do wait "$pid"; done
    run -0 archive verify kept
    grep -F '33 whole, 0 damaged' <<<"$output"
    [ -z "$(find kept -name '.tmp-*')" ]
}

@test "two hosts' archives are merged by copying" {
    document one abc false 01 >1; document two abc false 01 >2; document one abc false 02 >3
    archive add a 1 3 >/dev/null
    archive add b 2 3 >/dev/null
    cp -r b/. a
    run -0 archive verify a
    grep -F '3 whole, 0 damaged' <<<"$output"
}

@test "writers killed at any moment leave whole documents" {
    run -0 "$KILLS" 30
    [[ $output = *"damaged: 0"* ]]
}

@test "no space left" {
    mkdir small
    mount -t tmpfs -o size=64k none small 2>/dev/null || skip "mount is not allowed here"
    { plain_document | tr -d '\n'; head -c 200000 /dev/zero | tr '\0' ' '; } >large
    plain_document >plain.json
    archive add small plain.json >/dev/null
    run -1 archive add small large
    grep -F 'No space left on device: make room' <<<"$output"
    run -0 archive verify small
    [[ $output = *"1 whole, 0 damaged" ]]
}

@test "a folder that is read-only" {
    mkdir small
    mount -t tmpfs none small 2>/dev/null || skip "mount is not allowed here"
    plain_document >plain.json
    archive add small plain.json >/dev/null
    mount -o remount,ro small
    run -1 archive add small plain.json
    grep -F 'Read-only file system: choose another place' <<<"$output"
    run -0 archive verify small
}

@test "what find(1) removes leaves an archive that verifies" {
    document h abc false 10 >10
    document h abc true 11 >11
    archive add kept 10 11 >/dev/null
    touch kept/.tmp-new kept/h/.tmp-old
    touch -d '2 hours ago' kept/h/.tmp-old
    find kept -name '.tmp-*' -mmin +60 -delete
    find kept -path '*-dirty/*.json' -delete
    [ "$(find kept -type f -printf '%f\n' | sort | cut -c 1-16 | xargs)" = ".tmp-new 20260102T030410Z" ]
    run -0 archive verify kept
    grep -F '1 whole, 0 damaged' <<<"$output"
}

@test "wrong usage" {
    for words in "" "what" "list a b" "add kept" "prune kept" "list"; do
        # shellcheck disable=SC2086 # words
        run -2 archive $words
    done
    run -0 archive --help
    run -0 archive verify --help
    for words in "list missing" "verify missing" "export missing"; do
        # shellcheck disable=SC2086 # words
        run -2 archive $words
        [ "$output" = "threadbench: no archive 'missing' yet: 'threadbench run --archive missing' begins one" ]
    done
    mkdir kept
    run -2 archive verify kpet
    [ "$output" = "threadbench: no archive 'kpet': did you mean 'kept'?" ]
    plain_document >plain.json
    for words in "add '' plain.json" "list ''" "verify ''"; do
        run -2 eval "archive $words"
        [ "$output" = "threadbench: archive '': give a folder" ]
    done
}

@test "compare follows a link to a folder" {
    document h abc false 10 | jq '.benchmarks = [{name: "a", run_name: "a", run_type: "iteration", threads: 1, round: 0,
        iterations: 1, real_time: 1, cpu_time: 1, mean: 1, time_unit: "ns"}]' >10
    archive add kept 10 >/dev/null
    ln -s kept link
    sed 's/"run_id": "0/"run_id": "1/' 10 >new
    run -4 "$THREADBENCH" compare link new # one round decides nothing
}

@test "list finds a context that is large, or comes last, and takes a half for damage" {
    document h abc false 10 | jq '.context.filling = "x" * 300000' >10
    document h abc false 11 | jq '{benchmarks: [range(20000)], context}' >11
    document h abc false 12 | jq '.context.threadbench.interrupted = true | .context.filling = "x" * 70000' >12
    for i in 10 11 12; do
        mkdir -p kept/h/abc && cp $i "kept/h/abc/20260102T0304${i}Z-00000000000000$i-01234567.json"
    done
    truncate -s 100000 kept/h/abc/*T030410Z*
    truncate -s 300M kept/h/abc/*T030412Z* # what follows the context is not read
    run -0 archive list --json kept
    [ "$(jq -r '.documents | map(.state) | join(",")' <<<"$output")" = "damaged,,interrupted" ]
}

@test "JSON and lines are UTF-8 without controls, whatever a folder is called" {
    for folder in $'kept\x9b31m\xff' $'kept\xc2\x9b31m\e'; do
        plain_document | archive add "$folder" /dev/stdin >/dev/null
        touch "$folder/other"
        run -0 archive list --json "$folder"
        python3 -c 'import json,sys; json.loads(sys.stdin.buffer.read().decode())' <<<"$output"
        grep -F 'kept?' <<<"$output"
        run -0 archive list "$folder"
        grep -F 'skipped kept?' <<<"$output"
        LC_ALL=C without '[^ -~]' <<<"$output"
        run -2 archive list "$folder.missing"
        grep -F "no archive 'kept?" <<<"$output"
        LC_ALL=C without '[^ -~]' <<<"$output"
    done
}

@test "what cannot be read is not to be put elsewhere" {
    plain_document >plain.json
    chmod 0 plain.json
    run -1 powerless "$THREADBENCH" archive add kept plain.json
    [[ $output = *"cannot read 'plain.json': Permission denied" ]]
    without 'choose' <<<"$output"
}

@test "a folder that may be written and not be read" {
    plain_document >plain.json
    mkdir kept
    chmod 300 kept
    run -0 powerless "$THREADBENCH" archive add kept plain.json
    chmod 700 kept
    [ "$(find kept -name '*.json' | wc -l)" = 1 ]
}

@test "a host may be called otherwise, where the machine is another one each time" {
    fake=$BATS_TEST_DIRNAME/fake.sh
    git init -q work
    for message in one two; do
        git -C work -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m "$message"
        "$THREADBENCH" run --rounds 8 --time 0.001 -f same/null --repo work --host ci/a --archive kept -o "$message.json" "$fake" >/dev/null
    done
    "$THREADBENCH" ab --rounds 8 --time 0.001 -f same/null --repo work --host ci/a -o ab.json "$fake" "$fake" >/dev/null || [ $? = 4 ]
    for file in one.json two.json ab-a.json ab-b.json; do
        valid "$file"
        [ "$(jq -r '.context | .host_name + " " + .threadbench.host.name' "$file")" = 'ci/a ci/a' ]
    done
    [ "$(ls kept)" = ci_a ]
    "$THREADBENCH" archive verify kept
    run -0 "$THREADBENCH" show --repo work --archive kept --host ci/a HEAD
    [ "${lines[0]%%,*}" = 'host     ci/a' ]
    "$THREADBENCH" report --repo work --archive kept --host ci/a -o page.html HEAD
    "$THREADBENCH" compare --margin 900 --repo work --archive kept --host ci/a HEAD~1 HEAD

    # Without the name, and with a misspelt one.
    run -1 "$THREADBENCH" compare --repo work --archive kept HEAD~1 HEAD
    [[ $output = *" on host '$(uname -n | tr -c '[:alnum:]._\n-' _)', but on 'ci_a': give --host ci_a, or measure here"* ]]
    run -0 "$THREADBENCH" archive list --host ci-a kept
    [ "$output" = "threadbench: 'kept' has no such document: did you mean 'ci_a'?" ]
    run -1 "$THREADBENCH" history --repo work --archive kept --host ci-a
    [[ $output = *"has no document of host 'ci-a': did you mean 'ci_a'?" ]]
    run -2 "$THREADBENCH" run --host '' "$fake"
    [[ $output = *"--host '': give NAME" ]]

    # Other names are other hosts: for a comparison, for a run that goes on, and for the history.
    "$THREADBENCH" run --rounds 8 --time 0.001 -f same/null --repo work --host other --archive kept -o other.json "$fake" >/dev/null
    run -1 "$THREADBENCH" compare one.json other.json
    [[ $output = *"the host is not the same on both sides: "*"measure both on one host, by 'threadbench ab'; --force "* ]]
    run -1 "$THREADBENCH" run --continue --rounds 9 one.json
    [[ $output = *" was begun on the host 'ci/a', and this is '$(uname -n)': give --host 'ci/a' if "* ]]
    "$THREADBENCH" run --continue --trust --host ci/a --rounds 9 one.json -o more.json >/dev/null
    [ "$(jq .context.threadbench.rounds_finished more.json)" = 9 ]
    run -0 "$THREADBENCH" history --repo work --archive kept --format json
    [ "$(jq -r '.series[].host' <<<"$output" | sort -u | xargs)" = 'ci/a other' ]
    run -0 "$THREADBENCH" history --repo work --archive kept --format json --host ci/a
    [ "$(jq -r '.series[].host' <<<"$output" | sort -u)" = ci/a ]
}
