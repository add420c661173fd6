"""Accounts have further names, a parent and an inherited owner, as somebody said who may."""

from datetime import timedelta
from typing import Any

import pytest

from mos.events import ActionDecided
from mos.identity.company_word import state_company
from mos.model.account import Relation
from mos.model.decision import Decision
from mos.model.signal import Identifier, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from tests.acceptance.conftest import Start
from tests.builders import NOON, signal, without_holdout
from tests.system_in_process import System

ANA, BOB = "email:ana@acme.com", "email:bob@acme.de"


def lead(minute: float, who: str, **fields: Any) -> Signal:
    said = {"traits": {"title": "CFO", "country": "US"}, "company": {"employees": 500}}
    return signal(
        SignalKind.LEAD_SUBMITTED,
        minute=minute,
        ids=(who,),
        key=f"{minute}{who}",
        **(said | fields),
    )


def told(minute: float, ids: tuple[Identifier, ...] = (), **company: Any) -> Signal:
    return signal(
        SignalKind.COMPANY_CHANGED, minute=minute, ids=(), company=company, source="hubspot",
        key=f"{minute}{company}", identifiers=ids,
    )  # fmt: skip


def word(minute: float, one: str, other: str, *, holds: bool = True) -> Signal:
    now = NOON + timedelta(minutes=minute)
    return state_company(Relation.ALIAS, one, other, holds=holds, by="ana", now=now)


def record(number: str) -> tuple[Identifier, ...]:
    return (Identifier(type="hubspot_company_id", value=number, collection="accounts"),)


def stands(system: System, who: str) -> tuple[Any, ...]:
    """Return where a person's account and groups stand, and since when."""
    data = system.ask("profile", subject=who).data
    account, groups = data["account_stage"], data["groups"]
    at = (account["stage"], account["since"]) if account else None
    return (at, [(g["group_id"], g["group_stage"] and g["group_stage"]["since"]) for g in groups])


def account(system: System, who: str) -> dict[str, Any]:
    found: dict[str, Any] = system.ask("profile", subject=who).data["account"]
    return found


def test_one_account_has_the_people_of_both_names_and_each_has_its_own_again(start: Start) -> None:
    system = start()
    system.play(lead(0, ANA))
    system.play(lead(30, BOB))
    before = (stands(system, ANA), stands(system, BOB))

    system.play(word(60, "acme.de", "acme.com"))

    assert account(system, BOB)["domain"] == "acme.com"
    assert account(system, BOB)["aliases"] == ["acme.de"]
    assert stands(system, BOB) == stands(system, ANA)
    system.play(lead(90, BOB, traits={"title": "CFO"}))
    assert system.ask("profile", subject=ANA).data["groups"][0]["members"] == 2

    system.play(word(120, "acme.de", "acme.com", holds=False))

    assert account(system, BOB)["domain"] == "acme.de"
    assert (stands(system, ANA), stands(system, BOB)) == before


def used(system: System) -> int:
    """Return how many touches of its group the last decision counted."""
    decided = next(event for event in system.history[-1] if isinstance(event, ActionDecided))
    record = system.tables["decisions"].get(f"DECISION#{decided.decision_id}", "DECISION")
    past = Decision.parse(record.body).past
    own = [n for key, n in past.used.items() if key.startswith(decided.group_id)]
    return max(own, default=0)


def test_caps_count_what_was_done_to_either_name(start: Start) -> None:
    """All within five minutes: no promise to them is broken yet, which would hand them on."""
    system = start()
    system.play(lead(0, BOB))
    system.play(lead(1, ANA))
    system.play(lead(2, ANA, traits={"title": "CEO"}))
    assert used(system) == 1

    system.play(word(2.5, "acme.de", "acme.com"))
    system.play(lead(2.6, ANA, traits={"title": "Chief Executive Officer"}))
    assert used(system) == 2

    system.play(word(3.7, "acme.de", "acme.com", holds=False))
    system.play(lead(3.8, ANA, traits={"title": "Chief Executive"}))
    assert used(system) == 1


