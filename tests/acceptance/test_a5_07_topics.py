"""Row A.5.7: what somebody says on the pages holds, and what they are told is what chose."""

import re

import pytest

from functions.action.page_record import make_page
from functions.decisioning.repository import Ledger
from mos.events import ActionDecided
from mos.model.consent import Basis, ConsentGrant, Purpose
from mos.model.page import PageReason
from mos.model.profile import Profile
from mos.model.signal import SignalKind
from mos.ports import Moment
from tests.builders import NOON, signal
from tests.property.steps import mailed
from tests.property.test_deliveries import person
from tests.property.worlds import policy
from tests.system_in_process import System
from tests.visiting import BOX, Visitor, asks, mailed_system, ticked

EVIL = '"><script>alert(1)</script>{{7*7}}'


def jo(system: System) -> Profile:
    return system.profile(BOX)


def topics(system: System) -> dict[str, bool]:
    return {str(s.topic): s.granted for s in jo(system).topics}


def test_a5_07_topics_stand_as_they_are_and_only_what_changes_is_said() -> None:
    system, _, form = mailed_system()
    visitor = Visitor(system)
    shown = visitor.knock(form).body
    was = "product security stories"

    visitor.knock(form, {"was": was, "topic": ["product", "security", "events"]})
    [heard] = visitor.settle()
    unchanged = visitor.knock(form, {"was": was, "topic": ["product", "security", "stories"]})

    assert ticked(shown) == {"product", "security", "stories"}
    assert f'value="{was}"' in shown
    assert heard.kind is SignalKind.CONSENT_CHANGED
    assert topics(system) == {"events": True, "stories": False}
    assert [(s.purpose, s.granted) for s in jo(system).consents] == [
        (Purpose.EMAIL_MARKETING, True)
    ]
    assert ticked(visitor.knock(form).body) == {"product", "security", "events"}
    assert "Nothing was changed" in unchanged.body
    assert visitor.settle() == []


def test_a5_07_a_refused_topic_falls_at_the_gate_and_others_do_not() -> None:
    system, _, form = mailed_system()
    visitor = Visitor(system)

    visitor.knock(form, {"was": "product security stories", "topic": ["product", "security"]})
    visitor.settle()
    system.later(days=20)
    system.play(asks(minute=60 * 24 * 21))
    decided = system.history[-1][3]
    assert isinstance(decided, ActionDecided)
    record = Ledger(system.tables["decisions"]).find(decided.decision_id)
    assert record
    fell = {c.action: c.fell.row if c.fell else None for c in record.candidates}

    assert fell["email_case_study"] == "no_consent"
    assert fell["email_roi"] != "no_consent"
    assert fell["email_security"] != "no_consent"


def test_a5_07_a_topic_refused_on_the_way_is_held_at_the_moment_of_sending() -> None:
    system = System()
    system.receive([asks()])
    [event] = system.drain()
    moment = Moment(event.run_at, "execution")  # type: ignore[attr-defined]  a ProfileUnified
    for layer in ("lifecycle", "policy", "decisioning"):
        event = system.step(layer, event, moment)
    assert isinstance(event, ActionDecided)
    topic = str(event.action.topic)
    no = ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=False, topic=topic)
    system.receive([signal(SignalKind.CONSENT_CHANGED, minute=0.5, ids=(f"email:{BOX}",),
                           consent=(no,))])  # fmt: skip

    said = system.step("action", event, moment)

    assert (said.status.value, said.reason) == (  # type: ignore[attr-defined]  an ActionDelivered
        "refused", f"topic_at_send:{topic}",
    )  # fmt: skip
    assert system.wire.mails == []


def test_a5_07_who_had_left_and_ticks_one_topic_hears_of_that_one_alone() -> None:
    system, click, form = mailed_system()
    visitor = Visitor(system)
    visitor.click(click)
    visitor.settle()
    system.later(minutes=30)
    left = visitor.knock(form).body

    visitor.knock(form, {"was": "", "topic": "stories"})
    visitor.settle()

    assert ticked(left) == set()
    assert topics(system) == {
        "events": False, "product": False, "security": False, "stories": True,
    }  # fmt: skip
    assert [s.granted for s in jo(system).consents] == [True]
    assert jo(system).suppressions == ()
    visitor.click(click)
    [again] = visitor.settle()
    assert again.kind is SignalKind.CONSENT_CHANGED
    assert [s.is_withdrawn for s in jo(system).consents] == [True]


