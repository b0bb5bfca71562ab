"""Runs the steps of a workflow, or of the action, as a runner of GitHub would: the same shell, the same files and
variables. Actions of others are stood in for by what they leave behind."""
import os
import pathlib
import shutil
import subprocess

import yaml
from expressions import fill, value_of


class Failed(Exception):
    """A step has ended with this code."""


class Runner:
    """`action` is the folder of the action, `leave_out` the steps (by name) that are not run, `folder` is the runner's
    own. `artifacts` is what was uploaded: names and folders."""

    def __init__(self, action, workspace, folder, event, leave_out=(), path=None):
        self.action, self.workspace, self.folder = action, workspace, folder
        self.leave_out, self.ran, self.artifacts, self.said = set(leave_out), [], {}, ""
        self.path = path or os.environ["PATH"]
        self.count = 0
        self.temp = folder / "temp"
        self.temp.mkdir(parents=True)
        self.summary = folder / "summary.md"
        self.summary.touch()
        self.github = {"event_name": event["name"], "event": event, "workspace": str(workspace), "token": "a-token",
                       "repository": "someone/project", "sha": event.get("sha", ""), "ref": "refs/heads/main"}

    def shell(self, step, contexts):
        """bash, as GitHub calls it; what a step says is kept."""
        self.count += 1
        script = self.folder / f"step-{self.count}.sh"
        output, path, variables = (self.folder / f"{name}-{self.count}" for name in ("output", "path", "env"))
        script.write_text(fill(step["run"], contexts), encoding="utf-8")
        output.touch()
        path.touch()
        variables.touch()
        environment = {
            "PATH": self.path, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "CI": "true", "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(output), "GITHUB_PATH": str(path), "GITHUB_ENV": str(variables), "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.temp), "GITHUB_WORKSPACE": str(self.workspace),
            **{name: value for name, value in os.environ.items() if name.startswith(("THREADBENCH_", "STAND_IN_", "CMAKE_"))},
            **{name: str(fill(value, contexts)) for name, value in {**contexts["env"], **step.get("env", {})}.items()}}
        strict = ["-eo", "pipefail"] if step.get("shell") == "bash" else ["-e"]
        folder = self.workspace / fill(step.get("working-directory", "."), contexts)
        ended = subprocess.run(["bash", "--noprofile", "--norc", *strict, script], cwd=folder, env=environment, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.said += ended.stdout
        added = path.read_text(encoding="utf-8").split()
        self.path = ":".join(added + [self.path])
        contexts["env"].update(line.split("=", 1) for line in variables.read_text(encoding="utf-8").splitlines())
        outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        if ended.returncode:
            raise Failed(ended.returncode)
        return outputs

    def made_here(self, folder, names):
        """What is in a checkout's folder and in no clone."""
        return {name for name in names if pathlib.Path(folder) == self.action and
                (name == ".git" or name.startswith("build") and pathlib.Path(folder, name).is_dir())}

    def use(self, step, contexts):
        given = {name: fill(value, contexts) for name, value in step.get("with", {}).items()}
        name = step["uses"].split("@")[0]
        if name == "actions/checkout":
            if "path" in given:
                shutil.copytree(self.action, self.workspace / given["path"], symlinks=True, ignore=self.made_here)
        elif name in ("actions/upload-artifact", "actions/upload-pages-artifact"):
            if not any(pathlib.Path(given["path"]).iterdir()):
                raise ValueError(f"nothing to upload in {given['path']}")
            self.artifacts[given.get("name", "github-pages")] = pathlib.Path(given["path"])
        elif name.endswith("/threadbench"):
            return self.run_action(given)
        elif name != "actions/deploy-pages":
            raise ValueError(f"there is nothing to stand in for {name}")
        return {}

    def run_steps(self, steps, contexts):
        contexts = {**contexts, "github": {**self.github, "action_path": str(self.action)},
                    "runner": {"temp": str(self.temp)}, "steps": {}}
        for step in steps:
            name = step.get("name", step.get("uses"))
            if name in self.leave_out or not value_of(str(step.get("if", "'yes'")), contexts):
                continue
            self.ran.append(name)
            outputs = self.shell(step, contexts) if "run" in step else self.use(step, contexts)
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": outputs}
        return contexts

    def run_action(self, given):
        text = yaml.safe_load((self.action / "action.yml").read_text(encoding="utf-8"))
        unknown = set(given) - set(text["inputs"])
        if unknown:
            raise ValueError(f"the action has no input {unknown}")
        contexts = {"github": {**self.github, "action_path": str(self.action)}}
        inputs = {name: given.get(name, fill(about.get("default", ""), contexts)) for name, about in text["inputs"].items()}
        contexts = self.run_steps(text["runs"]["steps"], {"inputs": inputs, "env": {}})
        return {name: fill(about["value"], contexts) for name, about in text["outputs"].items()}

    def run_workflow(self, path):
        text = yaml.safe_load(path.read_text(encoding="utf-8"))
        for job in text["jobs"].values():
            self.run_steps(job["steps"], {"env": text.get("env", {})})
