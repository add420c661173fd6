"""Whom a person works for, as far as they and the CRM have said. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from mos.identity.correction import SYSTEM
from mos.identity.identifier import account_domain
from mos.identity.stated import cleared_names
from mos.model.base import Fact, derive_id
from mos.model.profile import Edge, Profile, Trait
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle

COMPANY, RECORD = "company_domain", "company_record"


def company_of(profile: Profile, bundle: Bundle) -> str | None:
    """Return the domain of the company that the person works for, as far as we know.

    It is what was said last: by who stated a company, or by the mailbox that was confirmed last.
    Whoever comes with a mailbox of another company has moved there; a private one moves nobody. A
    company that was stated with the mailbox, or after it, holds. What anybody can have sent counts
    where nobody whom we know has said anything.
    """
    stated = profile.traits.get(COMPANY)
    proved = stated if stated and not stated.is_anybodys else None
    claimed = [stated.value] if stated and stated.is_anybodys else []
    emails = sorted((i for i in profile.identifiers if i.type == "email"), key=_age)
    strange = [i.value for i in emails if i.is_anybodys]
    listed = {box: place for place, box in enumerate(profile.mailboxes)}
    known = sorted(
        (i for i in reversed(emails) if not i.is_anybodys),
        key=lambda edge: listed.get(edge.value, len(listed)),
    )
    boxes = [i for i in known if account_domain([i.value], bundle)]
    words: list[Fact] = [i.value for i in boxes]
    if proved and not (boxes and _confirmed(boxes[0], profile) > proved.at):
        words = [proved.value]
    return account_domain([*words, *claimed, *strange], bundle)


def _confirmed(mailbox: Edge, profile: Profile) -> datetime:
    """Return when somebody was last heard of by a mailbox, as far as is known."""
    said = profile.traits.get("email")
    first = mailbox.since or datetime.min.replace(tzinfo=UTC)
    is_said = said is not None and str(said.value).strip().lower() == mailbox.value
    return max(first, said.at) if said and is_said else first


def _age(edge: Edge) -> tuple[bool, float, str]:
    return (edge.since is None, edge.since.timestamp() if edge.since else 0, edge.value)


def name_match(record: Trait) -> str:
    """Return the id of the signal by which this system says whose a CRM's record is."""
    return derive_id("sig", SYSTEM, SignalKind.ACCOUNT_MATCHED.value, record.signal_id)


def find_left(held: Mapping[str, Trait], signal: Signal) -> set[str]:
    """Return the traits that go as somebody's contact leaves a company in the CRM.

    What was concluded from the record goes with it; what they have said themselves stays.
    """
    record = held.get(RECORD)
    is_parted = (
        signal.properties.get("removed") is True
        and record is not None
        and signal.company.get("record") == record.value
    )
    if record is None or not (is_parted or RECORD in cleared_names(signal)):
        return set()
    domain = held.get(COMPANY)
    return {RECORD, *([COMPANY] if domain and domain.signal_id == name_match(record) else [])}
