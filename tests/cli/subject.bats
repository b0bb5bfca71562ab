# What is found out about a subject. CARELESS prints on stdout and takes any flag.

load setup

@test "what a process writes on stderr though it ends well is told, each text once" {
    cat >loud <<END
#!/bin/sh
echo >>count
echo "attempt \$(wc -l <count)" >&2
printf 'first\n\n' >&2
echo "***WARNING*** Library was built as DEBUG." >&2
printf 'third\nfourth\n' >&2
/usr/bin/python3 -c 'import sys; sys.stderr.write("noise\n" * 9999)'
exec "$fake" "\$@"
END
    chmod +x loud
    run -0 "$THREADBENCH" run --rounds 3 --samples 1 -f same/null -o "$json" ./loud
    valid "$json"
    [ "$(jq -c .context.threadbench.subject.stderr "$json")" = '["attempt 1","first","third"]' ]
    [ "$(grep -c '^warning  stderr: ' <<<"$output")" = 3 ]
    run -0 "$THREADBENCH" run --continue --rounds 4 -o "$json" "$json"
    [ "$(jq -c .context.threadbench.subject.stderr "$json" | tr -d 0-9)" = '["attempt ","first","third"]' ]
    printf '#!/bin/bash\nfor i in {1..26}; do printf %%${i}s\\\\n x; done | tail -n $((RANDOM %% 20 + 1)) >&2\nexec "%s" "$@"\n' "$fake" >various
    chmod +x various
    run -0 "$THREADBENCH" run --rounds 30 --samples 1 -f same/null -o "$json" ./various
    [ "$(jq '.context.threadbench.subject.stderr | length' "$json")" = 8 ]
    run -1 "$THREADBENCH" doctor --strict ./loud
    grep -F 'warning  stderr: a process that ended well wrote on stderr: first' <<<"$output"
}

@test "what a program prints on stdout is no benchmark of it" {
    run -0 "$THREADBENCH" list "$CARELESS"
    [ "$(sed -n 's/ .*//; /^work/p' <<<"$output" | xargs)" = 'work/1 work/2 work/3 work/4' ]
    without -e tables -e bye <<<"$output"
    run -0 "$THREADBENCH" run --rounds 2 --time 0.01 -o "$json" "$CARELESS"
    valid "$json"
    [ "$(jq '.threadbench_cases | length' "$json")" = 4 ]
    printf '#!/bin/sh\ncase $* in *filter*) echo ready ;; *) echo is it a; echo benchmark; esac\n' >other
    chmod +x other
    "$THREADBENCH" list ./other | grep -F benchmark
}

@test "a number of iterations is asked for where the library does it, which is asked once" {
    printf '#!/bin/sh\necho "$*" >>log\nexec "%s" "$@"\n' "$CARELESS" >logged
    chmod +x logged
    run -0 "$THREADBENCH" run --rounds 2 --time 0.01 -o "$json" ./logged
    [ "$(grep -c -- --benchmark_list_tests log)" = 2 ]
    if grep -v -- --benchmark_list_tests log | grep -E 'min_time=[0-9]+x'; then
        [ "$(ask 'all(b["iterations"] == c["samples"] for c in d["threadbench_cases"] for b in d["benchmarks"] if b["name"] == c["case"])')" = True ]
    else # a pilot and two rounds for each
        [ "$(wc -l <log)" = $((2 + 4 * 3)) ]
        [ "$(jq -c '[.threadbench_cases[].samples]' "$json")" = '[null,null,null,null]' ]
    fi
}

@test "a program's counters have no meaning of ours" {
    run -0 "$THREADBENCH" run --rounds 2 --time 0.01 -o "$json" "$CARELESS"
    [ "$(ask '[b["round"] for b in d["benchmarks"] if b["run_type"] == "iteration"]')" = '[0, 1, 0, 1, 0, 1, 0, 1]' ]
    [ "$(ask 'all(b["mean"] == b["real_time"] != 7 for b in d["benchmarks"] if b["run_type"] == "iteration")')" = True ]
    # Files of such a program, the second one twice as slow.
    cat >make.py <<'END'
import json
for name, day, time in ("a", 1, 100), ("b", 2, 200):
    rows = [{"name": "case", "run_name": "case", "run_type": "iteration", "repetitions": 30, "repetition_index": i, "threads": 1,
             "iterations": 10, "real_time": time + i % 5, "cpu_time": time, "time_unit": "ns", "mean": 5.0, "round": 3.0, "order": 1.0}
            for i in range(30)]
    json.dump({"context": {"date": f"2024-01-0{day}T00:00:00+00:00", "host_name": "host"}, "benchmarks": rows}, open(f"{name}.json", "w"))
END
    /usr/bin/python3 make.py
    run "$THREADBENCH" compare --pair a.json b.json
    [ "$status" = 3 ]
    grep -E '^case +102\.0 ns mean +\+9[89]\.' <<<"$output"
}
