# Which revision a document says was measured. THREADBENCH and SCHEMA as for run.bats.

load setup

repository() {
    git init -q "$1"
    echo one >"$1/file"
    git -C "$1" add file
    git -C "$1" -c user.name=x -c user.email=x@localhost commit -q -m "$1"
}

# Measures with the words that follow, and $revision is what the document says then.
measure() {
    "$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o "$json" "$@" "$fake" >/dev/null
    revision=$(jq -c '.context.threadbench.revision | [.commit, .dirty, .describe]' "$json")
}

@test "a tree is clean only where git says so" {
    repository work
    commit=$(git -C work rev-parse HEAD)
    git -C work -c user.name=x -c user.email=x@localhost tag -a -m x v1-dirty
    measure --repo work
    [ "$revision" = "[\"$commit\",false,\"v1-dirty\"]" ]
    echo two >work/file
    measure --repo work
    [ "$revision" = "[\"$commit\",true,\"v1-dirty-dirty\"]" ]
    git -C work checkout -q file
    echo garbage >work/.git/index
    measure --repo work
    [ "$revision" = "[\"$commit\",true,\"v1-dirty-dirty\"]" ]
    valid "$json"
}

@test "a tree is clean where TMPDIR is no absolute path" {
    mkdir near
    repository work
    TMPDIR=near measure --repo work
    [ "$revision" = "[\"$(git -C work rev-parse HEAD)\",false,\"$(git -C work rev-parse --short HEAD)\"]" ]
}

@test "where there is no tree a commit is recorded, and is not clean" {
    repository work
    commit=$(git -C work rev-parse HEAD)
    git clone -q --bare work bare
    measure --repo bare
    [ "$revision" = "[\"$commit\",true,\"${commit::7}-dirty\"]" ]
    measure --repo work/.git
    [ "$revision" = "[\"$commit\",true,\"${commit::7}-dirty\"]" ]
}

@test "a tree is clean wherever git keeps its parts, and whatever the times of its files" {
    repository work
    mkdir work/below
    touch -d 2030-01-01 work/file
    measure --repo work/below
    [[ $revision = *',false,'* ]]
    git -C work worktree add -q --detach ../linked
    git -C linked -c user.name=x -c user.email=x@localhost commit -q --allow-empty -m more
    measure --repo linked
    [[ $revision = "[\"$(git -C linked rev-parse HEAD)\",false,"* ]]
    git -C work update-index --split-index
    measure --repo work
    [[ $revision = *',false,'* ]]
    chmod +x work/file
    measure --repo work
    [[ $revision = *',true,'* ]]
    git -C work config core.fileMode false
    measure --repo work
    [[ $revision = *',false,'* ]]
    odd=$(printf 'odd\377 name')
    git init -q --object-format=sha256 "$odd"
    cp "$fake" "$odd/file"
    git -C "$odd" add file
    git -C "$odd" -c user.name=x -c user.email=x@localhost commit -q -m one
    measure --repo "$odd"
    [[ $revision = "[\"$(git -C "$odd" rev-parse HEAD)\",false,"* ]]
}

# All that git can be told to run, in the repository and in one within it, leaves a mark.
booby_trap() {
    local leave=$PWD/leave key folder
    printf '#!/bin/sh\necho "$0 $*" >>"%s"\ncat\n' "$PWD/marks" >leave
    chmod +x leave
    printf '[filter "evil"]\n\tclean = %s included\n' "$leave" >included
    for folder in "$1" "$1/sub"; do
        for key in post-index-change reference-transaction post-checkout pre-commit post-merge; do
            cp leave "$folder/.git/hooks/$key"
        done
        for key in core.fsmonitor filter.evil.clean filter.evil.smudge filter.evil.process diff.external \
            diff.evil.command diff.evil.textconv merge.evil.driver core.sshCommand core.gitProxy core.pager \
            core.editor core.askPass core.alternateRefsCommand gpg.program uploadpack.packObjectsHook; do
            git -C "$folder" config "$key" "$leave"
        done
        for key in alias.status alias.describe alias.rev-parse credential.helper; do
            git -C "$folder" config "$key" "!$leave"
        done
        for key in filter.evil.required log.showSignature pager.status pager.describe status.submoduleSummary; do
            git -C "$folder" config "$key" true
        done
        # A second line of a value, made to look like a setting's.
        git -C "$folder" config core.eol "$(printf 'lf\nx.[filter.evil]clean=%s; x' "$leave")"
        git -C "$folder" config includeIf.gitdir:/.path "$PWD/included"
        git -C "$folder" config core.hooksPath "$PWD/$folder/.git/hooks"
        git -C "$folder" config extensions.partialClone origin
        git -C "$folder" config remote.origin.promisor true
        git -C "$folder" config remote.origin.url "ext::$leave"
        git -C "$folder" config protocol.ext.allow always
    done
}

