# Where documents go: links, pipes, modes. THREADBENCH and SCHEMA as for run.bats.

load setup

measure() {
    "$THREADBENCH" run $fast -f same/null "$@" "$fake"
}

@test "a link stays one, also to what is not there yet" {
    mkdir there
    ln -s there/real.json link
    ln -s "$PWD/link" "$json"
    measure -o "$json" >/dev/null
    [ -L "$json" ] && [ -L link ]
    valid there/real.json
    ln -s circle circle
    run -1 measure -o circle
    [[ $output = "threadbench: cannot write 'circle': Too many levels of symbolic links" ]]
}

@test "what is written over keeps its mode" {
    : >"$json"
    for mode in 600 664; do
        chmod $mode "$json"
        measure -o "$json" >/dev/null
        valid "$json"
        [ "$(stat -c %a "$json")" = $mode ]
    done
}

@test "the document does not go where the table does" {
    for target in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        run -2 measure -o $target
        [ "$output" = "threadbench: --output $target: give a file; --format json prints it" ]
    done
    run -2 bash -c "'$THREADBENCH' run -o out.json '$fake' >>out.json"
    run -2 "$THREADBENCH" run -o /dev/stdout "$fake" "$fake"
    run -2 "$THREADBENCH" run -o - "$fake" "$fake"
    measure -o /dev/null >/dev/null
    mkfifo pipe
    cat pipe >"$json" 3>&- &
    measure -o pipe >/dev/null
    wait $!
    valid "$json"
}

@test "an archive that is none is named as it was given" {
    : >file
    for folder in file file/deeper; do
        run -1 measure --archive $folder
        [ "$output" = "threadbench: cannot keep documents in '$folder': Not a directory" ]
    done
}
