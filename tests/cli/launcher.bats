# What stands between threadbench and a suite. THREADBENCH, SUITE_PROGRAM and SCHEMA as for run.bats.

load setup

few=(--rounds 1 --samples 2 -f "^create/call/cpu:same/null")

@test "a launcher that clears the environment is found out, with what to do" {
    printf '#!/bin/sh\nexec env -i "$@"\n' >clears
    chmod +x clears
    for command in "run ${few[*]}" list doctor; do
        for subject in "env -i @suite" "./clears @suite"; do
            # shellcheck disable=SC2086 # words
            run -1 "$THREADBENCH" $command "$subject"
            [[ ${lines[-1]} = "threadbench: subject '"*"': the environment was cleared on the way to the suite, "*"sudo --preserve-env="* ]]
        done
    done
    run -0 "$THREADBENCH" list "env -i $PLAIN" # a foreign program has no settings
    run -0 "$THREADBENCH" run "${few[@]}" "env A=1 @suite"
}

@test "a suite that cannot write where it is told is said to run elsewhere" {
    printf '#!/bin/sh\nTHREADBENCH_SIDECAR=%s/none/list.json exec "$@"\n' '${THREADBENCH_SIDECAR%/*}' >elsewhere
    chmod +x elsewhere
    run -1 "$THREADBENCH" run "${few[@]}" "./elsewhere @suite"
    [[ $output = *"No such file or directory: it runs as another user or in other file systems: start threadbench itself there" ]]
}

@test "a shell's script that loses the flags is refused, with the form that keeps them" {
    for script in "sh -c 'ulimit -n 256; exec @suite'" "sh -c 'exec @suite \"\$@\"'" "/bin/bash -e -lc @suite x" \
        "env A=1 sh -c '@rev:HEAD'" "su root -c 'exec @suite \"\$@\"' sh" "su - root -c @suite"; do
        run -2 "$THREADBENCH" run "${few[@]}" "$script"
        [[ $output = "threadbench: subject '$script': the script of "*" does not pass on the flags that are added: let it end by \"\$@\", and put a name after it: "* ]]
    done
    [[ $output = *": su -c '... @suite \"\$@\"' -- sh" ]]
}

@test "a label without a blank behind it is found out" {
    run -2 "$THREADBENCH" run "${few[@]}" "old:@suite"
    [ "$output" = "threadbench: subject 'old:@suite': put a blank between ':' and '@suite'" ]
}

@test "the suite is found within a script, and within a variable" {
    run -0 "$THREADBENCH" run "${few[@]}" -o out.json "sh -c 'ulimit -n 256; exec @suite \"\$@\"' sh"
    [[ $(jq -c .context.threadbench.subject.argv[2] out.json) = *"exec /"*"/threadbench-suite "* ]]
    jq -e '.benchmarks | length > 0 and all(.error_occurred | not)' out.json
    run -0 "$THREADBENCH" run "${few[@]}" -o out.json "A=@suite:@python B=x@suite C=@suited D=/@suite @suite"
    jq -r '.context.threadbench.subject.argv[]' out.json >words
    grep -E '^A=/.*/threadbench-suite:/.*/threadbench-python.so$' words
    [ "$(grep '^[BCD]' words | xargs)" = 'B=x@suite C=@suited D=/@suite' ]
}

@test "a launcher may go to another folder, also where TMPDIR is no absolute path" {
    mkdir near
    TMPDIR=near run -0 "$THREADBENCH" run "${few[@]}" "sh -c 'cd / && exec @suite \"\$@\"' sh"
    [ -z "$(ls near)" ]
}

# A script that runs a file, and -c is for that file.
@test "what a shell runs from a file is the file's business" {
    printf 'shift 2\nexec "$@"\n' >script
    run -0 "$THREADBENCH" run "${few[@]}" "sh ./script -c 1 @suite"
    run -0 "$THREADBENCH" run "${few[@]}" "taskset -c 0 sh ./script x y @suite"
}

