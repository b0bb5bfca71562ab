#!/bin/sh
# A subject that knows threadbench, made of sh: it says of itself what a suite says, and gives each
# case a time that depends on nothing but the case. FAKE names what it does wrong,
# HOLD the process of a drift that waits to be interrupted, PYTHON_VERSION the interpreter it is.
set -eu

fake=${FAKE:-}
for word in "$@"; do
    case $word in
    --benchmark_list_tests) list=1 ;;
    --benchmark_filter=*) filter=${word#*=} ;;
    --benchmark_out=*) out=${word#*=} ;;
    esac
done

if [ "${list:-}" ]; then
    case $fake in
    list-fails) echo 'no such flag' >&2; exit 4 ;;
    list-garbage) echo '{"schema":' >"$THREADBENCH_SIDECAR"; exit 0 ;;
    list-nothing) exit 0 ;;
    esac
    block=1
    [ "$fake" != block ] || block=64
    one="{\"core\":true,\"max_samples\":0,\"block\":$block,\"version\":\"1\""
    [ "$fake" != bytes ] || one="$one,\"unit\":\"bytes\""
    python=
    [ -z "${PYTHON_VERSION:-}" ] || python="\"python\":{\"version\":\"$PYTHON_VERSION\",\"implementation\":\"sh\",\"free_threaded\":false,\"gil_enabled\":true,\"compiler\":\"\",\"flags\":\"\",\"configured\":\"\",\"debug\":false},"
    more=
    if [ "$fake" = grow ]; then # a line, and a step where another axis has another value
        for at in 0,0 0,10 0,40 1,10 1,20 1,30 1,40 2,1 2,2; do
            point=grow/step:${at%,*}/live:${at#*,}
            more="$more,{\"name\":\"$point\",\"case\":\"$point\",\"benchmark\":\"grow\",\"axes\":{\"step\":${at%,*},\"live\":${at#*,}},\"primary_statistic\":\"p10\"}"
        done
    fi
    if [ "$fake" = alternatives ]; then # tasks of two lengths, by a thread and by what is set against it
        for at in thread,0 pool,0 loop,0 gone,0 thread,100000 pool,100000 loop,100000; do
            by=${at%,*} length=${at#*,}
            point=task/work:$length
            more="$more,{\"name\":\"$point/$by\",\"case\":\"$point/$by\",\"benchmark\":\"task\",\"alternatives\":true,\"primary_statistic\":\"p10\",\"axes\":{\"work\":$length}"
            [ "$by" = thread ] || more="$more,\"break_even\":{\"thread\":\"$point/thread\",\"empty\":\"task/work:0/$by\",\"length_ns\":$length}"
            more="$more}"
        done
    fi
    cat >"$THREADBENCH_SIDECAR" <<END
{"schema":"threadbench-sidecar","version":1,$python
 "clock":{"name":"CLOCK_MONOTONIC","resolution_ns":1,"cost_ns":25},"benchmark_library":"1.7.1",
 "runtimes":[{"name":"posix","doc":"threads","unavailable":null},{"name":"c11","doc":"threads too","unavailable":"not built"}],
 "axes":[{"name":"cpu","unit":null,"doc":"where"},{"name":"live","unit":"threads","doc":"parked","zero":0}],
 "cases":[
 $one,"name":"create/cpu:same/posix/manual_time","case":"create/cpu:same/posix","benchmark":"create","doc":"the call","runtime":"posix","axes":{"cpu":"same","live":0},"phases":["call","rest"],"parts":[{"phase":"call","what":"the floor","times":2,"case":"create/cpu:same/null","field":"lower_half_mean"},{"phase":"rest","what":"nothing","times":1,"case":"gone","field":"lower_half_mean"}],"card":"create","primary_statistic":"p10","floor":"create/cpu:same/clone","overhead":"create/cpu:same/null"},
 {"name":"create/cpu:free/posix/manual_time","case":"create/cpu:free/posix","doc":"the call","axes":{"cpu":"free"},"card":"create","primary_statistic":"p10","floor":"create/cpu:same/clone"},
 {"name":"create/cpu:same/clone/manual_time","case":"create/cpu:same/clone","doc":"the call","axes":{"cpu":"same"},"primary_statistic":"p10"},
 {"name":"create/cpu:same/null/manual_time","case":"create/cpu:same/null","doc":"the call","axes":{"cpu":"same"},"primary_statistic":"p10"},
 $one,"name":"a/very/long/name/that/no/column/of/a/table/could/ever/hold/whole/even/if/it/were/the/only/one/there/posix","case":"a/very/long/name/that/no/column/of/a/table/could/ever/hold/whole/even/if/it/were/the/only/one/there/posix","doc":"long","axes":{},"primary_statistic":"p50"},
 $one,"name":"absent/posix","case":"absent/posix","doc":"skipped","axes":{},"primary_statistic":"mean"}$more]}
