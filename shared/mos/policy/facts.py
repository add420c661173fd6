"""The facts that policy reads, built from nouns. Pure: the moment is an argument.

Names are `account.…`, `group.…`, `person.…`, `signal.…`. A fact that is not known is left out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from mos.model.account import Account
from mos.model.base import Fact, Facts
from mos.model.profile import Profile
from mos.model.signal import Actor, Signal
from mos.reply.effect import kind_of
from mos.vocabulary.country import read_country
from mos.vocabulary.language import read_language
from mos.vocabulary.zone import read_zone

_WORD = re.compile(r"[a-z0-9]+")
_PERSON_TRAITS = (
    "title", "country", "region", "language", "timezone", "seniority", "owner",
)  # fmt: skip


def words(*texts: Fact) -> tuple[str, ...]:
    """Return the words of some texts, lower-cased, sorted, each once.

    >>> words("/pricing/enterprise", "VP, Finance")
    ('enterprise', 'finance', 'pricing', 'vp')
    """
    found = {
        word for text in texts if isinstance(text, str) for word in _WORD.findall(text.lower())
    }
    return tuple(sorted(found))


def signal_facts(signal: Signal) -> Facts:
    """Return what policy may ask about one signal."""
    properties = signal.properties
    return {
        "signal.kind": signal.kind.value,
        "signal.name": signal.name,
        "signal.source": signal.source,
        "signal.trust": signal.trust.value,
        "signal.actor": signal.actor.value,
        "signal.words": words(
            signal.name, properties.get("path"), properties.get("url"), properties.get("title")
        ),
        "signal.deal_stage": properties.get("deal_stage"),
        "signal.property": properties.get("property"),
        **({"signal.reply": said.value} if (said := kind_of(signal)) else {}),
    }


def decayed(score: float, since: datetime | None, at: datetime, half_life_days: float) -> float:
    """Return a score that halves every half-life, rounded to a millionth."""
    if since is None or score == 0:
        return 0.0
    days = max(0.0, (at - since).total_seconds() / 86_400)
    return round(float(score * 0.5 ** (days / half_life_days)), 6)


def person_facts(profile: Profile, at: datetime, half_life_days: float) -> Facts:
    """Return what policy may ask about one person."""
    facts: Facts = {
        "person.known": profile.is_known,
        "person.reachable_by_email": profile.mailbox() is not None,
        "person.engagement": decayed(profile.engagement, profile.engagement_at, at, half_life_days),
        "person.suppressed": tuple(sorted({s.channel for s in profile.stops()})),
        "person.consents": tuple(s.purpose.value for s in profile.consents if s.granted),
        "person.withdrawn": tuple(s.purpose.value for s in profile.consents if s.is_withdrawn),
        "person.pending": tuple(s.purpose.value for s in profile.consents if s.pending),
        "person.is_test": profile.is_test,
        "person.away": profile.away_until is not None and profile.away_until > at,
    }
    if profile.topics:
        facts["person.topics_wanted"] = _list_topics(profile, wanted=True)
        facts["person.topics_refused"] = _list_topics(profile, wanted=False)
    facts |= trait_facts(profile.trait, "person", _PERSON_TRAITS)
    facts["person.country_unread"] = is_unread(profile.trait, "country")
    facts |= {f"person.basis.{b.purpose.value}": b.basis.value for b in profile.bases}
    facts |= {
        f"person.basis.{s.purpose.value}": s.basis.value for s in profile.consents if not s.pending
    }
    facts |= {f"person.count.{kind}": count for kind, count in profile.counts.items()}
    facts |= {
        f"person.hours_since.{kind}": round(max(0.0, (at - last).total_seconds() / 3600), 3)
        for kind, last in profile.last.items()
    }
    return facts


def _list_topics(profile: Profile, *, wanted: bool) -> tuple[str, ...]:
    """Return the topics of which somebody has said yes, or no; a stranger's yes is neither."""
    said = [s for s in profile.topics if (s.granted if wanted else s.is_withdrawn)]
    return tuple(sorted(str(state.topic) for state in said))


def counts_as_human(signal: Signal) -> bool:
    """Say whether a signal may count towards engagement: machines do not."""
    return signal.actor is not Actor.MACHINE


def trait_facts(trait: Callable[[str], Fact], level: str, names: Iterable[str]) -> Facts:
    """Return the named traits that are known, as facts of a level.

    What has a vocabulary is given in its one form, whoever wrote it down; a word that cannot be
    read is unknown.
    """
    found = {f"{level}.{name}": _read(name, trait(name)) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def company_facts(account: Account | None) -> Facts:
    """Return where a person's company is, where that is known."""
    country = read_country(account.trait("country")) if account else None
    return {"person.company_country": country} if country else {}


def is_unread(trait: Callable[[str], Fact], name: str) -> bool:
    """Say whether somebody has stated a value that nobody can read."""
    stated = trait(name) if trait(name) is not None else trait(f"{name}_stated")
    return stated is not None and _read(name, trait(name)) is None


def _read(name: str, value: Fact) -> Fact:
    reader = _READERS.get(name)
    return reader(value) if reader and value is not None else value


_READERS: Mapping[str, Callable[[object], Fact]] = MappingProxyType({
    "country": read_country, "timezone": read_zone, "language": read_language,
})  # fmt: skip
