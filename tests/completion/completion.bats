# What bash is offered, by the words that it would hand over. COMPLETION is the file for bash, THREADBENCH and SUITE the
# programs, FAKE a subject. terminal.py beside it types into shells.

bats_require_minimum_version 1.5.0

setup() {
    export TMPDIR=$BATS_TEST_TMPDIR
    cd "$BATS_TEST_TMPDIR"
    git init -q -b main .
    git -c user.name=x -c user.email=x commit -q --allow-empty -m x
    # shellcheck source=/dev/null
    . "$COMPLETION"
    COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'
}

# offered FUNCTION WORD ...: completes the last word; $replies has a line for each reply. A word that bash would part is
# given in parts, with a + where there is no blank: --filter + = + create
offered() {
    local complete=$1 word glued=
    shift
    COMP_WORDS=() COMP_LINE='' COMPREPLY=()
    for word in "$@"; do
        if [ "$word" = + ]; then
            glued=1
            continue
        fi
        [ -n "$glued" ] || [ -z "$COMP_LINE" ] || COMP_LINE+=' '
        COMP_LINE+=$word COMP_WORDS+=("$word") glued=
    done
    COMP_POINT=${#COMP_LINE} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    "$complete" || true # bash asks for replies alone
    replies=$(printf '%s\n' "${COMPREPLY[@]}")
}

@test "commands, and help" {
    offered _threadbench "$THREADBENCH" ''
    for command in $("$THREADBENCH" help | sed -n 's/^  \([a-z]*\)  .*/\1/p') help; do
        grep -qx "$command" <<<"$replies"
    done
    offered _threadbench "$THREADBENCH" comp
    [ "$replies" = compare ]
    offered _threadbench "$THREADBENCH" help comp
    [ "$replies" = compare ]
    offered _threadbench "$THREADBENCH" archive ver
    [ "$replies" = verify ]
    offered _threadbench "$THREADBENCH" help archive ver
    [ "$replies" = verify ]
    offered _threadbench "$THREADBENCH" nonsense ''
    [ -z "$replies" ]
}

@test "every option of the help, and no other" {
    for command in $("$THREADBENCH" help | sed -n 's/^  \([a-z]*\)  .*/\1/p') 'archive list'; do
        [ "$command" != archive ] || continue
        # shellcheck disable=SC2086 # one word or two
        offered _threadbench "$THREADBENCH" $command --
        # shellcheck disable=SC2086
        diff <(sed 's/=$//' <<<"$replies" | sort) \
            <("$THREADBENCH" help $command | sed -nE 's/^  (-., |    )(--[a-z-]+).*/\2/p' | sort)
    done
}

@test "the words of an argument" {
    offered _threadbench "$THREADBENCH" run --set ''
    [ "$replies" = $'core\nstandard\nfull\nalternatives' ]
    offered _threadbench "$THREADBENCH" run --set + = + s
    [ "$replies" = standard ]
    offered _threadbench "$THREADBENCH" run --set + =
    [ "$replies" = $'core\nstandard\nfull\nalternatives' ]
    offered _threadbench "$THREADBENCH" compare --format ''
    [ "$replies" = $'table\njson\nmarkdown' ]
    offered _threadbench "$THREADBENCH" run --rounds ''
    [ -z "$replies" ]
}

@test "cases, level by level" {
    offered _threadbench "$THREADBENCH" run -f crea
    [ "$replies" = create/ ]
    offered _threadbench "$THREADBENCH" run -f tls/
    grep -x tls/setup/ <<<"$replies"
    offered _threadbench "$THREADBENCH" run -f ^create/call/cpu + : + sam
    [ "$replies" = same/ ]
    offered _threadbench "$THREADBENCH" run --filter + = + create/call/cpu + : + same/posi
    [ "$replies" = same/posix ]
    offered _threadbench "$THREADBENCH" run -f "'^create/call/cpu:same/posi"
    [ "$replies" = ^create/call/cpu:same/posix ]
    offered _threadbench "$THREADBENCH" run -f "'^tls/setu" # else bash would close the quote
    [ "${#COMPREPLY[@]}" -gt 1 ]
    [ -z "$(grep -v '^\^tls/setup/' <<<"$replies")" ]
    offered _threadbench "$THREADBENCH" run -f 'cre.*\('
    [ -z "$replies" ]
    COMP_WORDBREAKS=$' \t\n"\'@><;|&('
    offered _threadbench "$THREADBENCH" run --filter=create/call/cpu:same/posi
    [ "$replies" = --filter=create/call/cpu:same/posix ]
}

@test "revisions of subjects and documents" {
    git tag v1.2
    offered _threadbench "$THREADBENCH" ab @ + rev + : + v
    [ "$replies" = v1.2 ]
    offered _threadbench "$THREADBENCH" ab @ + s
    [ "$replies" = suite ]
    "$THREADBENCH" run --rounds 1 --samples 1 -f same/null --archive bench-results "$FAKE" >/dev/null
    commit=$(git rev-parse --short=12 HEAD)
    offered _threadbench "$THREADBENCH" compare "${commit:0:5}"
    [ "$replies" = "$commit" ]
    mv bench-results elsewhere
    offered _threadbench "$THREADBENCH" compare "${commit:0:5}"
    [ -z "$replies" ]
    offered _threadbench "$THREADBENCH" compare --archive elsewhere "${commit:0:5}"
    [ "$replies" = "$commit" ]
    offered _threadbench "$THREADBENCH" compare --archive + = + elsewhere "${commit:0:5}"
    [ "$replies" = "$commit" ]
}

@test "files and folders" {
    mkdir folder
    touch document.json 'a b'
    offered _threadbench "$THREADBENCH" compare doc
    [ "$replies" = document.json ]
    offered _threadbench "$THREADBENCH" run -o doc
    [ "$replies" = document.json ]
    offered _threadbench "$THREADBENCH" run --archive ''
    [ "$replies" = $'.git\nfolder' ] || [ "$replies" = $'folder\n.git' ]
    offered _threadbench "$THREADBENCH" archive add folder a
    [ "$replies" = 'a b' ]
}

@test "nothing that an archive or a repository is called is run" {
    # shellcheck disable=SC2016 # not to be expanded
    git branch 'x$(touch${IFS}pwned)'
    git branch x-fine
    offered _threadbench "$THREADBENCH" ab @ + rev + : + x
    [ "$replies" = x-fine ]
    "$THREADBENCH" run --rounds 1 --samples 1 -f same/null -o out.json "$FAKE" >/dev/null
    # shellcheck disable=SC2016
    sed -E 's/("host_name":\s*)"[^"]*"/\1"h$(touch pwned)`touch pwned`"/' out.json >hostile.json
    "$THREADBENCH" archive add bench-results hostile.json
    offered _threadbench "$THREADBENCH" archive list --host h
    offered _threadbench "$THREADBENCH" compare ''
    [ ! -e pwned ]
    # What is typed is not run either.
    # shellcheck disable=SC2016
    offered _threadbench '$(touch pwned)' run -f '$(touch pwned)'
    offered _threadbench "$THREADBENCH" 'a[$(touch pwned)]' ''
    [ ! -e pwned ]
}

@test "threadbench-suite" {
    offered _threadbench_suite "$SUITE" --benchmark_for
    [ "$replies" = --benchmark_format= ]
    offered _threadbench_suite "$SUITE" --benchmark_format + = + j
    [ "$replies" = json ]
    offered _threadbench_suite "$SUITE" --benchmark_filter + = + create/call/cpu + : + sam
    [ "$replies" = same/ ]
}

@test "the analyser of shells finds nothing" {
    command -v shellcheck >/dev/null || skip "shellcheck is missing"
    run -0 shellcheck --shell=bash "$COMPLETION"
}
