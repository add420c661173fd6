"""Threads and processes that merge overlapping clusters end in the graph that union-find draws."""

import multiprocessing
import os
import random

import pytest

from functions.data.repository import IdentityRepository
from mos.aws.table import DynamoTable
from mos.identity.fold import fold_all
from mos.model.profile import Profile
from mos.model.signal import Signal
from tests.acceptance.crowd import unify_all
from tests.builders import signal
from tests.dynamo import new_table
from tests.property.test_identity import union_find
from tests.property.worlds import unlimited

pytestmark = pytest.mark.integration
PROCESSES, THREADS, EACH = 2, 3, 24


@pytest.fixture
def tables(engine: None) -> tuple[DynamoTable, DynamoTable]:
    return new_table("signals"), new_table("identity")


def overlapping(seed: int) -> list[Signal]:
    """Return signals over thirty identifiers in clusters that chain into one another."""
    draw = random.Random(seed)  # noqa: S311  a story, no secret
    made = []
    for number in range(PROCESSES * THREADS * EACH):
        at = draw.randrange(30)
        other = min(29, at + draw.choice([0, 1, 1, 2])) if at % 5 else at
        ids = tuple(sorted({f"hubspot_id:c{at:02}", f"hubspot_id:c{other:02}"}))
        made.append(signal(minute=number / 10, ids=ids, key=f"x{number}"))
    draw.shuffle(made)
    return made


def test_overlapping_merges_by_threads_and_processes_end_as_union_find_says(
    tables: tuple[DynamoTable, DynamoTable],
) -> None:
    log, identity = tables
    signals = overlapping(7)
    texts = [s.canonical() for s in signals]
    shares = [texts[i::PROCESSES] for i in range(PROCESSES)]
    names = (log.name, identity.name)
    environment = {k: v for k, v in os.environ.items() if k.startswith("AWS_")}

    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        work = [(environment, names, [own[t::THREADS] for t in range(THREADS)]) for own in shares]
        pool.starmap(unify_all, work)

    repository = IdentityRepository(identity)
    people: dict[str, set[str]] = {}
    for record in identity.scan():
        if record.sk == "OWNER":
            root = repository.find([record.tags["person"]]).roots[record.tags["person"]]
            people.setdefault(root, set()).add(record.pk.removeprefix("ID#"))
    said = union_find([i.key for i in s.identifiers] for s in signals)
    assert {frozenset(keys) for keys in people.values()} == said
    by_key: dict[str, list[Signal]] = {}
    for record in log.scan():
        by_key.setdefault(record.pk, []).append(Signal.parse(record.body))
    for root, keys in people.items():
        stored = repository.find([root]).people[root][0]
        start = Profile(profile_id=root, identifiers=stored.identifiers)
        own = [s for key in keys for s in by_key.get(key, ())]
        assert stored.canonical() == fold_all(start, own, unlimited()).canonical()
