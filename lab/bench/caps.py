"""Many runs at once against a cap: so many hand-offs as it allows, through the ledger itself."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from functions.decisioning.handler import step
from functions.decisioning.repository import Arms, Ledger
from functions.policy.permit import permit
from lab.bench.contested import ContestedTable
from lab.bench.hands import NOON
from mos.aws.bundles import BundleStore
from mos.events import ActionDecided, ActionsPermitted, SubjectPlaced
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.base import Facts, derive_id
from mos.model.decision import PersonFacts
from mos.model.stage import Level, Placement, Receipt
from mos.policy.bundle.bundle import Bundle, read_folder
from mos.ports import Moment

_NAME = "ae_handoffs"
_CAP = f"constraints/{_NAME}.toml"
_EDITS = {
    _CAP: (r"^at_most = \d+$", "at_most = {cap}"),
    "parameters/decisioning.toml": (r"^value = 5$", "value = 0"),
    "parameters/measurement.csv": (r"exploration_share_most,0\.1", "exploration_share_most,0"),
}
"""A cap of our own; nobody is held out, and nothing explored."""
_CAPACITY = 10_000
_GROUP: Facts = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "group.stage": "qualified", "account.stage": "mqa",
}  # fmt: skip
_PERSON: Facts = {
    "person.hours_since.page": 0.5, "person.known": True, "person.reachable_by_email": True,
    "person.engagement": 90.0, "person.consents": ("phone_sales", "email_marketing"),
}  # fmt: skip


def measure_caps(caps: Iterable[int] = (1, 10, 40), threads: int = 100) -> list[dict[str, Any]]:
    """Return, for each cap, how many of `threads` runs at once were handed to a rep."""
    return [_measure_cap(cap, threads) for cap in caps]


def _measure_cap(cap: int, threads: int) -> dict[str, Any]:
    bundle, table = _limit(cap), ContestedTable()
    said = _decide_at_once([_permit(bundle, number) for number in range(threads)], bundle, table)
    handed = sum(_is_capped(one, bundle) for one in said)
    used = sum(record.numbers["used"] for record in table.query(f"VOLUME#{_NAME}"))
    return {
        "runs at once": threads, "cap": cap, "handed to a rep": handed,
        "counted": round(used / 100, 2), "met another": sum(table.met.values()),
    }  # fmt: skip


def _limit(cap: int) -> Bundle:
    starter = read_folder(Path(__file__).parents[2] / "policies")
    edited = {}
    for path, (old, new) in _EDITS.items():
        text, times = re.subn(old, new.format(cap=cap), starter.text(path), flags=re.MULTILINE)
        if not times:
            raise RuntimeError(f"{path} no longer says what is changed here")
        edited[path] = text.encode()
    return Bundle(starter.files | edited)


def _is_capped(one: ActionDecided, bundle: Bundle) -> bool:
    capped = next(c for c in bundle.constraints if c.name == _NAME)
    return one.action.name in capped.actions


def _permit(bundle: Bundle, number: int) -> ActionsPermitted:
    """Return a group that is ready for sales, each of another account, with room at every rep."""
    run, account, group = f"run_{number}", f"acc_{number}", f"grp_{number}"
    levels = {
        "account": (Level.ACCOUNT, account, str(_GROUP["account.stage"])),
        "group": (Level.GROUP, group, str(_GROUP["group.stage"])),
    }
    placed = SubjectPlaced(
        event_id=derive_id("evt", run), cause_id="evt_0", trace_id="sig_0", occurred_at=NOON,
        run_id=run, bundle=bundle.digest, group_id=group, account_id=account,
        group_facts=dict(_GROUP),
        person_facts=(PersonFacts(person_id=f"per_{number}", facts=dict(_PERSON)),),
        **{name: _place(bundle, *level) for name, level in levels.items()},
    )  # fmt: skip
    allowed = permit(placed, bundle)
    line = tuple(f"{rep.partition(':')[0]}:{_CAPACITY}" for rep in allowed.route.line)
    return allowed.model_copy(update={"route": allowed.route.model_copy(update={"line": line})})


def _place(bundle: Bundle, level: Level, subject: str, stage: str) -> Placement:
    receipt = Receipt(table=f"lifecycle/{level}", row="bench", why="bench", bundle=bundle.digest)
    return Placement(subject_id=subject, level=level, stage=stage, since=NOON, receipt=receipt)


def _decide_at_once(
    events: list[ActionsPermitted], bundle: Bundle, table: FakeTable
) -> list[ActionDecided]:
    """Decide on all at once, a thread each; a run that gives up raises here."""
    store = BundleStore(FakeBucket())
    store.publish(bundle)

    def decide(event: ActionsPermitted) -> ActionDecided:
        ledger, arms = Ledger(table), Arms(FakeTable())
        return step(event, Moment(NOON), ledger, arms, store, FakeTimers(), FakeAsker())

    with ThreadPoolExecutor(len(events)) as pool:
        return list(pool.map(decide, events))
