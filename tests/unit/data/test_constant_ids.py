"""An id that a script sends for everybody makes nobody one."""

import pytest

from mos.identity.replay import Replay
from mos.identity.shared_value import NAME_RULE
from mos.model.signal import Signal, SignalKind
from tests.builders import signal
from tests.system_in_process import System

PEOPLE = (("ana@acme.com", "Ana Lee"), ("bob@acme.com", "Bob Ray"), ("cy@acme.com", "Cy Kim"))


def leads(kind: str) -> list[Signal]:
    return [
        signal(
            SignalKind.LEAD_SUBMITTED, minute=n, ids=(f"{kind}:constant", f"email:{box}"),
            traits={"name": name}, key=f"{kind}{n}",
        )
        for n, (box, name) in enumerate(PEOPLE)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["user_id", "linkedin_url", "ad_click_id"])
def test_people_of_other_mailboxes_and_names_are_not_one(kind: str) -> None:
    system = System()
    system.play(*leads(kind))

    assert len(system.people()) == len(PEOPLE)
    again = Replay(system.store.active()).take(system.logged()).people()
    assert again.keys() == system.people().keys()


def test_the_ledger_says_whom_an_id_did_not_join() -> None:
    system = System()
    system.play(*leads("user_id"))

    noted = [r.body for r in system.tables["identity"].scan() if r.sk.startswith("LEDGER#")]
    assert sum(NAME_RULE in body for body in noted) >= len(PEOPLE) - 1


def test_one_person_with_a_second_mailbox_keeps_their_account_number() -> None:
    system = System()
    first, second, _ = leads("user_id")
    system.play(first, second.model_copy(update={"traits": {"name": "A. Lee"}}))

    assert len(system.people()) == 1
