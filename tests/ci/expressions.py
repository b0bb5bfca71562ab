"""What GitHub's expressions in the files of docs/ci/ mean: contexts, texts, ==, !=, !, &&, || and parentheses.

What is none of these is an error, so that a file cannot ask for more than is tried.
"""
import re

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<path>[A-Za-z_][\w.-]*)|(?P<mark>==|!=|&&|\|\||[!()]))")


class Expression:
    def __init__(self, text, contexts):
        self.contexts = contexts
        self.tokens, at = [], 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if not match:
                raise ValueError(f"not understood: {text[at:]!r} in {text!r}")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()

    def take(self, *marks):
        if self.tokens and self.tokens[0][0] == "mark" and self.tokens[0][1] in marks:
            return self.tokens.pop(0)[1]
        return None

    def look_up(self, path):
        value = self.contexts
        for name in path.split("."):
            value = value.get(name, "") if isinstance(value, dict) else ""
        if isinstance(value, dict):
            raise ValueError(f"{path} is no text")
        return value

    def operand(self):
        if self.take("!"):
            return not self.operand()
        if self.take("("):
            value = self.either()
            if not self.take(")"):
                raise ValueError("a parenthesis is open")
            return value
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "path":
            return self.look_up(text)
        raise ValueError(f"{text} is no operand")

    def comparison(self):
        left = self.operand()
        mark = self.take("==", "!=")
        if not mark:
            return left
        return (left == self.operand()) == (mark == "==")

    def both(self):
        left = self.comparison()
        while self.take("&&"):
            right = self.comparison()
            left = left and right
        return left

    def either(self):
        left = self.both()
        while self.take("||"):
            right = self.both()
            left = left or right
        return left


def value_of(text, contexts):
    expression = Expression(text, contexts)
    value = expression.either()
    if expression.tokens:
        raise ValueError(f"more than an expression: {text!r}")
    return value


def fill(text, contexts):
    """A text with the values of its ${{ expressions }}."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda match: str(value_of(match[1], contexts)), str(text))
