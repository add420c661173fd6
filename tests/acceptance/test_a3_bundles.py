"""Rows A.3.1–3, 7, 15, 16 and 19: bundles, records, proposals, speed and the pointer."""

import json
from typing import Any

import pytest

from functions.decisioning.repository import Ledger
from functions.policy.permit import permit
from lab.bench.policy_load import large
from mos.aws.bundles import BundleStore, key_of, signature_of
from mos.aws.pointer import ACTIVE
from mos.errors import BundleError, MissingError
from mos.events import ActionDecided
from mos.memory.bucket import FakeBucket
from mos.memory.signer import FakeSigner
from mos.model.decision import PersonFacts
from mos.policy.bundle.bundle import Bundle, read_zip
from tests.builders import changed, starter
from tests.counted import calls
from tests.journey.test_the_path import browsing, jane
from tests.property.steps import placed
from tests.property.worlds import policy
from tests.system_in_process import System

STRICTER = '[holdout_percent]\nvalue = 100\nunit = "percent of accounts"\nowner = "growth"\nwhy = "A test."\nreview_by = 2027-05-01\n'  # noqa: E501  a page


def other(why: str = "Another.") -> Bundle:
    return changed(bundle=f'name = "other"\nwhy = "{why}"\n')


def decided(system: System, run: int = -1) -> ActionDecided:
    event = system.history[run][3]
    assert isinstance(event, ActionDecided)
    return event


def test_a3_01_a_bundle_is_immutable_and_every_decision_carries_its_digest() -> None:
    system = System()
    system.play(*browsing(4), jane())
    digest = system.store.active_digest()

    again = system.store.publish(system.store.active())

    assert not again
    assert {event.bundle for event in system.history[-1][1:4]} == {digest}  # type: ignore[attr-defined]
    assert read_zip(system.store.active().zipped(), digest).digest == digest
    with pytest.raises(BundleError, match="its content has the digest"):
        read_zip(other().zipped(), digest)


