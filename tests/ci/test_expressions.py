#!/usr/bin/env python3
"""What expressions.py makes of texts. Prints TAP."""
from expressions import fill, value_of

CONTEXTS = {"inputs": {"comment": "true", "empty": ""}, "steps": {"measure": {"outputs": {"code": "3"}}}}
VALUES = {
    "inputs.comment": "true",
    "inputs.gone": "",
    "steps.measure.outputs.code": "3",
    "inputs.empty || 'else'": "else",
    "inputs.comment == 'true' && steps.measure.outputs.code != ''": True,
    "inputs.comment == 'false' || !(inputs.empty == '')": False,
    "'it''s'": "it's",
}
WRONG = ["inputs.comment ==", "'open", "toJSON(inputs)", "inputs", "inputs.comment 'x'", "(inputs.comment", "a ? b"]


def is_refused(text):
    try:
        value_of(text, CONTEXTS)
    except (ValueError, IndexError):
        return True
    return False


def cases():
    for text, value in VALUES.items():
        yield text, value_of(text, CONTEXTS) == value
    for text in WRONG:
        yield f"refused: {text}", is_refused(text)
    yield "a text with two", fill("${{ inputs.comment }}-${{ steps.measure.outputs.code }}", CONTEXTS) == "true-3"


if __name__ == "__main__":
    results = list(cases())
    print(f"1..{len(results)}")
    for i, (what, right) in enumerate(results, 1):
        print(f"{'ok' if right else 'not ok'} {i} - {what}")
