"""What behaviour.py runs: a folder of subjects, documents and archives, and the command lines.

The documents are made by OLD (and once more by NEW, with "new-" before their names), get ids and
times that are the same each time, and are then damaged in all ways that come to mind.
"""
import copy
import itertools
import json
import pathlib
import re
import shutil
import subprocess

FAST = "--seed 1 --rounds 2 --samples 5"
FAKE = "./fake.sh"


# ---- the folder ----

def run(folder, environment, binary, *words, **variables):
    """Exit codes 1, 3 and 4 are results, too."""
    done = subprocess.run(["threadbench", *words], executable=binary, cwd=folder,
                          env={**environment, **variables}, capture_output=True, check=False)
    if done.returncode not in (0, 1, 3, 4):
        raise SystemExit(f"behaviour_cases.py: {words}: {done.stderr.decode()}")


def measure(folder, environment, binary):
    """Documents of several kinds; returns their names."""
    def make(*words, **variables):
        run(folder, environment, binary, *words, **variables)
        for counter in ("drift", "jitter", "slower", "tail"):  # the subject counts its processes
            (folder / counter).unlink(missing_ok=True)

    make("run", "--seed", "1", "--rounds", "6", "-o", "one.json", FAKE)
    make("run", "--seed", "2", "--rounds", "6", "-o", "two.json", FAKE)
    make("run", "--seed", "3", "--rounds", "3", "--samples", "1", "-o", "part.json", FAKE,
         f"FAKE=drift {FAKE}")
    make("run", "--seed", "4", "--rounds", "4", "-p", "1", "-o", "wide.json", f"FAKE=drift {FAKE}")
    for wrong in ("jitter", "slower", "tail"):
        make("run", "--seed", "4", "--rounds", "15", "--samples", "200", "-f",
             "create/cpu:(same|free)/posix", "-o", f"{wrong}.json", f"FAKE=jitter {FAKE}",
             f"FAKE={wrong} {FAKE}")
    make("run", "--seed", "5", "--rounds", "6", "--samples", "5", "-f", "absent|same/(posix|null)",
         "-o", "ends.json", f"good: {FAKE}", f"failing: FAKE=error {FAKE}", f"skipping: {FAKE}")
    for kind in ("grow", "bytes", "block", "no-quantile"):
        make("run", "--seed", "6", "--rounds", "3", "-o", f"{kind}.json", FAKE, FAKE=kind)
    make("run", "--seed", "7", "--budget", "0.00001", "-o", "none.json", FAKE)
    make("run", "--seed", "8", "--rounds", "3", "-f", "^(good|crash|bytes)$", "-o", "broken.json",
         "./broken")
    make("ab", "--seed", "9", "--rounds", "20", "--samples", "20", "-f", "same/posix", "-o",
         "ab.json", f"FAKE=jitter {FAKE}", f"FAKE=jitter {FAKE}")


def steady(folder):
    """Ids, times and what the machine did at the moment, the same each time."""
    ids = {}
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r'("(?:run_id|session)":\s*)"([0-9a-f]{16})"', lambda match: match.group(1) +
                      '"' + ids.setdefault(match.group(2), f"{len(ids):016x}") + '"', text)
        text = re.sub(r'("(?:wall_ms|cpu_pressure_us|other_cpu_share|steal_share)":\s*)[-+.\de]+',
                      r"\g<1>0", text)
        text = re.sub(r'("(?:date|started_utc)":\s*)"[^"]*"',
                      rf'\1"2020-01-02T03:{number:02d}:05Z"', text)
        path.write_text(text, encoding="utf-8")


def entry(name, index, time, **more):
    return {"name": name, "family_index": 0, "per_family_instance_index": 0, "run_name": name,
            "run_type": "iteration", "repetitions": 3, "repetition_index": index, "threads": 1,
            "iterations": 1000, "real_time": time, "cpu_time": time, "time_unit": "ns", **more}


