"""Whether a text that somebody sent back stops texts: the word in every form. Pure.

What takes away is read widely and never guessed: a stop word within a sentence of something else
("stop by on Tuesday", "the end of the month") is none.
"""

import re
import unicodedata

_STOPS = frozenset({
    "stop", "stopall", "stopp", "stopped", "quit", "end", "revoke", "optout", "opt-out",
    "opted-out", "cancel", "unsubscribe", "unsub", "remove", "alto", "parar", "para",
    "baja", "cancelar", "desuscribir", "arret", "arreter", "stoppen", "abmelden",
    "abbestellen", "ende", "fin", "annuler", "afmelden", "sluta", "avsluta", "avslutt",
    "basta", "annulla", "cancella", "nomas",
})  # fmt: skip
_PHRASES = frozenset(
    {
        "opt out", "opted out", "opt me out", "stop all", "no mas", "no more", "no more texts",
        "no more messages", "do not text", "dont text", "do not text me", "dont text me",
        "leave me alone", "remove me", "take me off", "take me off your list", "end all",
        "darse de baja", "dar de baja", "nicht mehr", "keine sms", "keine sms mehr",
    }
)  # fmt: skip
_POLITE = frozenset({
    "please", "pls", "plz", "thanks", "thank", "you", "now", "me", "texting", "text",
    "texts", "messaging", "messages", "message", "sms", "it", "this", "these", "to",
    "the", "your", "list", "immediately", "ok", "okay", "hi", "hello", "sofort", "bitte",
    "danke", "por", "favor", "gracias", "svp", "sil", "vous", "plait", "merci",
})  # fmt: skip
_MARKS = re.compile(r"[^\w\s-]")


def stops_texts(said: str) -> bool:
    """Say whether a text withdraws consent to texts.

    >>> [stops_texts(s) for s in ("STOP", " Stop. ", "stop please!", "UNSUBSCRIBE", "no mas")]
    [True, True, True, True, True]
    >>> [stops_texts(s) for s in ("Can you stop by on Tuesday?", "End of May suits", "")]
    [False, False, False]
    """
    words = _normalise(said)
    if " ".join(words) in _PHRASES:
        return True
    left = [word for word in words if word not in _POLITE]
    return bool(left) and (
        " ".join(left) in _PHRASES or (len(set(left)) == 1 and left[0] in _STOPS)
    )


def _normalise(said: str) -> list[str]:
    """Return the words of a text: one form of letters, no accents, no marks, no emoji."""
    plain = unicodedata.normalize("NFKD", said.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’`")
    return _MARKS.sub(" ", bare).split()
