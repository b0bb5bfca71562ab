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
    [ "$revision" = "[\"$commit\",true,null]" ]
    valid "$json"
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