def plain_file(version, host="here", factor=1.0):
    """As Google Benchmark writes it."""
    context = {"date": "2020-01-02T03:04:05+00:00", "host_name": host, "executable": "./plain",
               "num_cpus": 2, "mhz_per_cpu": 2000, "cpu_scaling_enabled": False, "caches": [
                   {"type": "Data", "level": 1, "size": 32768, "num_sharing": 1}],
               "load_avg": [0.5, 0.25, 0.125], "library_build_type": "release"}
    if version == "1.8":
        context |= {"library_version": "v1.8.4", "json_schema_version": 1}
    entries = [entry(name, i, factor * (time + i)) for name, time in
               (("quick", 10.5), ("sized/8", 80), ("sized/64", 640), ("slow/threads:4", 1e6))
               for i in range(3)]
    entries += [{**entry("quick", 0, 11.5), "name": f"quick_{what}", "run_type": "aggregate",
                 "aggregate_name": what, "aggregate_unit": "time"} for what in ("mean", "median")]
    skipped = {"skipped": True, "skip_message": "not here"} if version == "1.8" else \
        {"error_occurred": True, "error_message": "skipped: not here"}
    entries += [entry("absent", 0, 0, **skipped),
                entry("wrong", 0, 0, error_occurred=True, error_message="went wrong"),
                entry("counted", 0, 5, label="a label", things=3.5, bytes_per_second=1e9),
                {"name": "sized_BigO", "run_name": "sized", "run_type": "aggregate",
                 "aggregate_name": "BigO", "cpu_coefficient": 1.5, "real_coefficient": 1.5,
                 "big_o": "N", "time_unit": "ns"},
                {"name": "sized_RMS", "run_name": "sized", "run_type": "aggregate",
                 "aggregate_name": "RMS", "rms": 0.1}]
    return {"context": context, "benchmarks": entries}


def change(document, path, value):
    """The member at a path such as "context.threadbench.rounds" or "benchmarks.1.round"."""
    document = copy.deepcopy(document)
    *folders, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = document
    for part in folders:
        place = place[part]
    if value is DELETED:
        if isinstance(place, list) or last in place:  # each version has names of its own
            del place[last]
    else:
        place[last] = value
    return document


DELETED = object()
OTHER_TYPES = {"null": None, "text": "x", "number": -1.5, "list": [1, "x"], "object": {"x": 1}}
DAMAGED_MEMBERS = [
    "context", "context.threadbench", "context.threadbench.schema", "context.threadbench.version",
    "context.threadbench.rounds", "context.threadbench.session", "context.threadbench.subject",
    "context.threadbench.host", "context.threadbench.axes", "context.threadbench.revision",
    "context.host_name", "benchmarks", "benchmarks.0", "benchmarks.0.name", "benchmarks.0.round",
    "benchmarks.0.real_time", "benchmarks.0.time_unit", "benchmarks.0.iterations",
    "threadbench_cases", "threadbench_cases.0", "threadbench_cases.0.case",
    "threadbench_cases.0.axes", "threadbench_cases.0.decides", "threadbench_cases.0.statistic",
    "threadbench_cases.0.histograms",
    "threadbench_cases.0.role", "threadbench_cases.0.outcome",
]
DAMAGED_VALUES = [
    ("context.threadbench.version", 99), ("context.threadbench.rounds", 1e10),
    ("context.threadbench.repetitions", 0), ("context.threadbench.interval_alpha", 2),
    ("context.threadbench.schema", "other"), ("context.threadbench.seed", 1e300),
    ("context.threadbench.host.kernel.release", "2.4"), ("context.library_version", "1.9"),
    ("benchmarks.1.round", 0), ("benchmarks.1.round", 1e300), ("benchmarks.0.p10", 0),
    ("benchmarks.0.p10", 1e300), ("benchmarks.0.name", "b\u009b31m"), ("benchmarks.0.name", ""),
    ("threadbench_cases.0.version", "2"), ("threadbench_cases.0.unit", "bytes"),
    ("threadbench_cases.0.decides", "p50"), ("threadbench_cases.0.outcome", "failed"),
    ("context.threadbench.interrupted", True), ("context.threadbench.rounds_finished", 3),
    ("context.threadbench.subject.argv", []), ("context.threadbench.subject.label", "a\nb"),
]


