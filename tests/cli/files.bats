# Documents as files: links, pipes, modes, long names. THREADBENCH and SCHEMA as for run.bats.

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

@test "a name may be long" {
    cat >long <<'SCRIPT'
#!/bin/sh
name=$(printf '%01500d' 0)
[ "$1" = --benchmark_list_tests ] && { echo "$name"; exit; }
for word in "$@"; do
    case $word in --benchmark_out=*) out=${word#*=} ;; esac
done
entry='"name":"'$name'","run_name":"'$name'","run_type":"iteration","threads":1,"iterations":1,"real_time":1,"cpu_time":1,"time_unit":"ns"'
printf '{"context":{},"benchmarks":[{%s}]}' "$entry" >"$out"
SCRIPT
    chmod +x long
    run -0 "$THREADBENCH" run --rounds 1 -o "$json" ./long
    valid "$json"
    [ "$(ask 'len(d["benchmarks"][0]["name"])')" = 1500 ]
}

@test "an archive that is none is named as it was given" {
    : >file
    for folder in file file/deeper; do
        run -1 measure --archive $folder
        [ "$output" = "threadbench: cannot keep documents in '$folder': Not a directory" ]
    done
}
