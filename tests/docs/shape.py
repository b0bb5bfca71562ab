"""Whether a program prints what a page shows, but for what differs from run to run and from machine to machine."""
import re

# What is replaced by what, in this order. Names of cases stay as they are, with the numbers in them.
WILD = [(re.compile(pattern), mark) for pattern, mark in [
    (r"(?<![^\s(])…?/[^\s),]+", "PATH"),
    (r"^\[[0-9a-f]{7,40}\] .*", "[COMMIT]"),
    (r"; stopped: .*", ""),
    (r"[█▉▊▋▌▍▎▏▁▂▃▄▅▆▇]+", ""),
    (r"(?<![\w.])(?=[0-9]*[a-f]*[0-9])[0-9a-f]{7,40}\b(-dirty)?", "*"),
    (r"none up to [\d.]+ [nµm]?s\b", "*"),
    (r"(?<![\w:/.])[+-]?\d[\d.,]*(?:e[+-]?\d+)?(%|x|\b| [nµm]?s\b)( [nµm]?s\b)?", "*"),
    (r"[(\[]\*(?:,| \.\.) \*[)\]]( [nµm]?s\b)?", "*"),
    (r"(?<!\S)(tail )?(slower|faster|same|inconclusive)\*?(?!\S)", "*"),
    (r"(?<!\S)\* (\.\. )?(p10|p50|mean)(?!\S)", "*"),
    (r"(?<!\S)-(?!\S)", "*"),
    (r"(,\*?)+", ","),
    (r"(?<!\S)\*(( \.\.)? \*| [nµm]?s\b)*(?!\S)", "*"),
]]
# Lines that are whole only by their first words.
LABELS = re.compile(r"(host|system|subject \S+|loads|commits|archive)  ?\S.*")
CONCLUSION = re.compile(r"(\*\*)?(REGRESSION|NO REGRESSION|INCONCLUSIVE)\b.*")
COUNTS = re.compile(r"(\d+ [a-z ]+, )*\d+ [a-z ]+ \(margin")
CASE = re.compile(r"[a-z][\w-]*/[\w/:.-]*")
NO_VALUE = re.compile(r"\b(skipped|missing|not yet)\b")
P99 = re.compile(r"^(case value .*) p99\b")


def joined(lines):
    """Without what a narrow terminal does: a line that is indented by four or more continues the one above."""
    whole = []
    for line in lines:
        if whole and whole[-1] and re.match(r" {4,}\S", line):
            whole[-1] += " " + line.strip()
        else:
            whole.append(line.rstrip())
    return whole


def canonical(line):
    line = " ".join(line.split())
    if CONCLUSION.match(line):
        return "CONCLUSION"
    label = LABELS.match(line)
    if label:
        return label.group(1)
    line = COUNTS.sub("COUNTS (margin", line)
    for pattern, mark in WILD:
        line = " ".join(pattern.sub(mark, line).split())
    return P99.sub(r"\1", line)   # few samples have none


def pattern_of(shown):
    """`…` stands for any text."""
    return re.compile(".*".join(re.escape(part) for part in re.split(" ?… ?", canonical(shown))))


def is_excused(shown, printed):
    """Whether the line is of a case that this machine skips, as is said somewhere."""
    case = CASE.match(shown)
    return bool(case) and any(case.group(0) in line and NO_VALUE.search(line) for line in printed)


def is_of_the_moment(line):
    """A busy machine is warned of, an idle one is not."""
    return line.startswith(("warning  pressure:", "note     load:"))


def missing(shown, printed):
    """The first shown line that is not printed, in that order; None where all are. Other lines may be printed between
    them: a note below a table, a warning."""
    printed = joined(printed)
    at = 0
    for line in joined(shown):
        if line in ("…", "") or is_of_the_moment(line):
            continue
        pattern = pattern_of(line)
        found = [i for i in range(at, len(printed)) if pattern.fullmatch(canonical(printed[i]))]
        if found:
            at = found[0] + 1
        elif not is_excused(line, printed):
            return line
    return None