def damaged(folder):
    """{name: bytes} of what is no document, or a bad one."""
    good = (folder / "jitter-b.json").read_bytes()
    document = json.loads(good)
    plain = json.dumps(plain_file("1.8")).encode()
    files = {
        "empty": b"", "spaces": b" \n\t", "object": b"{}", "array": b"[]", "null": b"null",
        "number": b"1e999", "text": b"hello", "string": b'"hello"', "zeros": b"\0" * 100,
        "half": good[:len(good) // 2], "begun": good[:700], "end": good[:-2], "more": good + b"x",
        "twice": good + good, "mark": b"\xef\xbb\xbf" + plain, "deep": b"[" * 100000,
        "latin": plain.replace(b"sized", b"s\xefzed"), "nul": plain.replace(b"sized", b"s\0zed"),
        "control": plain.replace(b"sized", b"s\x1bzed"), "nan": plain.replace(b"10.5", b"NaN"),
        "escape": plain.replace(b"sized", rb"s\u001b[31mzed"),
        "surrogate": plain.replace(b"sized", rb"s\ud800zed"),
        "infinite": plain.replace(b"10.5", b"-Infinity"), "huge": plain.replace(b"10.5", b"1e999"),
        "large": plain.replace(b"10.5", b"1e300"), "tiny": plain.replace(b"10.5", b"1e-320"),
        "digits": plain.replace(b"10.5", b"1" * 400), "octal": plain.replace(b"10.5", b"010"),
        "comma": plain.replace(b'"benchmarks": [', b'"benchmarks": [,'),
        "keys": plain.replace(b'"benchmarks"', b'"benchmarks": [], "benchmarks"'),
        "none": b'{"context":{},"benchmarks":[]}', "nothing": b'{"benchmarks":[{}]}',
    }
    for number, (path, value) in enumerate(DAMAGED_VALUES):
        files[f"value-{number}"] = json.dumps(change(document, path, value)).encode()
    for path in DAMAGED_MEMBERS:
        name = path.replace("threadbench_", "").replace("context.threadbench", "run")
        for kind, value in {**OTHER_TYPES, "gone": DELETED}.items():
            files[f"{name}-{kind}"] = json.dumps(change(document, path, value)).encode()
    return files


def repository(folder, environment):
    """Three commits and a branch; returns the ids of the commits."""
    def git(*words):
        return subprocess.run(["git", "-C", folder, *words], env=environment, check=True,
                              capture_output=True, text=True).stdout.strip()

    folder.mkdir()
    git("init", "-q", "-b", "main")
    commits = []
    for number in range(3):
        (folder / "file").write_text(f"{number}\n", encoding="utf-8")
        if number:
            shutil.copy(folder.parent / "fake.sh", folder / "program")
        git("add", ".")
        git("commit", "-q", "-m", f"{number}")
        commits.append(git("rev-parse", "HEAD"))
    git("tag", "v1", commits[1])
    return commits


def archives(folder, environment, binary, commits):
    """kept: several hosts, commits and labels; damaged: one of everything that is wrong."""
    incoming = folder / "incoming"
    incoming.mkdir()
    number = itertools.count(10)
    for source, host, commit, dirty in [
            ("jitter-a", None, commits[0], False), ("slower-b", None, commits[1], False),
            ("jitter-b", None, commits[2], True), ("one", "other", commits[0], False),
            ("two", "a/b", commits[1], False), ("one", None, None, False)]:
        document = json.loads((folder / f"{source}.json").read_bytes())
        at = next(number)
        mine = document["context"]["threadbench"]
        mine |= {"run_id": f"{at:016x}", "session": f"{at + 100:016x}",
                 "started_utc": f"2021-02-03T04:{at}:06Z", "revision": commit and {
                     "commit": commit, "dirty": dirty, "describe": None}}
        if host:
            document["context"]["host_name"] = mine["host"]["name"] = host
        (incoming / f"{at}.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    (incoming / "plain.json").write_text(json.dumps(plain_file("1.8")), encoding="utf-8")
    run(folder, environment, binary, "archive", "add", "kept",
        *sorted(str(path.relative_to(folder)) for path in incoming.iterdir()))
    shutil.copytree(folder / "kept", folder / "damaged")
    documents = sorted((folder / "damaged").rglob("*.json"))
    documents[0].write_bytes(documents[0].read_bytes()[:500])
    documents[1].write_bytes(documents[1].read_bytes().replace(b"ns", b"us", 1))
    documents[2].write_bytes(b"")
    documents[3].rename(documents[3].with_name(documents[3].name.replace("2021", "2022")))
    documents[4].unlink()
    documents[4].mkdir()
    for name in ("README", ".tmp-left", "other.json"):
        (folder / "damaged" / name).write_text("x", encoding="utf-8")
    (folder / "empty-archive").mkdir()


def fake_of(binary):
    """The made-up subject that is a binary's own: what it says of itself is read by that one."""
    for tree in (pathlib.Path(binary).parents[3], pathlib.Path(__file__).resolve().parents[2]):
        found = next((tree / "tests").rglob("fake.sh"), None)
        if found:
            return found
    raise SystemExit("behaviour.py: no fake.sh found")


def furnish(folder, binaries, environment):
    build = pathlib.Path(binaries[0]).parents[2]
    folder.mkdir()
    shutil.copy(fake_of(binaries[0]), folder / "fake.sh")
    for name in ("broken", "plain"):  # the same for both: they are no part of what is compared
        (folder / name).symlink_to(next(build.rglob(f"{name}-benchmark")))
    measure(folder, environment, binaries[0])
    newer = folder.with_name("newer")
    newer.mkdir()
    shutil.copy(folder / "broken", newer / "broken", follow_symlinks=True)
    shutil.copy(fake_of(binaries[1]), newer / "fake.sh")
    measure(newer, environment, binaries[1])
    for path in newer.glob("*.json"):
        shutil.copy(path, folder / f"new-{path.name}")
    steady(folder)
    for version in ("1.7", "1.8"):
        for name, factor in (("old", 1.0), ("slower", 1.5)):
            (folder / f"plain-{version}-{name}.json").write_text(
                json.dumps(plain_file(version, factor=factor), indent=2), encoding="utf-8")
    (folder / "plain-there.json").write_text(json.dumps(plain_file("1.8", "there")),
                                             encoding="utf-8")
    for name, content in damaged(folder).items():
        (folder / f"bad-{name}.json").write_bytes(content)
    (folder / "both").mkdir()
    for side in "ab":
        shutil.copy(folder / f"jitter-{side}.json", folder / "both")
    commits = repository(folder / "work", environment)
    archives(folder, environment, binaries[0], commits)


# ---- the command lines ----

HELP = """

help
--help
-h
--version
version
measure
help run
help nothing
archive
archive --help
archive help
archive what
archive list --help
archive verify --help
archive add --help
archive prune --help
archive what --help
list --help
run --help
run -h
compare --help
ab --help
doctor --help
run --help >closed
run --help >full
help >gone
LC_ALL=C --help
COLUMNS=40 run --help
run --help >tty:40
ab --help >tty:200
"""

LIST = """
list
list @suite
list --json @suite
list --set core
list --set standard
list -f create
list -f ^create/call
list >gone
list >full
list >closed
list >tty:40
list >tty:80
list >tty:200
LC_ALL=C list
list ./fake.sh
list ./fake.sh >tty:40
list ./fake.sh >tty:200
LC_ALL=C list ./fake.sh
list --json ./fake.sh
list --json --set core ./fake.sh
list --set core ./fake.sh
list --set standard ./fake.sh
list --set full ./fake.sh
list --set most ./fake.sh
list -f same ./fake.sh
list --filter nothing ./fake.sh
list --filter '(' ./fake.sh
list --filter= ./fake.sh
list ./plain
list --json ./plain
list -f ^sized ./plain
list ./broken
list --json ./broken
FAKE=grow list ./fake.sh
FAKE=block list ./fake.sh
FAKE=bytes list --json ./fake.sh
FAKE=list-fails list ./fake.sh
FAKE=list-garbage list ./fake.sh
FAKE=list-nothing list ./fake.sh
list ./fake.sh ./plain
list 'A=1 ./fake.sh'
list 'label: ./fake.sh'
list 'label:'
list "'./fake.sh"
list A=1
list ''
list ./missing
list ./both
list true
list false
list @nothing
list @rev:HEAD
list --python ./missing
list --python /bin/true
list --python
list --python ./missing --python /bin/false
list --nonsense
list --rounds 2 ./fake.sh
list "sh -c 'seq 10001'"
list "sh -c 'seq 30'"
list "sh -c 'printf \\033[31m'"
"""

RUN = """
run FAST ./fake.sh
run FAST -o out.json ./fake.sh
run FAST -q -o out.json ./fake.sh
run FAST --format json ./fake.sh
run FAST --format csv ./fake.sh
run FAST --format markdown ./fake.sh
run FAST --format table ./fake.sh
run FAST --format xml ./fake.sh
run FAST ./fake.sh >tty:40
run FAST ./fake.sh >tty:80
run FAST ./fake.sh >tty:200
run FAST -q ./fake.sh >tty:80
run FAST -f null ./fake.sh >tty:30
LC_ALL=C run FAST ./fake.sh
LC_ALL=C run FAST ./fake.sh >tty:80
run FAST -o out.json ./fake.sh >closed
run FAST -o out.json ./fake.sh >full
run FAST -o out.json ./fake.sh >gone
run --seed 1 --rounds 6 -o out.json ./fake.sh
run --seed 1 --rounds 6 ./fake.sh
run --seed 1 --rounds 20 -f same 'FAKE=jitter ./fake.sh'
run --rounds 1 -f null ./fake.sh
run -o out.json --rounds 1 -f null ./fake.sh
run FAST --set core ./fake.sh
run FAST --set standard --format csv ./fake.sh
run FAST --set full --format csv ./fake.sh
run FAST --set full ./fake.sh
run FAST -f same ./fake.sh
run FAST -f nothing ./fake.sh
run FAST -f same -f free ./fake.sh
run FAST --strict ./fake.sh
run FAST --strict -f absent ./fake.sh
run --seed 1 --precision 1 --rounds 9 --samples 1 ./fake.sh
run --seed 1 --precision 1 --samples 5 -f same/posix -o out.json ./fake.sh
run --seed 1 --strict --precision 0.1 --rounds 9 --samples 1 -f ^a/ 'FAKE=drift ./fake.sh'
run --seed 1 --precision 0.1 --rounds 9 --samples 1 -o out.json 'FAKE=drift ./fake.sh'
run --seed 1 --budget 0.00001 ./fake.sh
run --seed 1 --budget 0.00001 -o out.json ./fake.sh
run --seed 1 --budget 0.00001 --format csv ./fake.sh
run --seed 1 --budget 0.00001 --strict ./fake.sh
FAKE=grow run FAST -o out.json ./fake.sh
FAKE=grow run FAST -f ^grow ./fake.sh
FAKE=grow run FAST -f ^grow ./fake.sh >tty:80
FAKE=bytes run FAST -o out.json ./fake.sh
FAKE=bytes run FAST --format csv ./fake.sh
FAKE=block run FAST -o out.json ./fake.sh
FAKE=block run FAST --format csv ./fake.sh
FAKE=no-quantile run FAST -o out.json -f same ./fake.sh
FAKE=list-fails run FAST ./fake.sh
FAKE=list-garbage run FAST ./fake.sh
FAKE=list-nothing run FAST ./fake.sh
FAKE=skip-1.8 run FAST -o out.json -f absent ./fake.sh
FAKE=error run FAST -o out.json -f absent ./fake.sh
FAKE=other-name run FAST -o out.json -f absent ./fake.sh
FAKE=no-file run FAST -o out.json -f null ./fake.sh
FAKE=empty-file run FAST -f null ./fake.sh
FAKE=garbage run FAST -f null ./fake.sh
FAKE=bad-histogram run FAST -o out.json -f null ./fake.sh
FAKE=colours run FAST -o out.json -f null ./fake.sh
FAKE=late-failure run --seed 1 --rounds 9 --samples 1 -f null -o out.json ./fake.sh
FAKE=error run FAST --format csv ./fake.sh
FAKE=error run FAST --format json ./fake.sh
run FAST -o out.json ./fake.sh 'other: FAKE=block ./fake.sh'
run FAST ./fake.sh 'FAKE=error ./fake.sh'
run FAST --format csv ./fake.sh 'FAKE=error ./fake.sh'
run FAST --format json ./fake.sh ./fake.sh
run FAST 'a: ./fake.sh' 'a: ./fake.sh'
run FAST 'a:' ./fake.sh
run FAST -f null -o deep/out.json ./fake.sh ./fake.sh
run FAST -f null -o out ./fake.sh ./fake.sh
run FAST -f '^(good|sized)' ./fake.sh ./broken
run FAST -f '^(good|crash|abort|late-exit|half|huge|huge-time|nothing|deep|other-name)$' -o out.json ./broken
run FAST -f '^(twice|bytes|message|shout|litter|not-finite|empty)$' -o out.json ./broken
run FAST -f '^(good|crash|bytes)$' --format csv ./broken
run FAST -f '^(good|crash|bytes)$' ./broken
LC_ALL=C run FAST -f '^(good|crash|bytes)$' ./broken
run FAST --deadline 0.3 -f ^stop ./broken
run --seed 1 --rounds 1 --time 0.001 -f '^(broken|crash|quit)$' -o out.json ./plain
run FAST -f ^nothing ./plain
run FAST ./missing
run FAST ./fake.sh ./missing
run FAST true
run FAST yes
run FAST cat
run FAST @nothing
run FAST @rev:HEAD
run FAST @rev:HEAD ./fake.sh
run FAST --python ./missing
run FAST --python ./missing -f null ./fake.sh
run FAST --python ./missing --python ./absent -f null ./fake.sh
run FAST --python ./missing --format markdown
run FAST --python /bin/true
run FAST -f null -o . ./fake.sh
run FAST -f null -o missing/out.json ./fake.sh
run FAST -f null -o - ./fake.sh
run FAST -f null -o /dev/stdout ./fake.sh
run FAST -f null -o /dev/null ./fake.sh
run FAST -f null -o /dev/full ./fake.sh
run FAST -f null -o fake.sh/out.json ./fake.sh
run FAST -f null -o '' ./fake.sh
run FAST -f null --archive kept ./fake.sh
run FAST -f null --archive fresh ./fake.sh
run FAST -f null --archive fresh --repo work ./fake.sh
run FAST -f null --archive fresh --repo work -o out.json ./fake.sh ./fake.sh
run FAST -f null --archive /proc/none ./fake.sh
run FAST -f null --archive fake.sh ./fake.sh
run FAST -f null --archive= ./fake.sh
run FAST -f null --repo missing ./fake.sh
run FAST -f null --repo / ./fake.sh
run FAST -f null --repo work --format json ./fake.sh
run --seed 1 -t 0.001 --rounds 2 -f null --format csv ./fake.sh
run --seed 1 --repetitions 2 --rounds 2 -f ^good --format json ./broken
run FAST 'A=1 B="2 3" ./fake.sh' --format json -f null
run FAST --deadline 25 --format json -f null ./fake.sh
TMPDIR=missing run FAST -f null ./fake.sh
run --continue
run --continue --trust missing.json
run --continue --trust one.json
run --continue --trust --rounds 6 one.json
run --continue --trust --rounds 7 -o out.json one.json
run --continue --trust --rounds 7 one.json two.json
run --continue --trust --rounds 7 one.json one.json
run --continue --trust --rounds 5 -o out.json part-a.json part-b.json
run --continue --trust --rounds 5 part-a.json part-b.json
run --continue --trust --rounds 5 part-b.json part-a.json
run --continue --trust --rounds 5 part-a.json
run --continue --trust --rounds 2 -o out.json none.json
run --continue --trust --rounds 5 --format json bytes.json
run --continue --trust --rounds 5 plain-1.8-old.json
run --continue --trust --rounds 9 wide.json
run --continue --trust --budget 5 one.json
run --continue --trust -f null one.json
run --continue --trust --seed 1 one.json
run --continue --trust --samples 1 one.json
run --continue --trust -t 1 one.json
run --continue --trust --set full one.json
run --continue --trust --repetitions 2 one.json
run --continue --trust --python /bin/true one.json
run --continue --trust --deadline 9 --rounds 7 -o out.json one.json
run --continue --trust --rounds 7 -o out.json new-one.json
run --continue --trust --rounds 5 -o out.json new-part-a.json new-part-b.json
doctor ./fake.sh
doctor --json ./fake.sh
doctor --strict ./fake.sh
doctor --json --strict ./fake.sh
doctor ./fake.sh >tty:40
doctor ./fake.sh >tty:200
doctor ./fake.sh >full
LC_ALL=C doctor ./fake.sh
GLIBC_TUNABLES=glibc.rtld.nns=4 doctor ./fake.sh
doctor ./plain
doctor ./broken
doctor
doctor --json
doctor ./missing
doctor one two
doctor true
doctor --nonsense
FAKE=list-fails doctor ./fake.sh
FAKE=list-garbage doctor ./fake.sh
FAKE=list-nothing doctor ./fake.sh
FAKE=garbage doctor ./fake.sh
FAKE=garbage doctor --json ./fake.sh
FAKE=grow doctor ./fake.sh
"""

NUMBERS = {  # option: what is no value of it
    "rounds": ["0", "-1", "1e3", "x", "", "99999999999", "1.5", "0x10"],
    "seed": ["-1", "1000000000000000", "x", ""], "time": ["0", "nan", "-1", "1e9", "x", "inf"],
    "samples": ["0", "x", "1e2", "-5"], "repetitions": ["0", "1001"], "budget": ["0", "x", "1d"],
    "deadline": ["0", "1s"], "precision": ["0", "101", "x"],
}

AB = """
ab
ab ./fake.sh
ab ABF ./fake.sh ./fake.sh
ab ABF -o out.json ./fake.sh ./fake.sh
ab ABF -q ./fake.sh ./fake.sh >tty:80
ab ABF ./fake.sh ./fake.sh >tty:40
ab ABF ./fake.sh ./fake.sh >tty:200
ab ABF --format json ./fake.sh ./fake.sh
ab ABF --format markdown ./fake.sh ./fake.sh
ab ABF --format csv ./fake.sh ./fake.sh
LC_ALL=C ab ABF ./fake.sh ./fake.sh
ab ABF ./fake.sh ./fake.sh >full
ab ABF -o out.json ./fake.sh ./fake.sh >closed
ab ABF ./fake.sh ./fake.sh >gone
ab ABF --bisect ./fake.sh ./fake.sh >full
ab ABF ./fake.sh 'slow: FAKE=slower ./fake.sh' ./fake.sh
ab ABF --format json ./fake.sh 'FAKE=slower ./fake.sh'
ab ABF --format markdown ./fake.sh 'FAKE=slower ./fake.sh'
ab ABF --bisect ./fake.sh 'FAKE=slower ./fake.sh'
ab ABF --bisect ./fake.sh ./fake.sh
ab ABF --bisect 'FAKE=garbage ./fake.sh' ./fake.sh
ab ABF --bisect ./fake.sh 'FAKE=garbage ./fake.sh'
ab ABF ./fake.sh 'FAKE=empty-file ./fake.sh'
ab ABF --format json ./fake.sh 'FAKE=empty-file ./fake.sh'
ab ABF --margin 0 --strict ./fake.sh ./fake.sh
ab ABF --margin 15 ./fake.sh 'FAKE=slower ./fake.sh'
ab ABF --margin x ./fake.sh ./fake.sh
ab ABF --margin -1 ./fake.sh ./fake.sh
ab ABF --alpha 0 ./fake.sh ./fake.sh
ab ABF --alpha 51 ./fake.sh ./fake.sh
ab ABF --alpha 5 'FAKE=jitter ./fake.sh' 'FAKE=jitter ./fake.sh'
ab ABF 'FAKE=jitter ./fake.sh' 'FAKE=jitter ./fake.sh'
ab ABF 'FAKE=jitter ./fake.sh' 'FAKE=tail ./fake.sh'
ab ABF --format markdown 'FAKE=jitter ./fake.sh' 'FAKE=tail ./fake.sh'
ab --seed 1 --samples 1 --rounds 3 ./fake.sh ./fake.sh
ab --seed 1 --samples 1 --rounds 3 --strict ./fake.sh ./fake.sh
ab --seed 1 --budget 0.00001 ./fake.sh ./fake.sh
ab --seed 1 --samples 5 -f absent --rounds 3 ./fake.sh ./fake.sh
ab --seed 1 --samples 5 -f nothing ./fake.sh ./fake.sh
ab --bisect -f nothing ./fake.sh ./fake.sh
ab --bisect a
ab --bisect --rounds 0 a b
ab --margin --bisect a b
ab --bisect /dev/null /dev/null
ab --bisect -f null ./fake.sh /dev/null
ab -f null /dev/null ./fake.sh
ab ABF ./fake.sh ./missing
ab ABF 'a: ./fake.sh' 'a: ./fake.sh'
ab ABF "a: './fake.sh" ./fake.sh
ab ABF --build "cp 'program" --product x @rev:HEAD ./fake.sh
ab ABF --archive fresh --repo work ./fake.sh ./fake.sh
ab ABF --python ./missing ./fake.sh ./fake.sh
ab ABF --python ./missing ./fake.sh
ab ABF --python ./missing --python ./absent
ab ABF BUILD @rev:HEAD ./fake.sh
ab ABF BUILD -o out.json ./fake.sh @rev:v1
ab ABF BUILD @rev:HEAD~1 @rev:HEAD
ab ABF BUILD @rev:HEAD~2 ./fake.sh
ab ABF BUILD --bisect @rev:HEAD~2 ./fake.sh
ab ABF BUILD --bisect ./fake.sh @rev:HEAD~2
ab ABF BUILD @rev:none ./fake.sh
ab ABF BUILD --bisect ./fake.sh @rev:none
ab ABF BUILD @rev: ./fake.sh
ab ABF BUILD @rev:^HEAD ./fake.sh
ab ABF BUILD @rev:HEAD ./fake.sh >tty:80
ab ABF BUILD --product bin/other @rev:HEAD ./fake.sh
ab ABF BUILD --build false @rev:HEAD ./fake.sh
ab ABF BUILD --build ./missing @rev:HEAD ./fake.sh
ab ABF BUILD --build '' @rev:HEAD ./fake.sh
ab ABF --repo work --build 'cp program {out}/it' @rev:HEAD ./fake.sh
ab ABF --repo work --product it @rev:HEAD ./fake.sh
ab ABF --repo work @rev:HEAD ./fake.sh
ab ABF --repo missing @rev:HEAD ./fake.sh
ab ABF --repo both @rev:HEAD ./fake.sh
HOME=here XDG_CACHE_HOME= ab ABF BUILD @rev:HEAD ./fake.sh
ab --nonsense a b
"""

ARCHIVE = """
archive list kept
archive list --json kept
archive list kept >tty:40
archive list kept >tty:80
archive list kept >tty:200
archive list kept >full
archive list kept >gone
LC_ALL=C archive list kept
archive list --host other kept
archive list --host a/b kept
archive list --host nobody kept
archive list --host nobody --json kept
archive list --revision 0 kept
archive list --revision none kept
archive list --host= kept
archive list damaged
archive list --json damaged
archive list damaged >tty:40
archive list empty-archive
archive list --json empty-archive
archive list missing
archive list one.json
archive list ''
archive list
archive list a b
archive list --nonsense
archive verify kept
archive verify damaged
archive verify damaged >tty:40
archive verify damaged >gone
LC_ALL=C archive verify damaged
archive verify empty-archive
archive verify missing
archive verify ''
archive verify
archive verify --json kept
archive add
archive add kept
archive add kept one.json
archive add kept incoming/10.json
archive add fresh one.json two.json plain-1.7-old.json plain-1.8-old.json
archive add fresh missing.json one.json
archive add fresh both
archive add '' one.json
archive add one.json two.json
archive add /proc/none one.json
archive add fresh one.json >full
archive add fresh bad-empty.json bad-half.json bad-none.json bad-object.json one.json
archive prune
archive prune kept
archive prune --keep 1 --dry-run kept
archive prune --keep 0 --dirty kept
archive prune --keep x kept
archive prune --keep 1 damaged
"""

COMPARE = """
compare
compare one.json
compare one.json two.json part-a.json
compare one.json one.json
compare both jitter-b.json
compare jitter-b.json both
compare both slower-b.json
compare slower-b.json both
compare --pair both slower-b.json
compare --pair both both
compare missing.json one.json
compare one.json missing.json
compare --bisect missing.json one.json
compare --bisect one.json missing.json
compare --bisect jitter-a.json jitter-b.json
compare --bisect slower-a.json slower-b.json
compare --bisect --margin 0 jitter-a.json jitter-b.json
compare --bisect jitter-a.json jitter-b.json >full
compare --bisect slower-a.json
compare slower-a.json slower-b.json --bisect --bogus
compare --margin 2% --bisect slower-a.json slower-b.json
compare --margin 0 --strict jitter-a.json jitter-b.json
compare --strict jitter-a.json jitter-b.json
compare --margin 15 slower-a.json slower-b.json
compare --margin 1001 slower-a.json slower-b.json
compare --alpha 0.00001 slower-a.json slower-b.json
compare --alpha 100 slower-a.json slower-b.json
compare -f same slower-a.json slower-b.json
compare -f nothing slower-a.json slower-b.json
compare -f '(' slower-a.json slower-b.json
compare --bisect -f nothing slower-a.json slower-b.json
compare --set core slower-a.json slower-b.json
compare --set full slower-a.json slower-b.json
compare --set most slower-a.json slower-b.json
compare --format csv slower-a.json slower-b.json
compare --format xml slower-a.json slower-b.json
compare --pair jitter-a.json slower-b.json
compare --pair one.json two.json
compare --force plain-1.8-old.json plain-there.json
compare plain-1.8-old.json plain-there.json
compare plain-1.7-old.json plain-1.8-slower.json
compare --force one.json plain-1.8-old.json
compare --strict one.json two.json
compare one.json bytes.json
compare one.json block.json
compare one.json no-quantile.json
compare one.json none.json
compare one.json grow.json
compare one.json broken.json
compare part-a.json part-b.json
compare ab-a.json ab-b.json
compare --repo work --archive kept HEAD~2 HEAD~1
compare --repo work --archive kept HEAD~1 HEAD
compare --repo work --archive kept --format json HEAD~2 HEAD~1
compare --repo work --archive kept --format markdown HEAD~2 HEAD~1
compare --repo work --archive kept --bisect HEAD~2 HEAD~1
compare --repo work --archive kept v1 HEAD
compare --repo work --archive kept v1 one.json
compare --repo work --archive kept --ancestor HEAD
compare --repo work --archive kept --ancestor v1
compare --repo work --archive kept --ancestor HEAD~2
compare --repo work --archive kept --ancestor slower-b.json
compare --repo work --archive kept --ancestor HEAD~1 HEAD
compare --repo work --archive kept --ancestor
compare --repo work --archive kept none HEAD
compare --repo work --archive empty-archive HEAD~1 HEAD
compare --repo work --archive missing HEAD~1 HEAD
compare --repo work --archive damaged HEAD~2 HEAD~1
compare --repo missing --archive kept HEAD~1 HEAD
compare --archive kept HEAD~1 HEAD
compare --archive= HEAD~1 HEAD
compare HEAD~1 HEAD
compare kept/ one.json
compare empty-archive one.json
compare /dev/null one.json
compare --bisect /dev/null one.json
compare --bisect one.json /dev/null
compare --nonsense a b
compare new-jitter-a.json new-jitter-b.json
compare new-slower-a.json new-slower-b.json
compare --format json new-tail-a.json new-tail-b.json
compare new-one.json two.json
"""

PAIRS = ["jitter-a.json jitter-b.json", "slower-a.json slower-b.json", "slower-b.json slower-a.json",
         "tail-a.json tail-b.json", "one.json two.json", "ends-good.json ends-skipping.json",
         "ends-skipping.json ends-failing.json", "ends-failing.json ends-good.json",
         "plain-1.7-old.json plain-1.7-slower.json", "plain-1.8-old.json plain-1.8-slower.json"]


def lines(folder):
    """One case each, as behaviour.py reads them; `folder` is furnished."""
    table = "\n".join((HELP, LIST, RUN, AB, ARCHIVE, COMPARE))
    table = table.replace("FAST", FAST).replace("ABF", "--seed 1 --samples 200 -f 'same/posix'")
    table = table.replace("BUILD", "--repo work --build 'cp program {out}/bin/it' --product bin/it")
    yield ""
    yield from filter(None, table.split("\n"))
    for option, values in NUMBERS.items():
        yield from (f"run --{option} '{value}' ./fake.sh" for value in values)
        yield f"run --{option}"
    for pair in PAIRS:
        yield from (f"compare --format {form} {pair}" for form in ("table", "json", "markdown"))
        yield f"LC_ALL=C compare {pair}"
        yield from (f"compare {pair} >tty:{columns}" for columns in (40, 80, 200))
        yield f"compare --strict --pair {pair}"
    for name in sorted(path.name for path in folder.glob("bad-*.json")):
        yield f"compare jitter-a.json {name}"
        if not re.search("-(number|text|object).json", name):
            yield f"archive add fresh {name}"
            yield f"run --continue --trust --rounds 16 -o out.json {name}"
