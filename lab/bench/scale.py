"""What one very large company and one very busy device cost the data layer."""

import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.data.accounts.members import GroupMembers
from functions.data.batch import Batch
from functions.data.intake.log import SignalLog
from lab.bench.metered import MeteredTable
from mos.identity.company import account_id, group_id, member_since
from mos.identity.engagement_rank import find_rank
from mos.identity.identifier import log_key, person_id
from mos.memory.asker import FakeAsker
from mos.memory.bus import FakeBus
from mos.model.account import BuyingGroup
from mos.model.base import derive_id
from mos.model.profile import Edge, Profile
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.ports import Moment, Record, Table

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DOMAIN = "giant.example"
SIZES = (100, 10_000, 20_000)
SIGNALS = 50_000
_FOLLOWING = 1_000
DEVICE = Identifier(type="anonymous_id", value="busy")
OWNER = Identifier(type="email", value="owner@giant.example")
_BUSY_SECONDS = 60
_KEEN = 20
"""One person in so many has done enough to be ranked."""


def measure(bundle: Bundle, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return the units of a join by the group's size, and of late signals of a busy device."""
    rows = []
    for size in SIZES:
        say(f"a join at {size:,} members")
        identity = MeteredTable()
        fill_company(identity, size, bundle)
        rows += _rows(f"a join at {size:,} members", MeteredTable(), identity, [join(size)], bundle)
    say(f"a device with {SIGNALS:,} signals")
    log, identity = MeteredTable(), MeteredTable()
    fill_device(log, SIGNALS)
    _run(log, identity, claim(SIGNALS), bundle)
    following = [page(SIGNALS + n) for n in range(1, 1 + _FOLLOWING)]
    what = f"each of the next {_FOLLOWING:,} signals of a busy device"
    rows += _rows(what, log, identity, following, bundle)
    for what, back in (("an hour", 60), ("a day", 1_440)):
        late = page(SIGNALS + _FOLLOWING - back, late=True)
        about = f"a signal that is {what} late, at {SIGNALS:,}"
        rows += _rows(about, log, identity, [late], bundle)
    for pk, sk in [place for place in identity.items if place[1].startswith("SNAPSHOT#")]:
        identity.delete(pk, sk)
    late = page(SIGNALS + _FOLLOWING - 61, late=True)
    rows += _rows("the same an hour late, every snapshot lost", log, identity, [late], bundle)
    return rows


def _rows(
    what: str,
    log: MeteredTable,
    identity: MeteredTable,
    signals: Sequence[Signal],
    bundle: Bundle,
) -> list[dict[str, Any]]:
    """Return what these signals cost each, one by one."""
    for table in (log, identity):
        table.take()
    for signal in signals:
        _run(log, identity, signal, bundle)
    spent = [table.take() for table in (log, identity)]
    return [
        {"kind": kind, "what": what, "units": round(sum(one) / len(signals), 2)}
        for kind, one in zip(("read", "write"), zip(*spent, strict=True), strict=True)
    ]


def _run(log: Table, identity: Table, signal: Signal, bundle: Bundle) -> None:
    now = signal.received_at
    batch = Batch(
        signals=log, identities=identity, bus=FakeBus(), asker=FakeAsker(), bundle=bundle,
        coalesce_seconds=60.0, clock=lambda: now,
    )  # fmt: skip
    with redirect_stdout(io.StringIO()):  # The layer's metrics, which nobody reads here.
        failed = batch.run([signal], Moment(now))
    if failed:
        raise RuntimeError("the signal would be tried again")


def fill_company(identity: Table, size: int, bundle: Bundle) -> BuyingGroup:
    """Store a company of so many people, in its first buying group; return the group."""
    account, solution = account_id(DOMAIN, ""), solutions(bundle)[0]
    group = BuyingGroup(group_id=group_id(account, solution), account_id=account, solution=solution)
    members = GroupMembers(identity)
    for number in range(size):
        profile = _person(number, account)
        first = page(number, named(number))
        owner = {"person": profile.profile_id, "cause": first.signal_id, "rule": "first"}
        identity.put_new(Record(f"ID#{named(number).key}", "OWNER", tags=owner))
        place = (f"PERSON#{profile.profile_id}", "PROFILE")
        identity.put_new(Record(*place, profile.canonical()))
        rank = find_rank(profile, bundle)
        members.enter(group, member_since(profile, first), rank, known=False, returns=False)
    return group


def _person(number: int, account: str) -> Profile:
    first = page(number, named(number))
    keen = number % _KEEN == 0
    return Profile(
        profile_id=person_id(named(number)),
        identifiers=(Edge(type="email", value=named(number).value, since=first.occurred_at,
                          signal_id=first.signal_id),),
        account_id=account,
        counts={"page": 1}, last={"page": first.occurred_at},
        last_ids={"page": first.signal_id}, evidence=(first.signal_id,),
        engagement=40.0 if keen else 1.0, engagement_at=first.occurred_at,
        engagement_fast=1.0, engagement_slow=1.0,
        first_signal_at=first.occurred_at, last_signal_at=first.occurred_at,
        last_signal_id=first.signal_id,
    )  # fmt: skip


def fill_device(log: Table, count: int) -> None:
    """Log so many page views of one device, a minute apart."""
    signals = [page(number) for number in range(count)]
    SignalLog(log).append([(log_key(one), one) for one in signals])


def named(number: int) -> Identifier:
    """Return the mailbox of one of the company's people."""
    return Identifier(type="email", value=f"p{number}@{DOMAIN}")


def page(number: int, who: Identifier = DEVICE, *, late: bool = False) -> Signal:
    """Return the page view of a minute; a late one comes in a week after the last."""
    at = BEGAN + timedelta(seconds=number * _BUSY_SECONDS + (30 if late else 0))
    path = ("/blog", "/product", "/pricing")[number % 3]
    return Signal(
        signal_id=derive_id("sig", "bench", who.key, str(number), str(late)),
        source="segment", kind=SignalKind.PAGE, name="page",
        occurred_at=at, stated_at=at,
        received_at=at + timedelta(days=7 * 6 if late else 0, seconds=1),
        identifiers=(who,), trust=Trust.SIGNED, actor=Actor.HUMAN,
        properties={"path": path, "url": f"https://www.mos.example{path}", "title": path.title()},
    )  # fmt: skip


def join(number: int) -> Signal:
    """Return the form with which somebody new comes to the company."""
    form = page(number, named(number))
    return form.model_copy(update={
        "kind": SignalKind.LEAD_SUBMITTED, "name": "lead_submitted",
        "traits": {"title": "VP Finance"}, "company": {"domain": DOMAIN},
    })  # fmt: skip


def claim(number: int) -> Signal:
    """Return the signal by which the busy device turns out to be somebody's."""
    said = page(number, OWNER)
    return said.model_copy(update={
        "kind": SignalKind.IDENTIFY, "name": "identify", "identifiers": (OWNER, DEVICE),
        "traits": {"title": "VP Finance"},
    })  # fmt: skip
