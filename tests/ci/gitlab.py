"""Runs a job of a pipeline as a runner of GitLab would: before_script and script in one shell that ends at the first
command that fails."""
import os
import re
import subprocess

import yaml


def job_of(path, name):
    """A job, with what it extends."""
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    job = text[name]
    return {**(text[job["extends"]] if "extends" in job else {}), **job}, text.get("variables", {})


def expand(text, variables):
    """Names of variables in the values of others, as far as they are known; a shell does the rest."""
    return re.sub(r"\$(\w+)", lambda match: str(variables.get(match[1], match[0])), str(text))


def is_wanted(job, variables):
    """Whether a rule of the job, which compares a variable with a text, is met."""
    for rule in job["rules"]:
        match = re.fullmatch(r'\$(\w+) == "(\w+)"', rule["if"])
        if not match:
            raise ValueError(f"not understood: {rule['if']}")
        if variables.get(match[1]) == match[2]:
            return True
    return False


def run_job(path, name, project, given, leave_out=()):
    """The code it ended with, what it said, and whether the pipeline goes on. Lines that begin as one of `leave_out`
    are not run."""
    job, variables = job_of(path, name)
    variables = {**variables, **given}
    variables = {name: expand(value, variables) for name, value in variables.items()}
    if not is_wanted(job, variables):
        raise ValueError(f"{name} is not for this pipeline")
    lines = [line for line in job.get("before_script", []) + job["script"] if not line.startswith(tuple(leave_out))]
    ended = subprocess.run(["bash", "-eo", "pipefail", "-c", "\n".join(lines)], cwd=project, text=True, check=False,
                           env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "CI": "true", **variables},
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    allowed = job.get("allow_failure", {}).get("exit_codes", 0)
    return ended.returncode, ended.stdout, ended.returncode in (0, allowed)
