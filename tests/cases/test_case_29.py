"""Case 29: somebody changes employer; the mailbox or the CRM that speaks last says where to."""

from datetime import timedelta
from typing import Any

import pytest

from mos.identity.company_word import node_id
from mos.identity.workplace import company_of
from mos.model.profile import Profile
from mos.model.signal import Signal
from tests.builders import NOON, starter
from tests.cases.crm import at, hub, played, prop
from tests.cases.doors import say
from tests.system_in_process import System

ACME, ZETA, HOME = "jane@acme.example", "jane@zeta.example", "jane.doe@gmail.com"


def ident(day: int, mailbox: str, **said: Any) -> Signal:
    return say("identify", NOON + timedelta(days=day), f"m-{day}-{mailbox}", user_id="u1",
               email=mailbox, **said)  # fmt: skip


def company(*signals: Signal) -> str | None:
    (person,) = played(*signals).people().values()
    return company_of(person, starter())


def jane(system: System) -> Profile:
    (person,) = system.people().values()
    return person


@pytest.mark.parametrize(("first", "then", "where"), [
    (ACME, ZETA, "zeta.example"), (ZETA, ACME, "acme.example"),
])  # fmt: skip
def test_case_29_the_mailbox_stated_last_says_the_company(
    first: str, then: str, where: str
) -> None:
    assert company(ident(0, first), ident(400, then)) == where


@pytest.mark.parametrize("first", [ACME, ZETA])
def test_case_29_a_mailbox_that_comes_late_but_is_older_moves_nobody(first: str) -> None:
    then = ZETA if first == ACME else ACME
    late = ident(0, then).model_copy(update={"received_at": NOON + timedelta(days=500)})

    assert company(ident(400, first), late) == first.partition("@")[2]


def test_case_29_a_private_mailbox_moves_nobody() -> None:
    assert company(ident(0, ACME), ident(400, HOME)) == "acme.example"


def test_case_29_who_comes_back_is_back() -> None:
    assert company(ident(0, ACME), ident(100, ZETA), ident(200, ACME)) == "acme.example"


def test_case_29_a_company_stated_with_the_mailbox_or_after_it_holds() -> None:
    stated = {"company": {"domain": "acme-group.example"}}

    assert company(ident(0, ACME, **stated)) == "acme-group.example"
    assert company(ident(0, ACME), ident(10, ACME, **stated)) == "acme-group.example"


def test_case_29_a_new_employers_mailbox_outweighs_what_was_stated_before() -> None:
    old = {"company": {"domain": "acme.example"}}

    assert company(ident(0, ACME, **old), ident(400, ZETA)) == "zeta.example"


def test_case_29_group_and_account_follow_the_person() -> None:
    system = played(ident(0, ACME), ident(400, ZETA))

    assert jane(system).account_id == node_id("zeta.example")


@pytest.mark.parametrize("end", ["CONTACT_TO_COMPANY", "COMPANY_TO_CONTACT"])
def test_case_29_the_crm_moves_its_contact_to_another_company(end: str) -> None:
    is_contact = end.startswith("CONTACT")
    ends = {"fromObjectId": 101 if is_contact else 777, "toObjectId": 777 if is_contact else 101}
    moved = hub(
        9, f"{'contact' if is_contact else 'company'}.associationChange", associationType=end,
        associationRemoved=False, **ends,
    )  # fmt: skip

    system = played(
        prop(0, "contact", 101, "email", ACME),
        prop(1, "company", 777, "domain", "zeta.example"),
        moved,
    )

    assert jane(system).account_id == node_id("zeta.example")


def test_case_29_whose_company_has_no_domain_yet_follows_as_soon_as_it_has() -> None:
    works = hub(1, "contact.associationChange", associationType="CONTACT_TO_COMPANY",
                fromObjectId=101, toObjectId=777, associationRemoved=False)  # fmt: skip
    system = played(prop(0, "contact", 101, "email", HOME), works)
    record = jane(system).account_id

    played(prop(5, "company", 777, "domain", "zeta.example"), system=system)

    held = system.tables["identity"].get(f"ACCOUNT#{record}", "ACCOUNT")
    assert node_id("zeta.example") in held.body
    assert at(0) == NOON


def test_case_29_whom_the_crm_takes_from_a_company_is_where_the_mailbox_says() -> None:
    def works(minute: float, *, removed: bool) -> Signal:
        return hub(minute, "contact.associationChange", associationType="CONTACT_TO_COMPANY",
                   fromObjectId=101, toObjectId=777, associationRemoved=removed)  # fmt: skip

    zeta = prop(1, "company", 777, "domain", "zeta.example")
    system = played(prop(0, "contact", 101, "email", ACME), zeta, works(9, removed=False))
    assert jane(system).account_id == node_id("zeta.example")

    played(works(10, removed=True), system=system)
    assert jane(system).account_id == node_id("acme.example")
