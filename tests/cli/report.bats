# Reports from end to end: what is on the page, where it goes, and what is refused. How it looks is
# tests/report/browser.py's.

load setup

setup_file() {
    /usr/bin/python3 "$DOCUMENTS" "$BATS_FILE_TMPDIR"
}

# page WORD...: makes page.html of these
page() {
    (cd "$BATS_FILE_TMPDIR" && "$THREADBENCH" report -o "$BATS_TEST_TMPDIR/page.html" "$@")
}

# has TEXT: the page has it, literally
has() {
    grep -qF -- "$1" page.html || { echo "the page lacks: $1"; return 1; }
}

@test "a page has what a run has" {
    run -0 --separate-stderr page plain.json
    [ -z "$output" ]
    grep -F "the report is in '$BATS_TEST_TMPDIR/page.html'" <<<"$stderr"
    has 'What one thread costs'
    has 'Where the time goes'
    has 'lifecycle/batch/alive:*'
    has 'a + b*x'
    has 'exit status 3: out of luck'
    has 'this process may use no other CPU'
    has 'the governor is powersave'
    has "threadbench run -f &#39;^(create|join)/&#39; --seed 123456789"
    [ "$(grep -c '</html>' page.html)" = 1 ]
}

@test "the interval of a value is as wide as its document says" {
    page plain.json
    has '± 95 % CI'
    sed 's/"interval_alpha": 0.05/"interval_alpha": 0.0025/' "$BATS_FILE_TMPDIR/plain.json" >"$BATS_FILE_TMPDIR/closer.json"
    page closer.json
    has '± 99.75 % CI'
    without '± 95 %' page.html
}