@test "no code of a repository is run, and its index is not written" {
    mkdir work
    repository work/sub
    repository work
    echo '* filter=evil diff=evil merge=evil' >work/.gitattributes
    git -C work -c advice.addEmbeddedRepo=false add .
    git -C work -c user.name=x -c user.email=x@localhost commit -q -m all
    booby_trap work
    touch -d 2030-01-01 work/file work/sub/file # stale, and as new as the index
    before=$(stat -c '%y %i' work/.git/index work/sub/.git/index; cat work/.git/index | cksum)
    cd work
    for i in 1 2; do
        "$THREADBENCH" run --rounds 2 --samples 2 -f same/null --archive ../kept "$fake" >/dev/null
    done
    jq -e '.context.threadbench.revision.dirty == false' ../kept/*/*/*.json >/dev/null
    "$THREADBENCH" compare --archive ../kept HEAD HEAD || [ $? = 2 ]
    "$THREADBENCH" compare --archive ../kept --ancestor HEAD || [ $? = 1 ]
    "$THREADBENCH" history --archive ../kept >/dev/null
    "$THREADBENCH" show --archive ../kept HEAD >/dev/null
    "$THREADBENCH" report --archive ../kept -o ../page.html HEAD >/dev/null
    "$THREADBENCH" archive list ../kept >/dev/null
    "$THREADBENCH" list "$fake" >/dev/null
    # An object that is missing is not fetched.
    rm .git/objects/*/"$(git -c core.fsmonitor=false rev-parse HEAD^{tree} | cut -c3-)"
    "$THREADBENCH" run --rounds 1 --samples 1 -f same/null --archive ../kept "$fake" >/dev/null
    cd ..
    [ ! -e marks ] || { cat marks; false; }
    [ "$before" = "$(stat -c '%y %i' work/.git/index work/sub/.git/index; cat work/.git/index | cksum)" ]
    git -C work diff --quiet 2>/dev/null || true # and they do leave marks
    [ -e marks ]
}

# git that does with COMMAND as the words that follow say, and else what git does.
fake_git() {
    local command=$1
    shift
    mkdir -p bin
    printf '#!/bin/sh\ncase " $* " in *" %s "*) %s ;; esac\nexec "%s" "$@"\n' "$command" "$*" "$real_git" >bin/git
    chmod +x bin/git
}

@test "git that does not answer is not taken for one that says no" {
    real_git=$(command -v git)
    repository work
    local words=(run $fast -f same/null "$fake")
    cd work
    export PATH=$PWD/../bin:$PATH
    for command in rev-parse describe status config; do
        for how in 'kill -9 $$' 'echo boom >\&2; exit 3'; do
            cd ..
            fake_git "$command" "$how"
            cd work
            run -0 --separate-stderr "$THREADBENCH" "${words[@]}"
            [[ $stderr = *"no revision is recorded: git $command: "* ]]
            run -1 "$THREADBENCH" "${words[@]}" --repo .
            [[ ${lines[-1]} = "threadbench: --repo '.': git $command: "* ]]
        done
    done
    for command in rev-parse describe status; do
        cd ..
        fake_git "$command" exit 0
        cd work
        run -1 "$THREADBENCH" "${words[@]}" --repo .
        [ "$output" = "threadbench: --repo '.': git $command: it printed nothing of use" ]
    done
    run -2 "$THREADBENCH" history --archive ../kept
    mkdir ../kept
    cd ..
    fake_git rev-parse 'kill -9 $$'
    cd work
    run -1 "$THREADBENCH" compare --archive ../kept HEAD HEAD
    [[ $output = "threadbench: 'HEAD': no such file or folder, and of revisions: git rev-parse: killed by signal 9 (Killed)"* ]]
    run -1 "$THREADBENCH" list @rev:HEAD
    [[ $output = "threadbench: '@rev:HEAD': git rev-parse: killed by signal 9 (Killed)"* ]]
    cd ..
    rm bin/git
    ln -s "$(command -v env)" bin
    run -0 --separate-stderr env PATH="$PWD/bin" "$THREADBENCH" run --rounds 1 -f quick "$PLAIN"
    [[ $stderr = *"no revision is recorded: git cannot be run: "*"No such file or directory" ]]
    run -1 env PATH="$PWD/bin" "$THREADBENCH" run --rounds 1 --repo work -f quick "$PLAIN"
    [[ ${lines[-1]} = "threadbench: --repo 'work': git cannot be run: "* ]]
}

@test "git that takes too long is ended, and one that is interrupted ends the run" {
    real_git=$(command -v git)
    repository work
    fake_git 'rev-parse --verify' ': >started; exec sleep 1000'
    PATH=$PWD/bin:$PATH run -1 "$THREADBENCH" run $fast --repo work -f same/null "$fake"
    [[ $output = "threadbench: --repo 'work': git rev-parse: not finished after "* ]]
    for command in 'rev-parse --verify' describe status; do
        rm -f started
        fake_git "$command" ": >\"$PWD/started\"; exec sleep 1000"
        PATH=$PWD/bin:$PATH "$THREADBENCH" run $fast --repo work -f same/null "$fake" 2>told &
        pid=$!
        while [ ! -e started ]; do read -rt 0.01 <> <(:) || true; done
        kill -TERM "$pid"
        code=0
        wait "$pid" || code=$?
        [ "$code" = 143 ]
        [[ $(cat told) = "threadbench: git ${command%% *}: interrupted" ]]
    done
}

@test "what git told its hook is not for another repository" {
    repository work
    repository other
    export GIT_DIR=$PWD/other/.git GIT_WORK_TREE=$PWD/other GIT_INDEX_FILE=$PWD/other/.git/index
    measure --repo work
    [[ $revision = "[\"$(env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE git -C work rev-parse HEAD)\",false,"* ]]
    for name in $(git rev-parse --local-env-vars); do
        export "$name=/none"
    done
    printf '#!/bin/sh\nenv >seen\nexec "%s" "$@"\n' "$fake" >show
    chmod +x show
    run -0 "$THREADBENCH" list ./show
    unset $(git rev-parse --local-env-vars)
    for name in $(git rev-parse --local-env-vars); do
        without "^$name=" seen
    done
    run -2 "$THREADBENCH" run --repo missing "$fake"
    [[ $output = *"cannot change to 'missing': No such file or directory" ]]
}

@test "a revision is built in a hook, and the commit is what it was to be" {
    repository work
    cp "$fake" work/program
    git -C work add program
    git -C work -c user.name=x -c user.email=x@localhost commit -q -m program
    export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    cat >work/.git/hooks/pre-commit <<END
#!/bin/sh
exec "$THREADBENCH" ab --build 'cp program {out}/bin/it' --build 'git status' --product bin/it --samples 2 --rounds 2 \
    --alpha 50 -f same/null @rev:HEAD "$fake" >"$PWD/told" 2>&1
END
    chmod +x work/.git/hooks/pre-commit
    echo two >work/file
    git -C work -c user.name=x -c user.email=x@localhost commit -q -a -m three
    grep -F 'building @rev:HEAD' told
    [ "$(git -C work show HEAD:file)" = two ]
    [ "$(git -C work ls-tree --name-only HEAD | xargs)" = "file program" ]
    [ -z "$(git -C work status --porcelain)" ]
}

@test "why git refuses a repository is passed on, and that there is none is not" {
    run -0 --separate-stderr "$THREADBENCH" run $fast -f same/null "$fake"
    [ -z "$stderr" ]
    git init -q empty
    cd empty
    run -0 --separate-stderr "$THREADBENCH" run $fast -f same/null "$fake"
    [ -z "$stderr" ]
    echo '[' >.git/config
    run -0 --separate-stderr "$THREADBENCH" run $fast -f same/null --archive ../kept "$fake"
    [[ $stderr = "threadbench: no revision is recorded: bad config line 1 in file "* ]]
    run -2 "$THREADBENCH" run $fast --repo . "$fake"
    [[ $output = *"--repo '.': git finds no commit there: bad config line 1 in file "* ]]
    run -2 "$THREADBENCH" compare --archive ../kept HEAD HEAD
    [[ $output = *"and git cannot read '.': bad config line 1 in file "* ]]
}

@test "a repository of another user is named, with git's advice" {
    repository work
    chown -R 12345 work 2>/dev/null || skip "files cannot be given away here"
    export HOME=$BATS_TEST_TMPDIR
    cd work
    run -0 --separate-stderr "$THREADBENCH" run $fast -f same/null "$fake"
    [[ $stderr = *"no revision is recorded: detected dubious ownership in repository at "*" call: git config --global --add safe.directory "* ]]
}
