"""Cut what somebody only quotes from what they have written. Pure."""

from mos.reply.folding import fold
from mos.reply.page import compile_marks

_MOST_LINES, _LONGEST = 4_000, 2_000
_JOINED = 3
"""Over how many lines programs wrap the line that leads a quotation in."""
_BLOCK = 5


def cut_quotes(text: str) -> str:
    r"""Return what is new in an answer: no quoted lines, and nothing that a program put below.

    What stands under a quotation that is marked line by line is kept: some answer below.

    >>> cut_quotes("Yes please!\n\nOn Mon, 2 Mar 2026, Ada wrote:\n> Unsubscribe: https://x.example")
    'Yes please!'
    """
    lines = [line[:_LONGEST] for line in text.splitlines()[:_MOST_LINES]]
    kept, quoted = list[str](), compile_marks("quotation")["quoted"]
    at = 0
    while at < len(lines):
        if quoted.match(lines[at]):
            at += 1
            continue
        length = _find_intro(lines, at)
        if length == 0:
            kept.append(lines[at])
            at += 1
            continue
        following = next((line for line in lines[at + length :] if line.strip()), "")
        if not quoted.match(following):
            break
        at += length
    return "\n".join(kept).strip()


def _find_intro(lines: list[str], at: int) -> int:
    """Return over how many lines something stands that leads a quotation in; 0: nothing does."""
    marks, line = compile_marks("quotation"), fold(lines[at]).strip()
    if marks["dashed"].match(line) or marks["rule"].match(line):
        return 1
    below = (fold(one).strip() for one in _below(lines, at))
    if marks["sender"].match(line) and any(marks["other_header"].match(one) for one in below):
        return 1
    joined = line
    for length in range(1, _JOINED + 1):
        if joined and (marks["intro"].match(joined) or marks["dated"].match(joined)):
            return length
        following = lines[at + length].strip() if at + length < len(lines) else ""
        if not joined or not following:
            return 0
        joined = f"{joined} {fold(following)}"
    return 0


def _below(lines: list[str], at: int) -> list[str]:
    return [line for line in lines[at + 1 : at + _BLOCK] if line.strip()]