# Sets `build`, which makes files of a revision of work.
program_repository() {
    git init -q work
    cp "$fake" work/program
    echo nothing >work/file
    git -C work add .
    git -C work -c user.name=x -c user.email=x@localhost commit -q -m one
    export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    build=(--repo work --build 'cp program {out}/bin/it' --build 'cp file {out}/file' --rounds 1 --samples 2 -f 'create/cpu:same/null')
}

@test "a revision is built wherever it stands in a subject's words" {
    program_repository
    commit=$(git -C work rev-parse HEAD)
    run -0 "$THREADBENCH" run "${build[@]}" --product bin/it -o out.json "sh -c 'exec @rev:HEAD \"\$@\"' sh"
    [[ $(jq -r .context.threadbench.subject.argv[2] out.json) = "exec $XDG_CACHE_HOME/"*'/bin/it "$@"' ]]
    [ "$(jq -r .context.threadbench.revision.commit out.json)" = "$commit" ]
    run -0 "$THREADBENCH" run "${build[@]}" --product file -o out.json "A=x:@rev:HEAD:@rev:HEAD^{commit} $fake --b=@rev:HEAD"
    jq -r '.context.threadbench.subject.argv[]' out.json >words
    path=$(sed -n 's,^--b=,,p' words)
    [[ $path = "$XDG_CACHE_HOME/"*/file ]]
    grep -Fx "A=x:$path:$path" words
    without -F @rev: words
}

@test "a revision within a name or a path, or that git does not know, is refused" {
    program_repository
    for word in x@rev:HEAD A=x@rev:HEAD ./@rev:HEAD --a=/x/@rev:HEAD; do
        run -2 "$THREADBENCH" run "${build[@]}" "$fake $word"
        [ "$output" = "threadbench: '$word': @rev:REVISION stands for a program: give it as a word by itself, with a blank before it" ]
    done
    for word in A=@rev:none --a=@rev:HEAD/x A=@rev: @rev:; do
        run -2 "$THREADBENCH" run "${build[@]}" "$fake $word"
        [[ $output = "threadbench: '@rev:"*"': git finds no such commit in 'work'"* ]] # and perhaps what was meant
    done
}

@test "scripts that differ are not the same program" {
    program_repository
    script='exec "$0" "$@"'
    pair=(--rounds 2 --samples 2 --alpha 50 -f 'create/cpu:same/null')
    run "$THREADBENCH" ab "${pair[@]}" "sh -c '$script' $fake" "sh -c '$script' $fake"
    grep -F 'byte for byte' <<<"$(xargs <<<"$output")"
    run "$THREADBENCH" ab "${pair[@]}" "sh -c '$script' $fake" "sh -c 'A=1; $script' $fake"
    without -F 'byte for byte' <<<"$(xargs <<<"$output")"
}

# What they start waits for a pipe that nobody writes to.
@test "a launcher that ends before what it has started is found out, with what to do" {
    mkfifo never
    printf '#!/bin/sh\nread -r _ <never\nexec "$@"\n' >waits
    printf '#!/bin/sh\n./waits "$@" &\n' >leaves
    cat >leaves-late <<'END'
#!/bin/sh
case $* in *--benchmark_list_tests*) exec "$@" ;; esac
for word in "$@"; do
    case $word in --benchmark_out=*) echo '{"context": {' >"${word#*=}" ;; esac
done
./waits "$@" &
END
    chmod +x waits leaves leaves-late
    for command in "run ${few[*]}" list; do
        for subject in "setsid -f ./waits @suite" "./leaves @suite" "./leaves $PLAIN"; do
            # shellcheck disable=SC2086 # words
            run -1 "$THREADBENCH" $command "$subject"
            [[ $output = "threadbench: subject '"*"': it ended before the program that it had started, "*"setsid --wait"* ]]
        done
    done
    run -1 "$THREADBENCH" run "${few[@]}" --format json "./leaves-late @suite"
    [[ $output = *"it ended before the program that it had started"* ]]
}
