#!/usr/bin/env python3
"""Alarms in comparisons that are cut from a long recording.

usage: alarms.py THREADBENCH OLD.json NEW.json ROUNDS [--margin PERCENT]... [--alpha PERCENT]

The two documents are of one session, such as 'threadbench ab --margin 0 --rounds 2000 --budget 3600
-o FILE a b' records with the same program twice. Windows of ROUNDS rounds that do not overlap become
documents of their own, which 'threadbench compare' judges; an alarm is any 'slower' or 'faster',
of a case or of its tail.
"""
import collections
import json
import subprocess
import sys
import tempfile


def window(document, first, rounds):
    """The document with the entries of its rounds first ... first + rounds - 1 alone."""
    inside = range(first, first + rounds)
    entries = [e for e in document["benchmarks"]
               if e["run_type"] == "iteration" and e.get("round", -1) in inside]
    cases = [{**c, "histograms": [], "outcome": "ok", "reason": None}
             for c in document["threadbench_cases"]]
    context = json.loads(json.dumps(document["context"]))
    context["threadbench"]["look_alpha_share"] = 0
    return {"context": context, "benchmarks": entries, "threadbench_cases": cases}


def compare(program, old, new, margin, *more):
    done = subprocess.run([program, "compare", "--format", "json", "--margin", str(margin), *more,
                           old, new], stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 3, 4):
        sys.exit(f"threadbench compare: exit code {done.returncode}")
    return [c for c in json.loads(done.stdout)[0]["cases"] if not c["reason"]]


def main():
    words = sys.argv[1:]
    margins = [float(words[i + 1]) for i, word in enumerate(words) if word == "--margin"] or [0, 2]
    alpha = words[words.index("--alpha"):][:2] if "--alpha" in words else []
    program, old, new, rounds = words[0], words[1], words[2], int(words[3])
    documents = [json.load(open(path)) for path in (old, new)]
    last = min(d["context"]["threadbench"]["rounds_finished"] for d in documents)
    starts = range(0, last - rounds + 1, rounds)
    alarms = {margin: collections.Counter() for margin in margins}
    hit = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/{side}.json" for side in ("old", "new")]
        for start in starts:
            for name, document in zip(names, documents):
                with open(name, "w") as file:
                    json.dump(window(document, start, rounds), file)
            for margin in margins:
                cases = compare(program, *names, margin, *alpha)
                found = [(c["name"], kind) for c in cases
                         for kind, verdict in (("", c["verdict"]),
                                               (" (tail)", c.get("tail", {}).get("verdict")))
                         if verdict in ("slower", "faster")]
                hit[margin] += bool(found)
                for name, kind in found:
                    alarms[margin][name + kind] += 1
    for margin in margins:
        print(f"margin {margin:g} %: {hit[margin]} of {len(starts)} comparisons of {rounds} rounds "
              f"have an alarm")
        for name, count in sorted(alarms[margin].items()):
            print(f"    {name}: {count}")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main()