END
    exit 0
fi

name=${filter#^} name=${name%\$}
while [ "$name" != "${name#*\\}" ]; do name=${name%%\\*}${name#*\\}; done # its dots and the like
clean=${name%/manual_time}
case $clean in
create/cpu:same/posix) time=6000 ;;
create/cpu:free/posix) time=9000 ;;
create/cpu:same/clone) time=4000 ;;
create/cpu:same/null) time=30 ;;
grow/step:1/live:[34]0) time=9000 ;;
grow/step:1/*) time=1000 ;;
grow/*) time=$((1000 + 5 * ${clean##*:})) ;;
task/work:*/thread) time=20000 ;;
task/work:*/pool) time=10000 ;;
task/work:*/loop) time=25000 ;;
*) time=2500000 ;;
esac
case $clean in task/work:100000/*) time=$((time + 100000)) ;; esac
# hold FILE NUMBER: FILE gets a line by each process; that of that number waits to be interrupted
hold() {
    echo >>"$1"
    if [ "$(wc -l <"$1")" = "$2" ]; then : >held; exec tail -f /dev/null; fi
}
n=$THREADBENCH_SAMPLES
case $fake-$clean in
drift-a/*) # another time in each process
    hold drift "${HOLD:-none}"
    time=$((time + 40000 * $(wc -l <drift))) ;;
jitter-* | slower-* | tail-*) # some thousandths, another number each time
    echo >>"$fake"
    [ "$fake" != slower ] || time=$((time + time / 10))
    time=$((time + $(wc -l <"$fake") * 7919 % 13 * time / 4000)) ;;
slow-*) hold slow 5 ;;
esac
rare=$((time + 400)) # the slowest hundredth
[ "$fake" != tail ] || rare=$((time * 3))
entry="\"name\":\"$name\",\"run_name\":\"$name\",\"run_type\":\"iteration\",\"threads\":1"
result="$entry,\"iterations\":1,\"real_time\":$((time + 500)),\"cpu_time\":1,\"time_unit\":\"ns\",\"p10\":$time,\"p50\":$((time + 100)),\"p99\":$rare,\"samples\":$n,\"vcsw\":1,\"ivcsw\":0.25,\"user_ns\":1000,\"sys_ns\":2000,\"lower_half_mean\":$time,\"call_lower_half_mean\":$((time / 3)),\"rest_lower_half_mean\":$((time - time / 3)),\"call_mean\":$((time / 3)),\"rest_mean\":$((time - time / 3 + 500))"
if [ "$clean" = absent/posix ] || [ "$clean" = task/work:0/gone ]; then
    case $fake in
    skip-1.8) result="$entry,\"skipped\":true,\"skip_message\":\"not on this machine\"" ;;
    error) result="$entry,\"error_occurred\":true,\"error_message\":\"went wrong\"" ;;
    other-name) result="\"name\":\"else\",\"real_time\":1" ;;
    *) result="$entry,\"error_occurred\":true,\"error_message\":\"skipped: not on this machine\"" ;;
    esac
fi
text="{\"context\":{\"num_cpus\":2,\"mhz_per_cpu\":2000,\"caches\":[]},\"benchmarks\":[{$result}]}"
case $fake in
no-file) rm "$out"; out=/dev/null ;;
empty-file) : >"$out"; out=/dev/null ;;
garbage) text='<html>' ;;
no-quantile) text=$(printf '%s' "$text" | sed 's/"p10"/"q10"/') ;;
esac
printf '%s\n' "$text" >"$out"
case $fake in
late-failure) # the pilots and the first two rounds end well
    echo >>runs
    [ "$(wc -l <runs)" -le 4 ] || { echo 'out of luck' >&2; exit 7; } ;;
colours) printf '\033[31mred\033[0m\n' >&2; exit 5 ;;
bad-histogram) printf '{"schema":"threadbench-sidecar","version":1,"series":[{"case":"%s","samples":1,"histograms":[{"lower_ns":[1]}]}]}' "$clean" >"$THREADBENCH_SIDECAR"; exit 0 ;;
esac
[ "${THREADBENCH_COUNTED:-}" ] && exit # nobody asked for a sidecar
printf '{"schema":"threadbench-sidecar","version":1,"series":[{"case":"%s","samples":%d,"wall_ns":%d,
 "histograms":[{"placement":"same","lower_ns":[%d,%d],"count":[%d,%d]}]}]}\n' \
    "$clean" "$n" $((n * time)) "$time" "$rare" $((n - n / 50)) $((n / 50)) >"$THREADBENCH_SIDECAR"