def test_a_mailbox_at_an_alias_belongs_to_the_account_from_its_first_signal(start: Start) -> None:
    system = start()
    system.play(told(0, domain="acme.com", aliases=("acme.de",)))

    system.play(lead(30, BOB))

    assert account(system, BOB)["domain"] == "acme.com"


def test_same_first_label_is_not_the_same_company(start: Start) -> None:
    system = start()
    system.play(lead(0, ANA))
    system.play(lead(1, BOB))

    assert account(system, ANA)["domain"] != account(system, BOB)["domain"]


@pytest.mark.parametrize("trust", [Trust.SIGNED, Trust.TOKEN, Trust.UNSIGNED])
def test_only_whom_we_know_states_an_alias(start: Start, trust: Trust) -> None:
    system = start()
    system.play(lead(0, BOB))

    system.play(told(30, domain="acme.com", aliases=("acme.de",)).model_copy(
        update={"trust": trust}
    ))  # fmt: skip

    assert (account(system, BOB)["domain"] == "acme.de") is (trust is Trust.UNSIGNED)


def test_a_crms_records_name_each_other_before_they_name_their_domains(start: Start) -> None:
    system = start()
    system.play(told(0, record("1"), parent="hubspot_company_id:2"))
    system.play(lead(1, ANA))
    system.play(told(2, record("2"), domain="hooli.example"))

    system.play(told(3, record("1"), domain="acme.com"))

    assert [one["domain"] for one in account(system, ANA)["above"]] == ["hooli.example"]


def test_a_subsidiary_goes_to_who_owns_the_nearest_company_above_it(start: Start) -> None:
    system = start()
    system.play(told(0, domain="acme.com", parent="middle.example"))
    system.play(told(1, domain="middle.example", parent="hooli.example"))

    system.play(lead(30, ANA))

    permitted = next(run for run in system.history[-1] if hasattr(run, "route"))
    assert permitted.route.owner == "ae-marsh"
    assert permitted.route.chose is not None
    assert "inherited" in permitted.route.chose
    assert "hooli.example" in permitted.route.chose
    assert permitted.group_facts["account.parent"] == "middle.example"
    assert permitted.group_facts["account.owner_inherited"] is True


def test_a_circle_of_parents_is_refused_with_its_reason(start: Start) -> None:
    system = start()
    system.play(lead(0, ANA))
    system.play(told(1, domain="acme.com", parent="b.example"))
    system.play(told(2, domain="b.example", parent="c.example"))

    system.play(told(3, domain="c.example", parent="acme.com"))

    found = account(system, ANA)
    assert [one["domain"] for one in found["above"]] == ["b.example", "c.example"]
    assert "circle" in found["refused"][0]


def test_the_bundle_names_aliases_and_an_operators_no_goes_before_it() -> None:
    page = b"id,account.domain,account,why\nacme,acme.de,acme.com,RevOps knows\n"
    files = without_holdout().files | {"tables/accounts/aliases.csv": page}
    system = System(Bundle(files))

    system.play(lead(0, BOB))
    assert account(system, BOB)["domain"] == "acme.com"

    system.play(word(30, "acme.de", "acme.com", holds=False))
    assert account(system, BOB)["domain"] == "acme.de"


def test_an_alias_that_a_new_bundle_states_moves_everybody_at_the_next_word(start: Start) -> None:
    system = start()
    system.play(lead(0, ANA))
    system.play(lead(1, BOB))
    page = b"id,account.domain,account,why\nacme,acme.de,acme.com,RevOps knows\n"
    bundle = Bundle(without_holdout().files | {"tables/accounts/aliases.csv": page})
    system.store.publish(bundle)
    system.store.activate(bundle.digest, "test")

    system.play(lead(60, ANA, traits={"title": "Chief Finance Officer"}))

    assert system.ask("profile", subject=BOB).data["groups"][0]["members"] == 2
