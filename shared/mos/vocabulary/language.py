"""Read which language somebody means: BCP 47. Pure."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mos.vocabulary.country import read_country
from mos.vocabulary.folding import LONGEST, fold_name
from mos.vocabulary.snapshot import read_rows

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-[a-z0-9]{1,8})*")
_AFTER = re.compile(r"[.@;,].*")
_SAID = re.compile(r"\s*([^()]+?)\s*(?:\(([^()]+)\)|\s[-–—]\s(.+))")
_SCRIPTS = frozenset(
    [
        "arab",
        "armn",
        "beng",
        "cyrl",
        "deva",
        "ethi",
        "geor",
        "grek",
        "gujr",
        "guru",
        "hans",
        "hant",
        "hebr",
        "jpan",
        "khmr",
        "knda",
        "kore",
        "laoo",
        "latn",
        "mlym",
        "mong",
        "mymr",
        "orya",
        "sinh",
        "taml",
        "telu",
        "thai",
        "tibt",
    ]
)


def read_language(value: object) -> str | None:
    """Return a language as BCP 47 writes it, with its script and country where they are said.

    >>> [read_language(v) for v in ("de_DE", "ZH-hans-cn", "Deutsch", "English (UK)", "iw", "xx")]
    ['de-DE', 'zh-Hans-CN', 'de', 'en-GB', 'he', None]
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = value.strip()
    tag = _AFTER.sub("", text).replace("_", "-").lower()
    if found := _TAG.fullmatch(tag):
        return _from_tag(found)
    if code := _names().get(fold_name(text)):
        return code
    if said := _SAID.fullmatch(text):
        code, country = _names().get(fold_name(said[1])), read_country(said[2] or said[3])
        return f"{code}-{country}" if code and country else None
    return None


def _from_tag(found: re.Match[str]) -> str | None:
    language, script, region = found.groups()
    code = _codes().get(language)
    if code is None or (script and script not in _SCRIPTS):
        return _names().get(found[0]) or None
    country = region if region is None or region.isdigit() else read_country(region)
    if region and not country:
        return None
    return "-".join(part for part in (code, script and script.title(), country) if part)


@cache
def _codes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, others, _ in read_rows("language_names"):
        found |= dict.fromkeys((code, *others.split()), code)
    return MappingProxyType(found)


@cache
def _names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, _, names in read_rows("language_names"):
        for name in filter(None, names.split("|")):
            found[name] = code if found.get(name, code) == code else ""
    return MappingProxyType(found)
