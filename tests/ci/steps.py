#!/usr/bin/env python3
"""Runs the steps of action.yml and of the files in docs/ci as their runners would, on a small project of its own whose
benchmark is a script. Needs no network.

usage: steps.py ROOT PROGRAMS      with the threadbench in the folder PROGRAMS; prints TAP
       steps.py ROOT --fresh       with one that the steps themselves build, in a fresh clone of ROOT's last commit
"""
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

try:
    import github
    import gitlab
except ImportError as error:
    print(f"1..0 # SKIP {error}: install python3-yaml")
    sys.exit(0)

CMAKE = """cmake_minimum_required(VERSION 3.10)
project(my-benchmark NONE)
configure_file(bench.sh my-benchmark COPYONLY)
install(PROGRAMS ${CMAKE_BINARY_DIR}/my-benchmark DESTINATION bin)
"""
INPUTS = {"build": "cmake -B build -DCMAKE_INSTALL_PREFIX={out}\n\ncmake --build build --target install\n",
          "product": "bin/my-benchmark", "filter": "^create/cpu:same/posix$"}
STAND_IN = """#!/bin/sh
printf '%s\\n' "$@" >"$STAND_IN_CALLS"
exit "${STAND_IN_CODE:-0}"
"""


def git(folder, *words):
    return subprocess.run(["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x", *words], check=True, text=True,
                          capture_output=True).stdout.strip()


class Project:
    """A repository with a base and a head that merges a change into it, and what its runners leave."""

    def __init__(self, root, folder, time):
        self.root, self.folder = root, folder
        self.tree, self.origin = folder / "project", folder / "origin.git"
        self.bench = (root / "tests" / "cli" / "fake.sh").read_text(encoding="utf-8")
        self.tree.mkdir()
        git(self.tree, "init", "-q", "-b", "main")
        (self.tree / "CMakeLists.txt").write_text(CMAKE, encoding="utf-8")
        (self.tree / ".gitignore").write_text("build/\ninstalled/\npublic/\n.threadbench/\n", encoding="utf-8")
        self.commit(6000, "base")
        git(self.tree, "checkout", "-q", "-b", "change")
        self.commit(time, "change")
        git(self.tree, "checkout", "-q", "main")
        git(self.tree, "merge", "-q", "--no-ff", "-m", "merge", "change")
        git(folder, "clone", "-q", "--bare", self.tree, self.origin)
        git(self.tree, "remote", "add", "origin", str(self.origin))

    def commit(self, time, message):
        script = self.tree / "bench.sh"
        script.write_text(self.bench.replace("time=6000", f"time={time}"), encoding="utf-8")
        script.chmod(0o755)
        git(self.tree, "add", "-A")
        git(self.tree, "commit", "-q", "--allow-empty", "-m", message)

    def stand_in(self, name, code):
        """A program that keeps what it was called with, and ends with that code."""
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(STAND_IN, encoding="utf-8")
        path.chmod(0o755)
        os.environ["STAND_IN_CALLS"] = str(self.folder / f"{name}.calls")
        os.environ["STAND_IN_CODE"] = str(code)

    def calls(self, name):
        path = self.folder / f"{name}.calls"
        return path.read_text(encoding="utf-8").split("\n") if path.exists() else []


