"""What stands under every mail: whose it is, and the ways out of it. Pure.

`content/footer/<language>.md` says it, a line each; `[words](link)` is a link, and a line whose
link there is not is left out. Blanks are `{unsubscribe}`, `{preferences}`, `{sender}`, `{postal}`.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from mos.policy.bundle.bundle import Bundle

FOLDER = "content/footer"
_LINK = re.compile(r"\[([^\]]+)\]\(\{(\w+)\}\)")
_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Footer:
    """The same words for both parts of a mail."""

    text: str
    html: str


def write_footer(bundle: Bundle, language: str, blanks: Mapping[str, str]) -> Footer | None:
    """Return what stands under a mail in this language; None where the bundle says nothing."""
    if language not in bundle.names(FOLDER, ".md"):
        return None
    said = bundle.text(f"{FOLDER}/{language}.md").strip().splitlines()
    lines = [line.strip() for line in said if line.strip() and _is_whole(line, blanks)]
    text = "\n".join(_fill(_LINK.sub(r"\1: {\2}", line), blanks) for line in lines)
    marked = "<br>\n".join(_mark(line, blanks) for line in lines)
    return Footer(f"-- \n{text}", f'<hr>\n<p lang="{language}">{marked}</p>')


def _is_whole(line: str, blanks: Mapping[str, str]) -> bool:
    return all(blanks.get(name) for name in _BLANK.findall(line))


def _fill(line: str, blanks: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda found: blanks[found[1]], line)


def _mark(line: str, blanks: Mapping[str, str]) -> str:
    """Return a line as HTML. Its links are not tracked: a way out is nobody's business."""
    pieces, last = list[str](), 0
    for found in _LINK.finditer(line):
        pieces.append(html.escape(_fill(line[last : found.start()], blanks)))
        target, words = html.escape(blanks[found[2]]), html.escape(found[1])
        pieces.append(f'<a ses:no-track href="{target}">{words}</a>')
        last = found.end()
    return "".join(pieces) + html.escape(_fill(line[last:], blanks))