def test_a5_07_everything_can_be_left_from_the_topics_page_too() -> None:
    system, _, form = mailed_system()
    visitor = Visitor(system)

    visitor.knock(form, {"was": "product", "topic": "product", "none": "1"})
    [heard] = visitor.settle()

    assert heard.kind is SignalKind.EMAIL_UNSUBSCRIBED
    assert [s.is_withdrawn for s in jo(system).consents] == [True]


def test_a5_07_topics_that_there_are_not_are_nobodys_words() -> None:
    system, _, form = mailed_system()
    visitor = Visitor(system)

    visitor.knock(form, {"was": EVIL, "topic": [EVIL, "sms", "__class__"]})

    assert visitor.settle() == [] or topics(system).keys() <= {"product", "security", "stories"}
    assert "sms" not in topics(system)


def test_a5_07_why_says_the_basis_in_plain_words_and_nothing_of_ours() -> None:
    system, _, form = mailed_system()
    said = Visitor(system).knock(f"{form}/why").body

    assert "You agreed to marketing e-mail from Example Ltd. (on record since 2026-11-02)" in said
    for inner in ("email_", "dec_", "act_", "nurture", "propensity", "worth", "$", "per_"):
        assert inner not in re.sub(r"<style>.*?</style>|href=\"[^\"]*\"", "", said, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("action", "interest", "cited"),
    [("email_roi", "pricing", True), ("email_roi", "security", False),
     ("email_security", "security", True), ("email_welcome", "pricing", False)],
)  # fmt: skip
def test_a5_07_an_interest_is_a_reason_only_where_a_row_that_chose_asked_for_it(
    action: str, interest: str, *, cited: bool
) -> None:
    event = mailed(action=action).model_copy(update={"facts": {"person.top_interest": interest}})
    jane = person(Purpose.EMAIL_MARKETING)
    page = make_page(event, "act_1", jane, "jane@acme.example", policy(), NOON)

    assert (PageReason(code="interest", about=interest) in page.reasons) == cited
    assert page.reasons[0].code == "consent"


@pytest.mark.parametrize("basis", list(Basis))
def test_a5_07_why_names_the_basis_that_there_is(basis: Basis) -> None:
    yes = (ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=True, basis=basis),)
    system, _, form = mailed_system(consent=yes)
    said = Visitor(system).knock(f"{form}/why").body

    assert ("You agreed" in said) == (basis is Basis.CONSENT)
    assert ("legitimate interest" in said) == (basis is Basis.LEGITIMATE_INTEREST)
    assert ("A contract" in said) == (basis is Basis.CONTRACT)


def test_a5_07_an_objection_stops_everything_everywhere() -> None:
    system, _, form = mailed_system()
    visitor = Visitor(system)

    said = visitor.knock(f"{form}/object", {})
    again = visitor.knock(f"{form}/object", {})
    [heard] = visitor.settle()
    number = str(heard.properties["request_id"])

    assert (said.status, again.status) == (200, 200)
    assert number in said.body
    assert [(s.channel, s.reason) for s in jo(system).suppressions] == [("all", "privacy_request")]
    receipts = system.ask("privacy", request="receipts", subject=number)
    assert "suppress all holds from now on" in receipts.text


def test_a5_07_a_request_for_a_copy_is_noted_with_its_day_and_stops_nothing() -> None:
    system, _, form = mailed_system()
    visitor = Visitor(system)

    said = visitor.knock(f"{form}/access", {})
    [heard] = visitor.settle()
    number = str(heard.properties["request_id"])

    assert number in said.body
    assert jo(system).suppressions == ()
    receipts = system.ask("privacy", request="receipts", subject=number)
    assert "answer by 2026-12-02" in receipts.text
