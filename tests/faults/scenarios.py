"""What faults.py runs, in which folder, and what of its output has to be the same each time."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess

Scenario = collections.namedtuple("Scenario", "name code words")

CASE = ["-f", "^create/cpu:same/posix"]
QUICK = [*CASE, "--seed", "1", "-t", "0.001"]
ALL = [Scenario(name, code, words.split() if isinstance(words, str) else words) for name, code, words in (
    ("run", 0, ["run", *QUICK, "-r", "2", "-o", "old.json", "./fake.sh"]),
    ("run-archive", 0, ["run", *QUICK, "-r", "2", "--repo", "work", "--archive", "kept", "./fake.sh"]),
    ("continue", 0, ["run", "--continue", "--trust", "-r", "3", "-o", "keep.json", "keep.json"]),
    ("ab", 4, ["ab", *QUICK, "-r", "6", "-o", "old.json", "a: ./fake.sh", "b: ./fake.sh"]),
    ("list", 0, "list ./fake.sh"),
    ("show", 0, "show old.json"),
    ("show-csv", 0, "show --format csv old.json"),
    ("show-markdown", 0, "show --format markdown old.json"),
    ("export", 0, "show --format openmetrics -o old.csv old.json"),
    ("compare", 3, "compare old.json new.json"),
    ("compare-json", 3, "compare --format json old.json new.json"),
    ("compare-revisions", 3, "compare --repo work HEAD~2 HEAD"),
    ("report", 0, "report old.json -o old.html"),
    ("report-two", 0, "report old.json new.json -o old.html --svg figures"),
    ("history", 0, "history --repo work"),
    ("history-html", 0, "history --repo work --format html -o old.html"),
    ("archive-list", 0, "archive list --json"),
    ("archive-verify", 0, "archive verify"),
    ("archive-add", 0, "archive add bench-results foreign.json"),
    ("archive-export", 0, "archive export --format otava -o old.csv"),
    ("archive-asv", 0, "archive export --format asv -o asv"),
    ("doctor", 0, "doctor ./fake.sh"),
)]

MADE = {} # the files of the folder that each run gets, as files() returns them

GIT = ["git", "-C", "work", "-c", "user.name=x", "-c", "user.email=x@localhost"]


def environment(folder, locale="C.UTF-8"):
    kept = {name: os.environ[name] for name in ("PATH", "CCACHE_DIR") if name in os.environ}
    return {**kept, "HOME": folder, "TMPDIR": f"{folder}/tmp", "XDG_CACHE_HOME": f"{folder}/cache",
            "LC_ALL": locale, "NO_COLOR": "1", "THREADBENCH_LOCK": "lock",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def document(number, commit, ratio):
    """As threadbench might have written it: two cases, of which the second takes RATIO times as long."""
    host, kernel = os.uname().nodename, os.uname().release
    values = {"one": 1000, "create/cpu:same/posix": 6000 * ratio}
    return {"context": {"host_name": host, "threadbench": {
                "schema": "threadbench-result", "version": 1, "run_id": f"{number:016x}", "time_s": 0.1,
                "session": f"{number:016x}", "started_utc": f"2026-01-02T03:04:{number:02}Z", "rounds_finished": 12,
                "host": {"name": host, "kernel": {"release": kernel}}, "subject": {"argv": ["it"]},
                "revision": {"commit": commit, "dirty": False}}},
            "benchmarks": [{"name": name, "run_name": name, "run_type": "iteration", "threads": 1, "round": round,
                            "iterations": 1, "real_time": value * (1 + round * (7 + number) % 11 / 1000),
                            "cpu_time": 1, "mean": value * (1 + round * (7 + number) % 11 / 1000), "time_unit": "ns"}
                           for name, value in values.items() for round in range(12)]}


def make_archive(program, folder):
    subprocess.run(["git", "init", "-q", "--template=", "work"], cwd=folder, check=True)
    for number in range(4):
        subprocess.run([*GIT, "commit", "-q", "--allow-empty", "-m", f"subject {number}"], cwd=folder, check=True)
    commits = subprocess.run([*GIT, "rev-list", "--reverse", "HEAD"], cwd=folder, check=True,
                             capture_output=True, text=True).stdout.split()
    for number, commit in enumerate(commits):
        made = folder / f"{number}.json"
        made.write_text(json.dumps(document(number, commit, 1.2 if number > 2 else 1)))
        subprocess.run([program, "archive", "add", "bench-results", made.name], cwd=folder, check=True,
                       env=environment(str(folder)), stdout=subprocess.DEVNULL)
        made.unlink()


def make(program, fake, work):
    """The folder that each run gets a copy of; always at one place, as documents hold paths."""
    folder = work / "made" / "folder"
    (folder / "tmp").mkdir(parents=True)
    (folder / "lock").touch()
    shutil.copy(fake, folder / "fake.sh")
    make_archive(program, folder)

    def run(*words, **more):
        subprocess.run([program, *words], cwd=folder, check=True, capture_output=True,
                       env={**environment(str(folder)), **more})
    rounds = ["-r", "12", *QUICK]
    run("run", *rounds, "-o", "old.json", "./fake.sh")
    run("run", *rounds, "-o", "new.json", "./fake.sh", FAKE="slower")
    run("run", *QUICK, "-r", "2", "-o", "keep.json", "./fake.sh")
    (folder / "slower").unlink(missing_ok=True)
    (folder / "foreign.json").write_text('{"context": {"date": "2026-01-02T04:04:05+01:00", '
                                         '"host_name": "b"}, "benchmarks": []}')
    for name in ("old.csv", "old.html"):
        (folder / name).write_text("what was there\n")
    shutil.rmtree(folder / "cache", ignore_errors=True)
    MADE.update(files(folder))
    return folder


def copy(made, place):
    folder = os.path.join(place, "folder")
    shutil.copytree(made, folder, symlinks=True)
    return folder


def files(folder):
    """All files by their path, but for git's and what can be made anew; folders end with a slash."""
    found = {}
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("work", "cache")]
        for name in folders:
            found[os.path.relpath(os.path.join(path, name), folder) + "/"] = ""
        for name in names:
            file = pathlib.Path(path, name)
            found[os.path.relpath(file, folder)] = file.read_text(errors="replace") if file.is_file() else "no file"
    return found


