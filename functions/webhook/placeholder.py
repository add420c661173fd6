"""Know by its shape what stands where a value was forgotten: it names nobody. Pure."""

import re

_WORDS = frozenset({
    "null", "nil", "none", "undefined", "undef", "nan", "void", "empty", "blank", "missing", "n/a",
    "na", "n.a.", "-", "--", "?", "0", "-1", "true", "false", "guest", "anonymous", "anon",
    "unknown", "string", "number", "object", "value", "placeholder", "default", "todo", "tbd",
    "test", "user", "userid", "user_id", "user id", "id", "uuid", "no id", "not set", "not_set",
    "notset", "keine", "leer", "unbekannt", "inconnu",
})  # fmt: skip
_WRAPPED = re.compile(r"[(<\[{\"']\s*(.*?)\s*[)>\]}\"']", re.DOTALL)
_TOKEN = re.compile(
    r"\{\{.*|.*\}\}|\{[\w.\s]+\}|\$\{.*|%%.*%%|%[A-Za-z_]\w*%|\*\|.*\|\*|<%.*|\[\[.*\]\]"
    r"|\[[A-Za-z_][\w ]*\]|\[object .*\]|<[A-Za-z_][\w ]*>|:[a-z_]+|\$[A-Za-z_]\w*|#\{.*",
    re.DOTALL,
)
_SAME = re.compile(r"([0-9a-z])\1{7,}|[0\-]+|x{3,}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RUNS = ("01234567890123456789", "98765432109876543210")
_MADE_UP = (
    "aa+|xx+|zz+|na|no|none|null|nil|nobody|noe?-?mail|no-email|e?-?mail|asdf\\w*|qwe\\w*|tests?"
    "|test\\d+|tester|testing|example|sample|fake|dummy|foo|bar|abc\\d*|user\\d*|xyz|undefined"
    "|unknown|anonymous|123\\d*|blah|spam|demo|te?mp"
)
_FREE = "gmail|googlemail|hotmail|outlook|yahoo|aol|icloud|gmx|web"
_MAILBOX = re.compile(
    rf"(?:{_MADE_UP})@(?:{_MADE_UP}|{_FREE})\.[a-z.]{{2,12}}|([a-z])@\1\.[a-z.]{{2,12}}|test\d*@.*"
)


def is_blank(value: str) -> bool:
    """Say whether a value is a forgotten blank of a template, or a word for nothing.

    >>> [is_blank(v) for v in ("{{user.id}}", "(null)", "null@acme.com", "guest-17")]
    [True, True, False, False]
    """
    plain = value.strip().lower()
    wrapped = _WRAPPED.fullmatch(plain)
    inside = wrapped[1] if wrapped else plain
    return not inside or inside in _WORDS or bool(_TOKEN.fullmatch(value.strip()))


def is_monotone(value: str) -> bool:
    """Say whether an id is one sign over and over, or counts up or down: somebody's filler.

    >>> [is_monotone(v) for v in ("11111111-1111-1111-1111-111111111111", "123456789", "1111")]
    [True, True, False]
    """
    plain = value.strip().lower()
    bare = plain.replace("-", "") if _UUID.fullmatch(plain) else plain
    return bool(_SAME.fullmatch(bare)) or (len(bare) > 8 and any(bare in run for run in _RUNS))  # noqa: PLR2004  shorter ones are counted up to


def is_placeholder_mailbox(address: str) -> bool:
    """Say whether a mailbox was made up to get past a form; a real company's is never one.

    >>> [is_placeholder_mailbox(m) for m in ("asdf@asdf.com", "null@acme.com", "anna@a.com")]
    [True, False, False]
    """
    name = address.partition("@")[0]
    return bool(_MAILBOX.fullmatch(address) or _TOKEN.fullmatch(name))


def is_placeholder_phone(number: str) -> bool:
    """Say whether an international number is one sign over and over, or counts up or down.

    >>> is_placeholder_phone("+15555555555"), is_placeholder_phone("+15555550123")
    (True, False)
    """
    digits = number.lstrip("+")
    return any(
        len(set(rest)) == 1 or any(rest in run for run in _RUNS)
        for rest in (digits, digits[1:], digits[2:], digits[3:])
        if len(rest) > 5  # noqa: PLR2004  shorter runs stand in real numbers
    )
