# What the tests of the command line share.

bats_require_minimum_version 1.5.0

setup() {
    fake=$BATS_TEST_DIRNAME/fake.sh
    json=$BATS_TEST_TMPDIR/result.json
    fast="--rounds 2 --time 0.001"
    export TMPDIR=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8 NO_COLOR=1
    unset COLUMNS CLICOLOR_FORCE
    cd "$BATS_TEST_TMPDIR"
}

# Nothing of ours may be left behind: no scratch folder, no half-written file.
teardown() {
    [ -z "$(find "$BATS_TEST_TMPDIR" -name 'threadbench-*' -o -name '.tmp-*')" ]
}

# The keeper of a run that was killed takes a moment.
swept() {
    timeout 60 bash -c 'while ls -d threadbench-run-* >/dev/null 2>&1; do sleep 0.1; done'
}

# grep that succeeds where nothing is found: a test goes on after a failing "! command".
without() {
    if grep -q "$@"; then return 1; fi
}

# Ended, be it that nobody has asked how: not every container's first process does for its orphans.
gone() {
    ! grep -q '^State:.[^XZ]' "/proc/$1/status" 2>/dev/null
}
export -f gone

# $output has nothing but printable characters.
plain_text() {
    without '[[:cntrl:]]' <<<"$output"
}

valid() {
    /usr/bin/python3 - "$SCHEMA" "$@" <<'END'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
def refuse(name): raise ValueError(name)
for path in sys.argv[2:]:
    document = json.load(open(path), parse_constant=refuse)
    jsonschema.validate(document, schema)
    names = [(b["name"], b.get("repetition_index")) for b in document["benchmarks"]]
    assert len(names) == len(set(names)), "a name stands twice"
END
}

# One value of the document, by a Python expression on `d`.
ask() {
    /usr/bin/python3 -c "import json,sys; d=json.load(open('$json')); print($1)"
}

# Whether the first line that was printed is like the pattern.
head_is() {
    [[ ${lines[0]} = $1 ]] || { echo "the first line is: ${lines[0]}"; return 1; }
}

# The rest without the power to read and write whatever it likes.
powerless() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --bounding-set=-dac_override,-dac_read_search "$@"
    else
        "$@"
    fi
}
