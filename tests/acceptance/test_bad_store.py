"""What is stored may be too large, lead in circles or be very long: others do not suffer for it."""

import base64
import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from mos.aws.item import to_item
from mos.errors import OversizedError
from mos.identity.company import account_id
from mos.identity.correction import merge
from mos.identity.replay import Replay
from mos.model.account import Account
from mos.model.deal import Deal, DealState
from mos.model.ledger import Entry, Op
from mos.model.signal import Identifier, SignalKind
from mos.ports import Record
from tests.acceptance.bad import take
from tests.acceptance.conftest import Start
from tests.builders import NOON, signal
from tests.system_in_process import System

ADA, JANE = "email:ada@example.org", "email:jane@acme.example"
DICE = random.Random(7)  # noqa: S311  values for a test


def noise(size: int) -> str:
    """Return a text that hardly gets smaller when it is packed."""
    return base64.b85encode(DICE.randbytes(size)).decode()[:size]


def person(system: System, subject: str) -> str:
    return system.profile(subject).profile_id


def redirect(system: System, source: str, target: str) -> None:
    """Write a redirect by hand, over whatever is there."""
    held = system.tables["identity"].get(f"PERSON#{source}", "PROFILE")
    record = held or Record(f"PERSON#{source}", "PROFILE")
    tags = {"redirect": target, "cause": "by hand"}
    system.tables["identity"].save(replace(record, body="", tags=tags))


def is_true(system: System) -> bool:
    again = Replay(system.store.active()).take(system.logged()).people()
    return all(again[p].canonical() == held.canonical() for p, held in system.people().items())


@pytest.mark.parametrize("length", [1, 2, 5])
def test_who_is_led_in_a_circle_is_put_aside_and_the_others_go_on(
    start: Start, length: int
) -> None:
    system = start()
    system.play(signal(ids=(ADA,)))
    circle = [person(system, ADA), *(f"per_{n}" for n in range(1, length))]
    for source, target in zip(circle, [*circle[1:], circle[0]], strict=True):
        redirect(system, source, target)
    lost, fine = signal(minute=1, ids=(ADA,)), signal(minute=1, ids=(JANE,))

    taken = take(system, lost, fine)

    assert taken.failed == set()
    assert taken.codes == {lost.signal_id: "endless_redirect"}
    assert system.profile(JANE).counts == {"page": 1}
    assert lost.signal_id in {s.signal_id for s in system.logged()}


@pytest.mark.parametrize("kind", [SignalKind.PRIVACY_REQUESTED, SignalKind.UNMERGED])
def test_a_correction_of_who_is_led_in_a_circle_is_put_aside_too(
    start: Start, kind: SignalKind
) -> None:
    system = start()
    system.play(signal(ids=(ADA,)))
    home = person(system, ADA)
    redirect(system, home, "per_other")
    redirect(system, "per_other", home)
    asked = signal(kind, minute=1, ids=(ADA,), source="operator", properties={"request": "erase"})

    taken = take(system, asked)

    assert (taken.failed, taken.codes) == (set(), {asked.signal_id: "endless_redirect"})


def test_who_was_mended_is_found_again_by_what_was_put_aside(start: Start) -> None:
    system = start()
    system.play(signal(ids=(ADA,)))
    home = person(system, ADA)
    before = system.tables["identity"].get(f"PERSON#{home}", "PROFILE")
    redirect(system, home, home)
    lost = signal(minute=1, ids=(ADA,))
    take(system, lost)

    held = system.tables["identity"].get(f"PERSON#{home}", "PROFILE")
    system.tables["identity"].save(replace(held, body=before.body, tags=before.tags))

    assert take(system, lost).parked == {}
    assert system.profile(ADA).counts == {"page": 2}
    assert is_true(system)


def test_a_chain_of_five_hundred_redirects_leads_to_its_person_and_becomes_short(
    start: Start,
) -> None:
    system = start()
    system.play(signal(ids=(ADA,)), signal(ids=(JANE,)))
    first, last = person(system, ADA), person(system, JANE)
    chain = [first, *(f"per_{n}" for n in range(499)), last]
    for source, target in pairwise(chain):
        redirect(system, source, target)

    assert take(system, signal(minute=1, ids=(ADA,))).failed == set()

    assert system.profile(JANE).counts["page"] >= 2
    found = system.tables["identity"].get("PERSON#per_0", "PROFILE")
    assert found.tags["redirect"] == last


