"""What the public pages say, in each language: one file each. Pure."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LAST = "en"
_MOST = 20


@dataclass(frozen=True)
class PageWords:
    """One language's words, by `<page>.<name>`; `version` changes when any of them does."""

    language: str
    version: str
    said: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.said[name]

    def has(self, name: str) -> bool:
        """Say whether there are words for this."""
        return name in self.said


@cache
def list_languages() -> tuple[str, ...]:
    """Return the languages that there are words in."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def read_words(language: str) -> PageWords:
    """Return the words of a language that there is."""
    raw = (_FOLDER / f"{language}.toml").read_bytes()
    said = {"language": language}
    for name, value in tomllib.loads(raw.decode()).items():
        if isinstance(value, dict):
            said |= {f"{name}.{inner}": str(word) for inner, word in value.items()}
        else:
            said[name] = str(value)
    return PageWords(language, hashlib.sha256(raw).hexdigest()[:12], said)


def choose_language(asked: str, accepted: str, known: str, offered: Iterable[str] = ()) -> str:
    """Return the language to answer in: the one asked for, else their browser's, else the mail's.

    >>> choose_language("", "fr-CH, de;q=0.9", "en", ["en", "de"])
    'de'
    """
    can = [name for name in list_languages() if name in offered] or list(list_languages())
    wanted = [asked, *_rank(accepted), known]
    found = (name.strip().lower().partition("-")[0] for name in wanted)
    return next((name for name in found if name in can), _LAST if _LAST in can else can[0])


def _rank(accepted: str) -> list[str]:
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")[:_MOST]):
        name, _, weight = part.partition(";")
        ranked.append((-_weigh(weight), place, name))
    return [name for weight, _, name in sorted(ranked) if weight]


def _weigh(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text.strip().removeprefix("q=") or 1)))
    except ValueError:
        return 0.0
