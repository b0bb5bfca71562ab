#!/usr/bin/env python3
"""What the test of the examples finds in pages that went stale. Prints TAP.

usage: test_examples.py ROOT BUILD
"""
import pathlib
import sys
import tempfile

import examples
import page
import shape

RIGHT = """# A page

```sh
threadbench run -r 6 -t 0.001 -f '^create/call/cpu:same/(posix|clone)$' -o x.json
```

```console
$ threadbench show --format csv x.json; cat - <<'END' |
> one
> END
> wc -l
subject,case,role,outcome,reason,statistic,…
,create/call/cpu:same/posix,selected,ok,,p10,5415,5350,5500,0.02,9040,1,1.1,6,1020
1
$ threadbench show x.json
…
case                       value statistic ± 95 % CI   CV switches × floor …
create/call/cpu:same/posix 5.4 µs p10            1.2% 1.8%     1.00    1.10 …
create/call/cpu:same/clone 4.9 µs p10            1.2% 1.8%     1.00       - …
…
```

<!-- not run: it measures for minutes -->
```sh
ninja -C build bench && threadbench run --set core -o x.json | tail -n 3
meson setup build-x -Dparts=benchmark_c
tests/evidence/spread.py x.json
meson test -C build 'every case create'
```

```c
#include <benchmark_c.h>

int registered(void (*body)(struct bm_state *, void *))
{
    return bm_register("it", body, 0) != 0;
}
```

```text
threadbench doctor [--json] [--noise]
```

```json
{"a": 1}
```
"""
STALE = {   # what: (from, to)
    "a case": ("(posix|clone)", "(pthreads)"),
    "an option": ("-o x.json\n```\n\n```console", "--out-file x.json\n```\n\n```console"),
    "a command": ("show --format csv", "print --format csv"),
    "a format": ("--format csv", "--format cvs"),
    "a heading of CSV": ("outcome,reason", "reason,outcome"),
    "a heading of a table": ("statistic ± 95 % CI   CV", "statistic ± CV"),
    "a heading that is not there any more": ("× floor", "× floor old"),
    "a row": ("same/clone 4.9", "same/c11 4.9"),
    "a target, not run": ("build bench &&", "build benches &&"),
    "an option, not run": ("--set core", "--sets core"),
    "a set, not run": ("--set core", "--set kernel"),
    "an option of the build": ("-Dparts=", "-Dpart="),
    "a script": ("spread.py", "spreads.py"),
    "a test": ("'every case create'", "'each case create'"),
    "a function": ("bm_register(", "bm_registers("),
    "a synopsis": ("[--noise]", "[--noises]"),
    "JSON": ('"a": 1', '"a" 1'),
    "a block without a fence": ("# A page", "# A page\n\n    threadbench run"),
    "a block without a language": ("```text", "```"),
}
SAME = [
    ("figures", "a/b 5.41 µs p10 +1.2% -1 .. +2 same", "a/b 812 ns p10 -30% - slower"),
    ("paths", "old …/out/bin/x (build-id 93ac61ec5a8e)", "old /tmp/out/bin/x (build-id 0000000a)"),
    ("a bar", "call 5.33 µs 35% ██████████▌", "call 15.3 ns 1% ▏"),
    ("ranges", "a 174 (170 .. 176) µs none up to 1.00 ms", "a 9.1 (8.9 .. 9.2) ms 6.97 ms"),
    ("a conclusion", "REGRESSION in 1 of 1: a +1 %", "NO REGRESSION: each of 2 within 2 %"),
    ("counts", "2 slower, 2 same (margin 2 %, …", "1 inconclusive (margin 5 %, chance"),
    ("a case that is skipped", "wake/futex/cpu:other 5 µs p10 1%", "wake/futex/cpu:other skipped"),
    ("any text", "warning  no-effect: … has no", "warning no-effect: x has no"),
]
OTHER = [
    ("a word", "what it costs 5 µs", "what one costs 5 µs"),
    ("a name", "a/cpu:same/posix 5 µs", "a/cpu:free/posix 5 µs"),
    ("an axis' value", "a/alive:1000/posix 5 µs", "a/alive:100/posix 5 µs"),
    ("a quantile in a heading", "case p10 p50", "case p10 p90"),
    ("the order", "b", "a"),
]


def stale_pages(checks):
    def problems(name, text):
        return sum(bool(found) for _, _, found in checks.check(name, text))

    yield "a page that is right", problems("right", RIGHT) == 0
    for i, (what, (old, new)) in enumerate(STALE.items()):
        assert RIGHT.count(old) >= 1, old
        yield f"stale: {what}", problems(f"stale-{i}", RIGHT.replace(old, new, 1)) > 0


def odd_pages(checks):
    examples.NET_S = 2
    hangs = [found for _, _, found in checks.check("hangs", "```sh\nsleep 600\ntrue\n```\n")]
    yield "a command that hangs", hangs == [["line 2: not reached: sleep 600", "line 3: not reached: true"]]
    examples.FOREIGN = {"no-such-program"}
    lacks = list(checks.check("lacks", "```sh\nno-such-program\n```\n"))
    yield "a program that is not there", lacks == [(2, "sh # SKIP no no-such-program", [])]


def cases(root, build):
    for what, shown, printed in SAME:
        yield f"alike: {what}", shape.missing([shown], ["a", printed, ""]) is None
    for what, shown, printed in OTHER:
        yield f"not alike: {what}", shape.missing([shown], [printed]) == shown
    yield "lines in another order", shape.missing(["a", "…", "b"], ["b", "a"]) == "b"
    yield "a line that a narrow terminal broke", shape.missing(["a b", "    c"], ["a", "    b c"]) is None
    blocks = page.read(RIGHT)
    yield "commands of several lines", [len(page.commands(block)) for block in blocks[:3]] == [1, 2, 4]
    yield "a reason", blocks[2].not_run == "it measures for minutes" and not blocks[1].not_run
    with tempfile.TemporaryDirectory(prefix="threadbench-examples-") as folder:
        checks = examples.Examples(root, build, pathlib.Path(folder))
        yield from stale_pages(checks)
        yield from odd_pages(checks)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results = list(cases(*(pathlib.Path(word).resolve() for word in sys.argv[1:])))
    print(f"1..{len(results)}")
    for i, (what, right) in enumerate(results, 1):
        print(f"{'ok' if right else 'not ok'} {i} - {what}")