def test_a3_02_a_decision_without_its_record_does_not_exist(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = System()
    system.play(*browsing(4), jane())
    made = decided(system)
    record = Ledger(system.tables["decisions"]).find(made.decision_id)

    assert record is not None
    assert (record.run_id, record.bundle, record.decided_at) == (
        made.run_id, made.bundle, made.occurred_at,
    )  # fmt: skip
    assert record.inputs_digest
    assert record.people

    def full(*_: object, **__: object) -> None:
        raise OSError("the table is gone")

    monkeypatch.setattr(system.tables["decisions"], "transact", full)
    with pytest.raises(OSError, match="gone"):
        system.play(*browsing(4, ids=("anonymous_id:b9",)), jane(minute=6000))


def test_a3_03_policy_masks_and_drops_what_a_record_may_not_keep() -> None:
    facts = {
        "person.title": "VP Finance",
        "person.timezone": "Europe/Berlin",
        "person.stage": "mql",
    }
    person = PersonFacts(person_id="per_1", facts=facts)

    [kept] = permit(placed([person], {}), policy()).people

    assert "person.timezone" not in kept.facts
    assert str(kept.facts["person.title"]).startswith("masked:")
    assert "VP" not in str(kept.facts)
    assert kept.facts["person.stage"] == "mql"


def test_a3_07_a_dry_run_shows_the_path_and_writes_nothing() -> None:
    answer = starter().table("routing/route").explain(
        {"account.employees": 150, "account.icp_tier": "strong", "group.stage": "prioritized",
         "account.stage": "engaged", "account.named": False, "group.roles": ["champion"]},
        most=20,
    )  # fmt: skip

    assert answer.row_id == "ready"
    assert ("large_and_ready", "account.employees") in [(r.id, c) for r, c in answer.almost]


def test_a3_15_an_unsigned_or_forged_bundle_never_becomes_active() -> None:
    bucket = FakeBucket()
    publisher, thief = BundleStore(bucket, FakeSigner("ours")), BundleStore(bucket, FakeSigner("x"))
    publisher.publish(starter())
    publisher.activate(starter().digest, "ci")
    forged, unsigned = other("Forged."), other("Unsigned.")
    thief.publish(forged)
    BundleStore(bucket).publish(unsigned)

    for bundle, said in ((forged, "signature is not ours"), (unsigned, "nobody has signed")):
        with pytest.raises(BundleError, match=said):
            publisher.activate(bundle.digest, "ci")
    assert publisher.active_digest() == starter().digest
    assert bucket.objects[signature_of(starter().digest)]


@pytest.mark.slow
def test_a3_16_twenty_thousand_parameters_and_five_thousand_rows_load_once_and_answer_fast() -> (
    None
):
    made = Bundle(large(20_000, 5_000))
    store = BundleStore(FakeBucket())
    store.publish(made)
    small = Bundle(large(2_000, 500))

    def load(bundle: Bundle, body: bytes) -> Bundle:
        loaded = read_zip(body, bundle.digest)
        loaded.value("parameter_1")
        loaded.table("bench").evaluate({})
        return loaded

    work = [calls(lambda b=b: load(b, b.zipped())) for b in (small, made)]
    facts = {f"text{c}": "v1" for c in range(4)} | {f"number{c}": 9 for c in range(3)}
    loaded = [load(b, b.zipped()) for b in (small, made)]
    answers = [calls(lambda b=b: b.table("bench").evaluate(facts)) for b in loaded]

    # Ten times the rows are ten times the work to load, and no more to answer. In milliseconds:
    # `mos bench policy`.
    assert work[1] < 15 * work[0]
    assert answers[1] < 2 * answers[0] < 2_000
    assert store.load(made.digest) is store.load(made.digest)


def test_a3_19_a_rollback_moves_the_pointer_and_nothing_else() -> None:
    store = BundleStore(FakeBucket())
    first, second, third = starter(), other(), other("A third.")
    for bundle in (first, second, third):
        store.publish(bundle)
        store.activate(bundle.digest, "test")

    assert store.roll_back("test") == store.active_digest() == second.digest
    assert store.roll_back("test") == store.active_digest() == first.digest
    assert store.load(third.digest).digest == third.digest
    with pytest.raises(MissingError, match="was active before"):
        store.roll_back("test")


def test_a3_19_a_run_ends_on_the_bundle_it_began_with() -> None:
    system = System()
    system.play(*browsing(4), jane())
    began = system.history[-1][1]
    new = Bundle(system.store.active().files | {"parameters/decisioning.toml": STRICTER.encode()})
    system.store.publish(other())
    system.store.activate(other().digest, "test")

    permitted = permit(began, system.store.load(began.bundle))  # type: ignore[arg-type, attr-defined]

    assert permitted.bundle == began.bundle  # type: ignore[attr-defined]
    assert permitted.bundle != system.store.active_digest()
    assert new.digest != began.bundle  # type: ignore[attr-defined]


@pytest.mark.parametrize("broken", ["bundle", "pointer", "digest"])
def test_a3_19_the_last_good_bundle_goes_on_where_the_active_one_is_corrupt(broken: str) -> None:
    bucket = FakeBucket()
    store = BundleStore(bucket)
    for bundle in (starter(), other()):
        store.publish(bundle)
        store.activate(bundle.digest, "test")
    pointer: dict[str, Any] = json.loads(bucket.objects[ACTIVE])
    if broken == "bundle":
        bucket.objects[key_of(other().digest)] = b"not a zip"
    elif broken == "digest":
        bucket.objects[ACTIVE] = json.dumps(pointer | {"digest": "f" * 64}).encode()
    elif broken == "pointer":
        bucket.objects[ACTIVE] = b"{"
    warm = BundleStore(bucket)

    from mos.aws import fallback  # noqa: PLC0415  only this test looks

    fallback.take()
    found = warm.active()

    # A pointer that cannot be followed has a copy; a bundle that is corrupt has one before it.
    good = starter() if broken == "bundle" else other()
    assert found.digest == good.digest
    assert len(fallback.take()) == 1