def test_as_many_people_as_fit_become_one_on_a_humans_word(start: Start) -> None:
    system = start()
    crowds = [[f"x{n}_{k}_id:v" for k in range(20)] for n in range(16)]
    system.play(*(signal(ids=ids, key=ids[0]) for ids in crowds))
    ids = [Identifier(type=crowd[0].partition(":")[0], value="v") for crowd in crowds]
    for n, (one, other) in enumerate(pairwise(ids)):
        word = merge(one, other, {}, by="ops", now=NOON + timedelta(minutes=n + 1))
        assert take(system, word).parked == {}

    sizes = sorted(len(p.identifiers) for p in system.people().values())
    assert sizes == [20, 300]
    noted = [r for r in system.tables["identity"].scan() if r.sk.startswith("LEDGER#")]
    refused = [e for r in noted if (e := Entry.parse(r.body)).op is Op.REFUSED]
    assert {e.rule for e in refused} == {"limit: at most 300 identifiers per person"}
    assert is_true(system)


@pytest.mark.slow
def test_five_thousand_signals_that_say_ever_new_things_leave_a_profile_that_fits() -> None:
    system = System()
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE,), traits={"title": "CTO"}))
    at = 0
    for batch in range(50):
        made = [
            signal(
                SignalKind.IDENTIFY, minute=(at := at + 1), key=f"{batch}/{n}", ids=(JANE,),
                traits={f"{noise(40)}{n}": noise(1500)} if n % 5 == 0 else {"n": n},
            )
            for n in range(100)
        ]  # fmt: skip
        assert take(system, *made).parked == {}

    profile = system.profile(JANE)
    assert profile.counts == {"identify": 5001}
    assert profile.trait("title") == "CTO"
    assert 50 < len(profile.traits) <= 300
    assert is_true(system)


def test_more_identifiers_than_fit_are_left_out_and_the_ledger_says_so(start: Start) -> None:
    system = start()
    for n in range(20):
        ids = (JANE, *(f"x{n}_{k}_id:{noise(60)}" for k in range(19)))
        assert take(system, signal(minute=n, ids=ids)).parked == {}

    assert len(system.profile(JANE).identifiers) == 300
    held = system.tables["identity"].query(f"PERSON#{person(system, JANE)}", prefix="LEDGER#")
    assert "limit: at most 300 identifiers per person" in {Entry.parse(r.body).rule for r in held}
    assert is_true(system)


def full_account(domain: str) -> Record:
    """Return an account that DynamoDB just holds."""
    home = account_id(domain, "")
    deals: list[Deal] = []
    record = Record(f"ACCOUNT#{home}", "ACCOUNT")
    while True:
        deal = Deal(
            deal_id=f"d{len(deals)}", state=DealState.OPEN, stage=noise(20_000),
            at=NOON, signal_id="sig_0",
        )  # fmt: skip
        made = Account(account_id=home, domain=domain, deals=(*deals, deal))
        grown = replace(record, body=made.canonical())
        try:
            to_item(grown)
        except OversizedError:
            return record
        deals.append(deal)
        record = grown


def test_what_makes_a_stored_thing_too_large_is_put_aside_with_a_code(start: Start) -> None:
    system = start()
    system.tables["identity"].save(full_account("acme.example"))
    said: dict[str, Any] = {"deal_id": "one-more", "deal_stage": noise(20_000)}
    large = signal(
        SignalKind.DEAL_CHANGED, ids=(JANE,), company={"domain": "acme.example"}, properties=said
    )
    fine = signal(ids=(ADA,))

    taken = take(system, large, fine)

    assert taken.failed == set()
    assert taken.codes == {large.signal_id: "oversized"}
    assert system.profile(ADA).counts == {"page": 1}


def test_what_a_profile_cannot_hold_is_put_aside_and_the_person_lives_on(start: Start) -> None:
    system = start()
    system.play(signal(ids=(JANE,)))
    words = [
        signal(
            SignalKind.KEPT_APART, minute=n, ids=(JANE,), source="operator",
            properties={"apart_from": tuple(f"email:{noise(500)}" for _ in range(300))},
        )
        for n in range(1, 6)
    ]  # fmt: skip

    codes = [take(system, word, signal(minute=n, ids=(ADA,))).codes for n, word in enumerate(words)]

    assert codes[:2] == [{}, {}]
    assert codes[4] == {words[4].signal_id: "oversized"}
    assert take(system, signal(minute=9, ids=(JANE,))).failed == set()
    assert system.profile(ADA).counts == {"page": 5}
