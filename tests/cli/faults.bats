# Calls to the system that fail at one place: what is said of it. THREADBENCH is the program. All of
# them, at each place, are let fail in tests/faults.

load setup

# failing CALL[:ERROR[:WHEN[:PATH]]] COMMAND...: the command, in which the call fails, always or as
# strace takes it for `when`, and only of that path
failing() {
    local call error when path
    IFS=: read -r call error when path <<<"$1"
    shift
    strace -qq -o trace ${path:+-P "$path"} -e "trace=$call" \
        -e "inject=$call:error=${error:-EIO}${when:+:when=$when}" "$@"
}

setup_file() {
    strace -qq -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
}

@test "what a start needs is named where it fails" {
    run -1 failing rt_sigaction:EINVAL:1 "$THREADBENCH" --version
    [ "$output" = 'threadbench: cannot start: Invalid argument' ]
    run -1 failing openat:EMFILE::/dev/null sh -c 'exec "$THREADBENCH" --version <&-'
    [ "$output" = "threadbench: cannot start: '/dev/null': Too many open files" ]
}

@test "a number that cannot be drawn ends a run before it has begun" {
    run -1 failing getrandom "$THREADBENCH" run $fast -f same/null -o "$json" "$fake"
    [ "$output" = 'threadbench: cannot draw a number: Input/output error' ]
    [ ! -e "$json" ]
}

@test "without a second thread the sides are read one after the other" {
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o a.json "$fake" >/dev/null
    "$THREADBENCH" run --rounds 2 --samples 1 -f same/null -o b.json "$fake" >/dev/null
    run -4 "$THREADBENCH" compare a.json b.json
    expected=$output
    run -4 failing clone3,clone:EAGAIN "$THREADBENCH" compare a.json b.json
    [ "$output" = "$expected" ]
}

@test "with nobody to read it, and SIGPIPE blocked, that is said" {
    run -1 /usr/bin/python3 - "$THREADBENCH" <<'END'
import os, signal, subprocess, sys
end, out = os.pipe()
os.close(end)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
sys.exit(subprocess.run([sys.argv[1], "--version"], stdout=out).returncode)
END
    [ "$output" = 'threadbench: cannot write to stdout: Broken pipe' ]
}
