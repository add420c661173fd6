"""Make a sentence of a line that another layer has written with its citations in brackets. Pure."""

import re

from mos.model.view import Said

_AT_THE_END = re.compile(r"(?s)(.*\S) \[([^\[\]]+)\]")


def cite_line(line: str, *cites: str) -> Said:
    """Return the line as a sentence: what stands in brackets at its end is cited, each once.

    >>> cite_line("Not: bdr_call [dec_1]", "dec_1").cites
    ('dec_1',)
    """
    found = _AT_THE_END.fullmatch(line)
    if not found:
        return Said.of(line, *cites)
    return Said.of(found.group(1), *dict.fromkeys((found.group(2), *cites)))
