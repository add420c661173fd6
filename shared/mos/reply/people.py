"""The other people whom an answer names, by mailboxes that stand in it. Pure."""

import re

_MAILBOX = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?![\w-])")
_NAME = re.compile(r"[^\W\d_][\w'’.-]{1,30}(?: [^\W\d_][\w'’.-]{0,30}){0,3}")
_NOT_NAMES = frozenset({
    "please", "contact", "with", "colleague", "my", "our", "to", "at", "mail", "email", "manager",
    "bitte", "kollegin", "kollege", "kollegen", "meine", "meinen", "sie", "sich", "an", "mit",
    "wenden", "kontaktieren", "colega", "mi", "con", "a", "avec", "collegue", "mon", "ma", "the",
    "is", "person", "right", "ist", "de", "por", "favor", "talk", "speak", "reach", "out",
    "write", "ask", "try", "new", "successor", "collega", "mijn", "op", "met",
    "contactez", "contacte", "contatti", "contatta", "contattate", "kontakta", "kontakt",
    "kontaktujte", "fale", "hable", "call", "cc", "see", "neem", "kollegan", "kollega",
})  # fmt: skip
_MOST, _LONGEST, _NEAR = 10, 20_000, 80


def list_mailboxes(text: str, own: str = "") -> list[str]:
    """Return the mailboxes that stand in a text but for its author's own, in their order.

    >>> list_mailboxes("Ask <Bob@Acme.example>, not ada@acme.example.", "ada@acme.example")
    ['bob@acme.example']
    """
    found = (one[0].lower().strip(".'") for one in _MAILBOX.finditer(text[:_LONGEST]))
    return [box for box in dict.fromkeys(found) if box != own.lower()][:_MOST]


def hide_mailboxes(text: str, own: str = "") -> str:
    """Return a text in which each mailbox is a label, as a model is shown it.

    >>> hide_mailboxes("Write to bob@acme.example, cc ada@acme.example", "ada@acme.example")
    'Write to [mailbox-1], cc [own-mailbox]'
    """
    labels = {box: f"[mailbox-{n}]" for n, box in enumerate(list_mailboxes(text, own), 1)}

    def label(one: re.Match[str]) -> str:
        box = one[0].lower().strip(".'")
        return "[own-mailbox]" if box == own.lower() else labels.get(box, "[mailbox]")

    return _MAILBOX.sub(label, text)


def find_mailbox(label: str, text: str, own: str = "") -> str:
    """Return the mailbox for which a label stands; empty where none does: nobody makes one up.

    >>> find_mailbox("[mailbox-1]", "Write to bob@acme.example")
    'bob@acme.example'
    >>> find_mailbox("eve@evil.example", "Write to bob@acme.example")
    ''
    """
    named = re.fullmatch(r"\[?mailbox-([1-9]\d?)\]?", label.strip())
    found = list_mailboxes(text, own)
    at = int(named[1]) - 1 if named else len(found)
    return found[at] if at < len(found) else ""


def find_name(text: str, mailbox: str) -> str:
    """Return the name that stands right before a mailbox; empty where none does.

    >>> find_name("Please contact Jane van Dyke (jane@acme.example)", "jane@acme.example")
    'Jane van Dyke'
    """
    at = text.lower().find(mailbox)
    before = text[max(0, at - _NEAR) : at].rpartition("\n")[2] if at > 0 else ""
    words = re.sub(r"[<(\[\"'„“,:\uff1a\s-]+$", "", before).split()
    name: list[str] = []
    for word in reversed(words):
        if not _NAME.fullmatch(word) or word.lower().strip(".") in _NOT_NAMES or len(name) == 4:  # noqa: PLR2004  names of a person
            break
        name.insert(0, word)
    while name and name[0][:1].islower():
        name.pop(0)
    return " ".join(name)[:80]