@test "a page has from which length of task on a thread will do" {
    FAKE=alternatives run -0 "$THREADBENCH" run -q --set alternatives --rounds 6 -o "$PWD/alternatives.json" "$BATS_TEST_DIRNAME/fake.sh"
    page "$PWD/alternatives.json"
    has 'From which task length on a thread will do'
    has '190.0 (190.0 .. 190.0) µs'
    has '>always<'
    has '>missing<'
    has 'not on this machine'
    has '1.091 (1.091 .. 1.091)'
    [ "$(grep -c 'href="#break-even"' page.html)" = 1 ]
    page plain.json
    without 'break-even' page.html
}

@test "a page needs no other file, and runs no other script than its own" {
    page plain.json
    without -E 'https?:|src=|url\(|@import' page.html
    [ "$(grep -c '<script' page.html)" = 1 ]
    has "default-src 'none'"
    /usr/bin/python3 - <<'END'
import base64, hashlib, re
page = open("page.html", encoding="utf-8").read()
script = re.search("<script>(.*)</script>", page, re.S).group(1)
digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
assert f"script-src 'sha256-{digest}'" in page
END
}

@test "what was measured to be compared is compared" {
    page old.json new.json
    has '<b class="bad">REGRESSION in 3 of 4</b>: create/call/cpu:'
    grep -qE '>\+1[0-9.]+ \.\. \+1[0-9.]+</td>' page.html # an interval as text
    grep -qE 'title="\+1[0-9.]+%, 95 % CI \+1[0-9.]+ \.\. \+1[0-9.]+, 24 rounds"' page.html
    has 'how each quantile moved'
    has 'class="changed bad"'
    page new.json # alone it is a run
    without 'REGRESSION in' page.html
}

@test "two sessions are compared as compare does it" {
    page one.json two.json
    has 'REGRESSION in 2 of 4'
    has 'Drift between the two runs is not accounted for'
    has '"+5.3%, 24 repetitions a side"'
    without -E 'CI[^<]*nan|CI -|[0-9] pairs?"' page.html
    page --margin 20 one.json two.json
    without 'REGRESSION in' page.html
    page one.json two.json old.json # three are three
    without 'REGRESSION in' page.html
    has 'id="conditions-3"'
    [ "$(grep -c '^<a href="#' page.html)" = 3 ] # one entry each
    has '<a href="#conclusion-3">Conclusion: v1.2-3-g0123456, 2026-01-02</a>'
}

@test "other hosts are compared by force alone" {
    sed 's/"machine"/"another"/g' "$BATS_FILE_TMPDIR/two.json" >other.json
    run -1 --separate-stderr "$THREADBENCH" report -o page.html "$BATS_FILE_TMPDIR/one.json" other.json
    grep -F 'the host is not the same in' <<<"$stderr"
    [ ! -e page.html ]
    "$THREADBENCH" report --force -o page.html "$BATS_FILE_TMPDIR/one.json" other.json
    has 'REGRESSION'
}

@test "what differs between sides is said of each, and what does not once" {
    page first.json second.json third.json
    [ "$(grep -c '<pre>threadbench run' page.html)" = 2 ]
    has '<pre>threadbench run same'
    has '<pre>threadbench run other'
    has '<dt>processor, second</dt><dd>a processor, 8 CPUs</dd>'
    has '<dt>processor, third</dt><dd>another processor, 8 CPUs</dd>'
    has '<dt>seed</dt>'
    has '2 cases measured, 1 skipped, 2 failed'
    has '<b>governor</b>, first, second: the governor'
    has '<b>load</b>, third: it is busy'
    has '<b>smt</b>: two threads'
    [ "$(grep -c 'class="severity' page.html)" = 3 ]
    [ "$(grep 'class="severity' page.html | sed -n 2p | grep -c 'it is busy')" = 1 ] # before the note
}

@test "interpreters stand side by side" {
    page python-a.json python-b.json
    has 'Interpreters side by side'
    has '1.30x ['
    has 'cpython 3.12, <code>./threadbench-suite</code>'
    has 'python-b is of another build than python-a'
}

@test "interpreters stand side by side after other subjects, and what one of them lacks is missing" {
    page suite.json py-{1,2,3}.json
    has '0.70x [0.70, 0.70] faster</td>'
    has 'data-value="0.69'
    has ' class="">703 ns</td>'
    has 'py-2 is of another build than py-1, which alone can make this difference: compiler &#39;clang&#39;, not &#39;gcc&#39;.</p>'
    has 'py-3 is of another build than py-1, which alone can make this difference: compiler &#39;unknown&#39;'
    without 'than suite' page.html
    grep -F 'python/local/cpu:same' page.html | grep -F '<td class="">missing</td><td'
    page few-1.json few-2.json
    has '<td class="unsure"></td>' # no ratio
}

@test "from which length of task on a thread will do is said of each subject" {
    page tasks.json
    has '997 µs (989 µs .. 1.003 ms)'
    has '40 (0 .. 149) µs'
    [ "$(grep -c 'no such pool' page.html)" -ge 1 ]
    page few-tasks.json
    has '1.097'
    without '1.097 (' page.html
}

@test "each curve is named, and of two families each is a group" {
    page growths.json
    [ "$(grep -c '<h3>[^<]* along [a-z]*</h3>' page.html)" = 14 ]
    for name in one two; do
        grep -F '<details class="group"' page.html | grep -F "<b>$name</b>"
        for formula in 'line:a + b*x' 'log:a + b*log2(1+x)' 'power:a*x^b'; do
            grep -F -A 9 "<h3>$name/${formula%%:*}/alive:* along alive" page.html | grep -F "<code>${formula#*:}</code>"
        done
    done
    grep -F -A 9 '<h3>one/flat/alive:* along alive' page.html | grep -F '<code>a</code>'
    has 'no curve fits; the largest step is'
    has 'along shift, the upright axis logarithmic'
    has '<i class="h1"></i> all</li>' # of no runtime
    ! command -v gnuplot || [ "$(grep -c 'aria-label="[^"]*along' page.html)" = 14 ]
}

@test "what has no figure is listed with its subject and its role, many of one reason folded" {
    page late-old.json late-new.json
    has '<td>had no turn</td><td class="number" data-value="12">12</td>'
    has '<details class="data"><summary>12 cases</summary>old: late0/posix<br>old: late1/posix<br>'
    has '<td>no room for 0</td><td class="number" data-value="2">2</td><td class="name">old: gone0/posix<br>new: gone0/posix<br></td>'
    has 'old: first/clone (floor)<br>new: first/clone (floor)<br>'
    without 'first/null' page.html # it was not asked for
    has "<pre>&#39;./run it&#39; &#39;&#39; &#39;it&#39;\\&#39;&#39;s&#39; --seed=7</pre>" # which has its seed
    page late-old.json
    has '<summary>6 cases</summary>late0/posix<br>'
}

@test "a name that ends with its runtime by chance is swept along its axis" {
    page odd.json
    has '<h3>odd/alive:* along alive'
}

@test "runtimes beyond the hues of a figure get another" {
    page odd.json
    for number in 0 7 8 9; do
        has "<li data-label=\"runtime$number\">"
    done
    [ "$(grep -cF '<h3>many/alive:* along alive' page.html)" = 2 ]
    has '<h3>many/alive:* along alive, continued</h3>'
    has '<h3>many/alive:10, continued</h3>'
}

@test "a sweep has all of its points" {
    page odd.json
    has '<td class="number" data-value="70">70</td>'
}

@test "a file of Google Benchmark's own is a report, too" {
    page foreign.json
    has 'BM_sort'
    has '<b>cases</b> <small>2 cases</small>'
    without -E '0 rounds|<dt>(rounds|seed)' page.html
    ! command -v gnuplot || has 'share of processes up to each value'
}

@test "hostile text is escaped" {
    page hostile.json
    without -F -e '<img' -e '<script>document' -e $'\u202e' -e $'\u2066' page.html
    has '&lt;script&gt;document.title=&#39;obeyed&#39;'
}

@test "by - the page goes to stdout, and by no -o to a file that is named" {
    run -0 --separate-stderr "$THREADBENCH" report -o - "$BATS_FILE_TMPDIR/plain.json"
    [ "${lines[0]}" = '<!DOCTYPE html>' ]
    without 'the report is in' <<<"$stderr"
    "$THREADBENCH" report "$BATS_FILE_TMPDIR/plain.json"
    grep -q '</html>' threadbench-report.html
    rm threadbench-report.html # else it would be what was left behind
}

@test "figures are files, too, where that is asked for" {
    command -v gnuplot || skip 'no gnuplot'
    page --svg "$BATS_TEST_TMPDIR/figures" plain.json
    [ "$(grep -o '<svg class="plot"' page.html | wc -l)" = "$(ls figures | wc -l)" ]
    /usr/bin/python3 -c 'import sys, xml.etree.ElementTree as x; [x.parse(f) for f in sys.argv[1:]]' figures/*.svg
    ls figures/*-ecdf-create-call-cpu-same.svg
    page --svg "$BATS_TEST_TMPDIR/compared" old.json new.json
    grep -F 'create/call/cpu:same/posix; ' compared/*-intervals-new.svg
    page --svg "$BATS_TEST_TMPDIR/more" hostile.json
    /usr/bin/python3 -c 'import sys, xml.etree.ElementTree as x; [x.parse(f) for f in sys.argv[1:]]' more/*.svg
}

@test "without gnuplot the page has its tables and says so" {
    mkdir nothing
    run -0 --separate-stderr env PATH="$PWD/nothing" "$THREADBENCH" report -o page.html "$BATS_FILE_TMPDIR/plain.json"
    run -1 --separate-stderr env PATH="$PWD/nothing" "$THREADBENCH" report --svg figures -o page.html \
        "$BATS_FILE_TMPDIR/plain.json"
    grep -F 'without gnuplot' <<<"$stderr"
    has 'there are no figures without gnuplot'
    has 'p99.9'
    without '<figure' page.html
    grep -q '</html>' page.html
}

@test "a signal while gnuplot runs: no page, and nothing is left behind" {
    printf '#!/bin/sh\n: >under-way\nexec tail -f /dev/null\n' >gnuplot
    chmod +x gnuplot
    for signal in INT TERM HUP; do
        rm -f under-way
        # A shell lets what it runs beside itself ignore SIGINT, and nohup SIGHUP.
        /usr/bin/python3 -c 'import os, signal, sys; [signal.signal(s, signal.SIG_DFL) for s in (signal.SIGINT, signal.SIGHUP)]; os.execv(sys.argv[1], sys.argv[1:])' \
            /usr/bin/env PATH="$PWD:$PATH" "$THREADBENCH" report -o page.html "$BATS_FILE_TMPDIR/plain.json" 2>errors 3>&- &
        timeout 60 sh -c 'until [ -e under-way ]; do :; done'
        kill -s $signal $!
        code=0; wait $! || code=$?
        [ "$code" = $((128 + $(kill -l $signal))) ]
        grep -F 'interrupted' errors
        [ ! -e page.html ]
        [ -z "$(find . -name 'threadbench-*')" ]
    done
}

@test "what cannot be is refused" {
    run -1 --separate-stderr "$THREADBENCH" report -o missing/page.html "$BATS_FILE_TMPDIR/plain.json"
    run -2 --separate-stderr "$THREADBENCH" report nothing.json
    run -2 --separate-stderr "$THREADBENCH" report --rounds 3 "$BATS_FILE_TMPDIR/plain.json"
}

@test "the command that repeats a run has its seed among the options" {
    for words in '"--", "./bench", "--seed"' '"--seed", "5", "--", "./bench"' '"./bench"'; do
        jq ".context.threadbench.command = [\"threadbench\", \"run\", $words]" "$BATS_FILE_TMPDIR/plain.json" >words.json
        page "$PWD/words.json"
        grep -F '<pre>threadbench run' page.html >>commands
    done
    diff commands - <<'END'
<pre>threadbench run --seed 123456789 -- ./bench --seed</pre>
<pre>threadbench run --seed 5 -- ./bench</pre>
<pre>threadbench run ./bench --seed 123456789</pre>
END
}

@test "a host is described as far as it is known, with one CPU or more" {
    page plain.json
    has '<dt>host</dt><dd>machine, a processor, 8 CPUs</dd>'
    jq '.context.threadbench.host.topology.pus = 1' "$BATS_FILE_TMPDIR/plain.json" >one.json
    page "$PWD/one.json"
    has '<dt>host</dt><dd>machine, a processor, 1 CPU</dd>'
    has '<dt>processor</dt><dd>a processor, 1 CPU</dd>'
    jq 'del(.context.threadbench.host | .cpu, .topology)' "$BATS_FILE_TMPDIR/plain.json" >none.json
    page "$PWD/none.json"
    [ "$(grep -c '<dt>host</dt><dd>machine</dd>' page.html)" = 2 ] # in the conclusion, too
}

@test "a case of the costs at a placement that nobody knows is left out" {
    jq '(.threadbench_cases[].axes | select(.cpu)).cpu = "elsewhere"' "$BATS_FILE_TMPDIR/plain.json" >odd.json
    run -0 "$THREADBENCH" report -o page.html odd.json
    has '</html>'
}

@test "hostile text everywhere in a document: nothing of it is obeyed, in any format" {
    # Names stay what refers to them; of the rest each text has what a terminal, a page or a forge would obey.
    jq '.. |= if type == "object" then with_entries(if (.value | type) == "string" and
            ([.key] | inside(["schema", "run_type", "time_unit", "outcome", "role", "name", "run_name", "aggregate_name", "case",
                "started_utc", "date", "statistic", "session", "run_id", "stopped_by", "pairing", "design"]) | not)
        then .value += " \u202e\u2066\u001b[31m<b>b</b> @everyone #12 GH-34 https://github.com/evil |" else . end) else . end' \
        "$BATS_FILE_TMPDIR/plain.json" >hostile.json
    grep -q everyone hostile.json
    harmless() {
        without -P '\x{202e}|\x{2066}|\x1b' "$1"
    }
    "$THREADBENCH" show hostile.json >table
    "$THREADBENCH" show --format csv hostile.json >csv
    "$THREADBENCH" show --format markdown hostile.json >markdown
    "$THREADBENCH" report -o page.html hostile.json
    for file in table csv markdown page.html; do
        grep -q everyone $file
        harmless $file
    done
    without -F '<b>b' page.html
    # In Markdown a reference is one only outside of code, which is indented or between backticks.
    sed 's/`[^`]*`//g' markdown >prose
    without -E '^[^ ].*(@everyone|#12|GH-34|https:|<b>)' prose
    without -F '&#8203;' markdown # a name is what it was
}
