# Interpreters beside each other, made of sh: THREADBENCH is the program. Real ones are in tests/python.

load setup

# interpreter NAME VERSION: a file of that name, which measures as the fake subject does
interpreter() {
    printf '#!/bin/sh\nPYTHON_VERSION=%s exec "%s" "$@"\n' "$2" "$fake" >"$1"
    chmod +x "$1"
}

@test "an interpreter is called by its version, and a second one of that by a number, too" {
    interpreter one 3.12.1
    interpreter two 3.12.1
    interpreter three 3.13.0
    run -0 "$THREADBENCH" run --rounds 2 --samples 4 -f '^create/cpu:same/posix' -o out.json \
        --python ./one --python ./two --python ./three
    valid out-3.12.1.json out-3.12.1-2.json out-3.13.0.json
    [ "$(jq -c '.context.threadbench | [.time_s, .rounds]' out-3.13.0.json)" = '[0.02,2]' ]
    run -2 "$THREADBENCH" run --rounds 1 --samples 1 --python 'x: ./one' --python 'x: ./two'
    [ "$output" = "threadbench: two subjects are called 'x': give one of them another name, 'NAME: COMMAND'" ]
    run -2 "$THREADBENCH" run --python ' '
    [[ $output = *"give the path of an interpreter, or its name" ]]
    run -0 --separate-stderr "$THREADBENCH" run --rounds 2 --samples 4 -f '^create/cpu:same/posix' --format json \
        --python 'old: ./one' --python 'new: ./three'
    jq -e 'length == 1 and (.[0] | .old == "old" and .new == "new")' <<<"$output"
}

@test "interpreters alone are measured as long as verdicts take, by what is of no runtime" {
    cat >one <<END
#!/bin/sh
export PYTHON_VERSION=3.12.1
case "\$*" in *list*) ;; *) exec "$fake" "\$@" ;; esac
THREADBENCH_SIDECAR=listing "$fake" "\$@"
jq -c '.cases |= map(select(.case == "create/cpu:same/posix" or .benchmark == null and .core))' \
    listing >"\$THREADBENCH_SIDECAR"
END
    chmod +x one
    cp one two
    run -0 "$THREADBENCH" run --samples 4 -o out.json --python 'old: ./one' --python 'new: ./two'
    json=out-old.json
    [ "$(ask '[d["context"]["threadbench"][key] for key in ("budget_s", "rounds", "time_s")]')" = '[150, 30, 0.02]' ]
    [ "$(ask '[c["case"] for c in d["threadbench_cases"]]')" = "['a/very/long/name/that/no/column/of/a/table/could/ever/hold/whole/even/if/it/were/the/only/one/there/posix', 'absent/posix']" ]
    run -0 "$THREADBENCH" run --samples 4 --rounds 2 -o out.json --python 'old: ./one' --python 'new: ./two'
    [ "$(ask '[d["context"]["threadbench"].get(key) or 0 for key in ("budget_s", "rounds")]')" = '[0, 2]' ]
    for words in '--set standard' '--precision 50' '--budget 20' '-f a/very'; do # what else is asked for
        # shellcheck disable=SC2086 # words
        run -0 "$THREADBENCH" run --samples 4 --rounds 3 $words -o out.json --python 'old: ./one' --python 'new: ./two'
        [ "$(ask 'd["context"]["threadbench"].get("budget_s") == 150')" = False ]
    done
}

@test "an interpreter that cannot be measured is skipped where another one is left" {
    interpreter one 3.12.1
    run -1 "$THREADBENCH" run --rounds 2 --samples 4 -f '^create/cpu:same/posix' --python missing --python ./one
    [[ $output = *"threadbench: skipped: subject 'missing': "* ]]
    [[ ${lines[-1]} = "threadbench: only one of 2 interpreters could be measured: nothing is set beside it" ]]
    run -1 "$THREADBENCH" run --rounds 2 --samples 4 -f '^create/cpu:same/posix' --python missing
    [ "${#lines[@]}" = 1 ]
    run -4 "$THREADBENCH" ab --budget auto --rounds 2 --samples 4 -f '^create/cpu:same/posix' "a: $fake" --python missing --python ./one
    [[ $output = *"threadbench: skipped: subject 'missing': "* ]]
    run -1 "$THREADBENCH" ab --rounds 2 --samples 4 "a: $fake" --python missing
    [ "${#lines[@]}" = 1 ]
    run -1 "$THREADBENCH" ab --rounds 2 --samples 4 --python missing --python ./one --python ./one
    [ "${#lines[@]}" = 1 ]
}