# What is of the moment, of the host's load, or a number drawn.
VOLATILE = {"before", "after", "load_avg", "other_cpu_share", "wall_ms", "steal_share", "cpu_pressure_us", "session",
            "run_id", "warnings", "date", "started_utc", "other_run", "other_run_unknown", "duration_s", "seed"}
# What the system says of itself; where it does not, the document says null.
FACTS = {"host", "loaded", "files", "executable", "host_name", "virtualisation", "stderr"}


def steady(value):
    if isinstance(value, dict):
        return {key: steady(item) for key, item in value.items() if key not in VOLATILE and key not in FACTS}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return steady_text(value) if isinstance(value, str) else value


def steady_text(text):
    """Without what names a moment, a draw, the folder or the load; a warning may go on in lines that are indented."""
    text = re.sub(r"^(warning|host|system|kernel)  .*\n( {5,}.*\n)*", "", text, flags=re.M)
    text = re.sub(r"in about [\d.]+ s|\(process \d+: .*?\)", "", re.sub(r"/[^\s\"']*/folder\b/?", "", text))
    return re.sub(r"\d{8}T\d{6}Z-\w+(-\w+)?|\b[0-9a-f]{16}\b|\d\d\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", "#", text)


def steady_file(name, text):
    if name.endswith(".json"):
        try:
            return steady(json.loads(text))
        except ValueError:
            pass
    return steady_text(text)


def steady_files(found):
    return {steady_text(name): steady_file(name, text) for name, text in found.items()}


def difference(scenario, base, end):
    """What differs between two runs, or None."""
    if scenario.name != "doctor" and steady_text(base.out) != steady_text(end.out):
        return "stdout is another"
    one, other = steady_files(base.files), steady_files(end.files)
    if one.keys() != other.keys():
        return f"files are others: {', '.join(sorted(one.keys() ^ other.keys()))}"
    return next((f"{name} is another: {where(one[name], other[name])}" for name in one if one[name] != other[name]), None)


def where(one, other):
    """The first place in which two values differ, such as '.context.date: 1, 2'."""
    if isinstance(one, dict) and isinstance(other, dict):
        return next(f".{key}{where(one.get(key), other.get(key))}" for key in [*one, *other]
                    if one.get(key) != other.get(key))
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return next(f"[{i}]{where(a, b)}" for i, (a, b) in enumerate(zip(one, other)) if a != b)
    return f": {str(one)[:60]!r}, {str(other)[:60]!r}"


def is_whole(name, text):
    """Whether a document, a table or a page is one, from its beginning to its end."""
    if name.endswith(".html"):
        return text.endswith("</html>\n")
    if name.endswith(".csv"):
        return text.endswith("\n")
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


# Not what is finished of a run, which the archive keeps as .tmp-ID.json where it has no end.
LEFTOVER = re.compile(r"(^|/)(threadbench-(run-)?\w{6}/|\.tmp-[0-9a-f]{16}$)")


def without_leftovers(found):
    return {name: text for name, text in found.items() if not LEFTOVER.search(name)}


def damage(base, end, is_explained):
    """What a run has damaged or left, or None. Of what it writes there may be another whole one, if that
    was explained."""
    for name, text in end.files.items():
        may_be_other = name.endswith((".json", ".html", ".csv"))
        if may_be_other and text != MADE.get(name) and not is_whole(name, text):
            return f"{name} is not whole"
        if LEFTOVER.search(name):
            return f"{name} is left over"
        good = (MADE.get(name, text), text if may_be_other and is_explained else base.files.get(name, text))
        if steady_file(name, text) not in [steady_file(name, one) for one in good]:
            return f"{name} is neither what it was nor what it should become"
    gone = [name for name in MADE if name in base.files and name not in end.files]
    return f"{gone[0]} is gone" if gone else None


def explained(base, end):
    """Whether the output says that something failed that does not fail without the fault."""
    new = set(steady_text(end.out).splitlines()) - set(steady_text(base.out).splitlines())
    return any(re.search(r"\b(failed|skipped|cannot|damaged|interrupted|without an index)\b", line) for line in new)
