"""The words of an HTML mail that its author has written: no quotation, no signature. Pure."""

from html.parser import HTMLParser

_BLOCKS = frozenset({
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr",
    "section", "article",
})  # fmt: skip
_VOID = frozenset({
    "br", "hr", "img", "meta", "link", "input", "area", "base", "col", "embed", "source", "wbr",
})  # fmt: skip
_SILENT = frozenset({"head", "script", "style", "title", "template", "noscript", "svg", "object"})
_QUOTES = (
    "gmail_quote", "gmail_extra", "gmail_signature", "yahoo_quoted", "moz-cite-prefix",
    "moz-signature",
    "protonmail_quote", "protonmail_signature", "zmail_extra", "ms-outlook-mobile-signature",
    "mail-editor-reference-message-container", "tutanota_quote", "front-blockquote", "quoted-text",
)  # fmt: skip
_LAST = (
    "divrplyfwdmsg",
    "appendonsend",
    "x_divrplyfwdmsg",
    "x_appendonsend",
    "olk_src_body_section",
)
"""Names under which Outlook puts all that went before: nothing new comes behind."""
_RULES = ("border-top:solid#e1e1e1", "border-top:solid#b5c4df", "border-top:1ptsolidrgb(225")
_MOST, _DEEPEST = 200_000, 400


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipped: list[str] = []
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: (value or "").lower() for name, value in attrs}
        if _begins_the_old(said):
            self._is_over = True
        if self._skipped:
            if tag not in _VOID and len(self._skipped) < _DEEPEST:
                self._skipped.append(tag)
        elif tag in _SILENT or _is_quoted(tag, said) or _is_hidden(said):
            self._skipped += [] if tag in _VOID else [tag]
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skipped:
            # What was left open inside ends with what holds it.
            while self._skipped.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped and not self._is_over:
            self.parts.append(" ".join(data.split()) if data.strip() else " ")
            self.parts.append(" " if data[-1:].isspace() else "")


def _begins_the_old(said: dict[str, str]) -> bool:
    style = "".join(said.get("style", "").split())
    return said.get("id", "") in _LAST or any(rule in style for rule in _RULES)


def _is_quoted(tag: str, said: dict[str, str]) -> bool:
    names = f"{said.get('class', '')} {said.get('id', '')}"
    return tag == "blockquote" or any(name in names for name in _QUOTES)


def _is_hidden(said: dict[str, str]) -> bool:
    style = "".join(said.get("style", "").split())
    return "hidden" in said or "display:none" in style or "font-size:0" in style


def read_html(page: str) -> str:
    """Return the text of a mail's page, as far as its author has written it; bounded.

    >>> read_html("<p>Yes &amp; now</p><blockquote>Unsubscribe</blockquote><style>x{}</style>")
    'Yes & now'
    """
    reader = _Reader()
    try:
        reader.feed(page[:_MOST])
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        # What was read so far is all there is.
        reader.parts.append("\n")
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)