class Suite:
    """`programs` is None where the steps build threadbench themselves."""

    def __init__(self, root, programs):
        self.root, self.programs, self.results = root, programs, []
        self.scratch = None

    def path(self, project):
        return ":".join(filter(None, [str(project.folder / "bin"), self.programs, os.environ["PATH"]]))

    def runner(self, project, event):
        runner = github.Runner(self.root, project.tree, project.folder / "runner", event, path=self.path(project),
                               leave_out=["Build threadbench"] if self.programs else [])
        os.environ["CMAKE_GENERATOR"] = "Ninja"  # runners have make; what tests need here has ninja
        os.environ["THREADBENCH_LOCK"] = str(self.root / "action.yml")  # tests run beside each other
        return runner

    def action(self, time, gh=0, **inputs):
        project = Project(self.root, pathlib.Path(tempfile.mkdtemp(dir=self.scratch)), time)
        project.stand_in("gh", gh)
        runner = self.runner(project, {"name": "pull_request", "pull_request": {"number": "7"}})
        code, outputs = 0, {}
        try:
            outputs = runner.run_action({**INPUTS, **inputs})
        except github.Failed as failed:
            code = failed.args[0]
        return project, runner, code, outputs

    def slower(self):
        project, runner, code, _ = self.action(7200)
        comment = project.calls("gh")
        assert code == 3, runner.said
        assert re.search(r"^::error title=threadbench::REGRESSION in 1 of 1: .*\+20\.0 %25", runner.said, re.M), runner.said
        assert comment[:3] == ["pr", "comment", "7"] and comment[-2].endswith("/comparison.md"), comment
        assert "| **slower** |" in runner.summary.read_text(encoding="utf-8")
        documents = sorted(path.name for path in runner.artifacts["threadbench"].iterdir())
        assert documents == ["comparison.md", "result-base.json", "result-head.json"], documents

    def equal(self):
        _, runner, code, outputs = self.action(6000)
        assert code == 0 and outputs["code"] == "0", runner.said
        assert outputs["conclusion"].startswith("NO REGRESSION"), outputs
        assert "::" not in runner.said, runner.said

    def inconclusive(self):
        _, runner, code, outputs = self.action(6000, margin="0", budget="15")
        assert code == 0 and outputs["code"] == "4", runner.said
        assert "\n::warning title=threadbench::INCONCLUSIVE" in runner.said, runner.said

    def named_host(self):
        _, runner, code, _ = self.action(6000, host="ci")
        document = json.loads((runner.artifacts["threadbench"] / "result-head.json").read_text(encoding="utf-8"))
        assert code == 0 and document["context"]["host_name"] == "ci", runner.said

    def fork(self):
        _, runner, code, _ = self.action(6000, gh=1)
        assert code == 0 and "\n::notice title=threadbench::No comment" in runner.said, runner.said

    def no_comment(self):
        project, runner, code, _ = self.action(6000, comment="false")
        assert code == 0 and not project.calls("gh") and "Comment" not in runner.ran, runner.ran

    def missing_revision(self):
        project, runner, code, _ = self.action(6000, base="no-such-revision")
        assert code in (1, 2) and not project.calls("gh"), (code, runner.said)
        assert f"\n::error title=threadbench::it ended with {code}" in runner.said, runner.said

    def hostile_inputs(self):
        project, runner, code, _ = self.action(6000, filter="$(touch pwned)`touch pwned`'\"; touch pwned")
        assert code == 2, (code, runner.said)   # it matches no case
        assert not list(project.folder.rglob("pwned"))

    def pull_request(self):
        project = Project(self.root, pathlib.Path(tempfile.mkdtemp(dir=self.scratch)), 7200)
        project.stand_in("gh", 0)
        runner = self.runner(project, {"name": "pull_request", "pull_request": {"number": "7"}})
        try:
            runner.run_workflow(self.root / "docs" / "ci" / "github" / "pull-request.yml")
            raise AssertionError("it passed")
        except github.Failed as failed:
            assert failed.args[0] == 3, runner.said

    def nightly(self):
        project = Project(self.root, pathlib.Path(tempfile.mkdtemp(dir=self.scratch)), 6000)
        for night in (1, 2):
            runner = self.runner(project, {"name": "schedule"})
            try:
                runner.run_workflow(self.root / "docs" / "ci" / "github" / "nightly.yml")
            except github.Failed as failed:
                raise AssertionError(runner.said) from failed
            kept = git(project.origin, "ls-tree", "-r", "--name-only", "benchmarks").split("\n")
            assert len(kept) == night and all(name.endswith(".json") for name in kept), kept
            assert all(name.startswith("bench-results/ci-") for name in kept), kept
            pages = sorted(path.name for path in runner.artifacts["github-pages"].iterdir())
            assert pages == ["history.html", "index.html"], pages
            project.commit(6000 + night, f"night {night}")
            for name in ("runner", "project/.threadbench"):
                subprocess.run(["rm", "-rf", project.folder / name], check=True)

    def gitlab_variables(self, project, server):
        return {
            "THREADBENCH_URL": str(self.root), "PATH": self.path(project), "HOME": str(project.folder),
            "CI_PIPELINE_SOURCE": "merge_request_event", "CI_PROJECT_DIR": str(project.tree),
            "CI_BUILDS_DIR": str(project.folder), "CI_JOB_ID": "12", "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(project.tree, "rev-parse", "main^1"),
            "CI_COMMIT_SHA": git(project.tree, "rev-parse", "change"), "ARCHIVE_URL": str(project.origin),
            "BENCH_TOKEN": "a-token", "CI_API_V4_URL": "http:" + f"//127.0.0.1:{server.server_port}/api/v4",
            "THREADBENCH_LOCK": str(self.root / "action.yml"), "CMAKE_GENERATOR": os.environ["CMAKE_GENERATOR"]}

    def gitlab(self, job, project, server, **given):
        left_out = ["apt-get "] + (["git clone -q --depth 1", 'cd "$CI_BUILDS_DIR', "export PATH"] if self.programs else [])
        return gitlab.run_job(self.root / "docs" / "ci" / "gitlab-ci.yml", job, project.tree,
                              {**self.gitlab_variables(project, server), **given}, left_out)

    def merge_request(self):
        with listening() as server:
            project = Project(self.root, pathlib.Path(tempfile.mkdtemp(dir=self.scratch)), 7200)
            code, said, passes = self.gitlab("compare", project, server)
        assert code == 3 and not passes, (code, said)
        path, token, note = server.asked[0]
        assert path.split("/")[3:] == ["projects", "3", "merge_requests", "7", "notes"], path
        assert token == "a-token", server.asked
        assert note["body"].startswith("**REGRESSION in 1 of "), note
        assert (project.tree / "results" / "result-head.json").exists()

    def merge_request_without_token(self):
        with listening() as server:
            project = Project(self.root, pathlib.Path(tempfile.mkdtemp(dir=self.scratch)), 6000)
            code, said, passes = self.gitlab("compare", project, server, BENCH_TOKEN="")
        assert code == 0 and passes and not server.asked, (code, said)

    def gitlab_nightly(self):
        with listening() as server:
            project = Project(self.root, pathlib.Path(tempfile.mkdtemp(dir=self.scratch)), 6000)
            for night in (1, 2):
                code, said, passes = self.gitlab("nightly", project, server, CI_PIPELINE_SOURCE="schedule",
                                                 CI_JOB_ID=f"12{night}")
                assert code == 0 and passes, (code, said)
                kept = git(project.origin, "ls-tree", "-r", "--name-only", "benchmarks").split("\n")
                assert len(kept) == night and all(name.endswith(".json") for name in kept), kept
                assert all(name.startswith("bench-results/ci-") for name in kept), kept
                assert (project.tree / "public" / "history.html").exists()
                project.commit(6000 + night, f"night {night}")

    TESTS = {
        "action: a slower head fails with 3, with comment, summary and documents": slower,
        "action: equal sides pass": equal,
        "action: what is not decided is told, and passes": inconclusive,
        "action: a token that may not write leaves the summary": fork,
        "action: no comment where none is wanted": no_comment,
        "action: a revision that is not there fails": missing_revision,
        "action: the runner is called as wanted": named_host,
        "action: inputs are no commands": hostile_inputs,
        "github/pull-request.yml: a slower head fails with 3": pull_request,
        "github/nightly.yml: the archive grows, and the pages are made": nightly,
        "gitlab-ci.yml: a slower head fails with 3, and leaves a note": merge_request,
        "gitlab-ci.yml: without a token there is no note": merge_request_without_token,
        "gitlab-ci.yml: the archive grows, and the pages are made": gitlab_nightly,
    }

    def run(self):
        print(f"1..{len(self.TESTS)}")
        for number, (name, test) in enumerate(self.TESTS.items(), 1):
            with tempfile.TemporaryDirectory(prefix="threadbench-ci-") as self.scratch:
                os.environ["XDG_CACHE_HOME"] = self.scratch
                try:
                    test(self)
                    print(f"ok {number} - {name}", flush=True)
                except Exception as error:  # pylint: disable=broad-except # whatever it is, the others go on
                    print(f"not ok {number} - {name}", flush=True)
                    print("\n".join(f"# {line}" for line in f"{type(error).__name__}: {error}".split("\n")))


class Notes(http.server.BaseHTTPRequestHandler):
    """What GitLab's API is asked."""

    def do_POST(self):  # pylint: disable=invalid-name # as the class above calls it
        text = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["PRIVATE-TOKEN"], json.loads(text)))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class listening:    # pylint: disable=invalid-name # it is used as a function
    """A server on this machine, whose `asked` lists the requests."""

    def __enter__(self):
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Notes)
        self.server.asked = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def main(root, how):
    root = pathlib.Path(root).resolve()
    if how != "--fresh":
        return Suite(root, str(pathlib.Path(how).resolve())).run()
    with tempfile.TemporaryDirectory(prefix="threadbench-fresh-") as folder:
        clone = pathlib.Path(folder, "threadbench")
        git(folder, "clone", "-q", str(root), str(clone))
        return Suite(clone, None).run()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
