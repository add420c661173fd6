"""Know by its shape what stands where a value was forgotten: it names nobody. Pure."""

import re

_WORDS = frozenset({
    "null", "nil", "none", "undefined", "undef", "nan", "void", "empty", "blank", "missing", "n/a",
    "na", "n.a.", "-", "--", "?", "0", "-1", "true", "false", "guest", "anonymous", "anon",
    "unknown", "string", "number", "object", "value", "placeholder", "default", "todo", "tbd",
    "test", "user", "userid", "user_id", "user id", "id", "uuid", "no id", "not set", "not_set",
    "notset", "keine", "leer", "unbekannt", "inconnu", "desconocido", "sconosciuto", "onbekend",
    "anonym", "anonyme", "anonimo", "anónimo", "gast", "invité", "invite", "invitado", "ospite",
    "gość", "gosc", "нет", "неизвестно", "гость", "なし", "ゲスト", "无", "無", "访客", "없음",
    "infinity", "-infinity", "nobody", "unset", "uid", "cid", "changeme", "redacted", "hidden",
    "example", "sample", "demo", "foo", "bar", "foobar", "lorem", "dummy", "promise",
    "[email protected]",
})  # fmt: skip
_ABOUT = frozenset({
    "user", "userid", "id", "uuid", "uid", "customer", "client", "visitor", "visitorid", "contact",
    "member", "account", "person", "lead", "profile", "your", "my", "the", "a", "insert", "enter",
    "here", "not", "no", "provided", "available", "set", "given", "known", "applicable", "value",
    "yet",
})  # fmt: skip
"""What an id is about: alone they name nobody (`customer_id`, `YOUR-USER-ID`, `not provided`)."""
_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(
    r"(?:async )?function\b.*\).*|void ?\(?0\)?|(?:symbol|promise)\(.*\)|system\.object|\(\) ?=>.*"
    r"|%[sdif@]|\$\d{1,2}|\{%.*|#(?:ref|n/a|name|value|null|num|div/0)[!?]?|test\d+",
    re.DOTALL,
)
"""What a script prints instead of a value."""
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
    "|unknown|anonymous|123\\d*|blah|spam|demo|te?mp|your|yourname|your[._-]?(?:e?mail|name)|name|me"
    "|mail|ihre|votre|tu|correo|prueba|sem|senza|keine?|nichts|nie|niente|rien|nada|refused"
    "|declined|blank|invalid|not|nowhere|available|nope|private|domain|yourdomain|yourcompany"
    "|company|placeholder"
)
_NOWHERE = re.compile(r".*@(?:.*\.)?(?:invalid|localhost|localdomain|local|internal)")
_REPEATED = re.compile(r"([a-z])\1{2,}@([a-z])\2{2,}\.[a-z]{1,3}")
_FREE = "gmail|googlemail|hotmail|outlook|yahoo|aol|icloud|gmx|web"
_MAILBOX = re.compile(
    rf"(?:{_MADE_UP})@(?:{_MADE_UP}|{_FREE})\.[a-z.]{{2,12}}|([a-z])@\1\.[a-z.]{{2,12}}|test\d*@.*"
)


def is_blank(value: str) -> bool:
    """Say whether a value is a forgotten blank of a template, or a word for nothing.

    >>> [is_blank(v) for v in ("{{user.id}}", "(null)", "null@acme.com", "guest-17")]
    [True, True, False, False]
    >>> [is_blank(v) for v in ("YOUR_USER_ID", "undefined undefined", "%s", "...", "user-7f3")]
    [True, True, True, True, False]
    """
    plain = value.strip().lower()
    wrapped = _WRAPPED.fullmatch(plain)
    inside = wrapped[1] if wrapped else plain
    if not inside or inside in _WORDS or _TOKEN.fullmatch(value.strip()):
        return True
    words = _WORD.findall(inside[:200])
    return all(w in _WORDS or w in _ABOUT for w in words) or bool(_CODE.fullmatch(inside))


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
    if _NOWHERE.fullmatch(address) or _REPEATED.fullmatch(address):
        return True
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
