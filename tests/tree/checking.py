"""What the checks of the tree share: their command line, and their self-test."""
import pathlib
import sys
import tempfile


def found(check, tree):
    """What a check finds in a tree of {name: text}."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(check(pathlib.Path(folder)))


def run(usage, check, cases):
    """With ROOT prints what is wrong there, and fails if anything is; with --self-test prints whether each
    of the (what, right) that cases() gives is right, as TAP."""
    if len(sys.argv) != 2:
        sys.exit(usage)
    if sys.argv[1] != "--self-test":
        problems = list(check(pathlib.Path(sys.argv[1])))
        print("\n".join(problems))
        sys.exit(1 if problems else 0)
    results = cases()
    print(f"1..{len(results)}")
    for i, (what, right) in enumerate(results, 1):
        print(f"{'ok' if right else 'not ok'} {i} - {what}")
