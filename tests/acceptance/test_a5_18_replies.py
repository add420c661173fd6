"""A.5.18: replies, absences and referrals become signals, and have effects; rules first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.data.effects.outcome import read_outcome
from mos.events import ActionDecided, ActionHeld, Event, ProfileUnified
from mos.identity.reply_reading import make_reading
from mos.memory.asker import FakeAsker
from mos.model.signal import Signal, SignalKind, Trust
from mos.ports import Moment
from tests.builders import NOON
from tests.cases.doors import say
from tests.replying import answer, arrive, write_mail
from tests.system_in_process import System

ADA = "email:ada@acme.example"
UNSURE = "I spoke with our team, see what Grace (grace@acme.example) thinks of it."


@pytest.fixture
def system() -> System:
    system = System()
    system.play(say("lead.submitted", email="ada@acme.example", title="VP Marketing", country="US",
                    company={"name": "Acme", "domain": "acme.example", "employees": 500},
                    consent={"email_marketing": True}))  # fmt: skip
    return system


def asked(system: System) -> list[tuple[str, dict[str, Any]]]:
    assert isinstance(system.asker, FakeAsker)
    return [one for one in system.asker.asked if one[0].endswith("_reply")]


def read(signal: Signal, **said: Any) -> Signal:
    """Return how a model has read an answer."""
    context = {"identifier": ADA, "target": signal.signal_id, "at": signal.occurred_at.isoformat()}
    task = "classify_reply" if "kind" in said else "extract_reply"
    made = make_reading(task, said, context, "openai/m", signal.received_at + timedelta(seconds=5))
    assert made is not None
    return made


def test_a_model_is_asked_only_where_rules_are_not_sure_and_sees_no_mailbox(system: System) -> None:
    system.play(answer("Please unsubscribe me.", hours=1))
    assert asked(system) == []

    system.play(answer(UNSURE, hours=2, message_id="in-2"))

    ((task, question),) = [one for one in asked(system) if one[0] == "classify_reply"]
    assert task == "classify_reply"
    assert "[mailbox-1]" in question["text"]
    assert "@" not in question["text"]


def test_what_a_model_reads_as_an_unsubscribe_withdraws_and_takes_the_answer_back(
    system: System,
) -> None:
    before = system.profile(ADA)
    said = answer(UNSURE)
    system.play(said)
    assert system.profile(ADA).counts["email_replied"] == 1

    system.play(read(said, kind="unsubscribe"))

    after = system.profile(ADA)
    assert [c.granted for c in after.consents if c.purpose.value == "email_marketing"] == [False]
    assert [s.channel for s in after.suppressions] == ["email"]
    assert "email_replied" not in after.counts
    assert after.counts["email_unsubscribed"] == 1
    assert after.engagement <= before.engagement + 0.001


@pytest.mark.parametrize("kind", ["out_of_office", "spam"])
def test_what_a_model_reads_as_a_machines_counts_nothing(system: System, kind: str) -> None:
    said = answer(UNSURE)
    system.play(said)

    system.play(read(said, kind=kind))

    assert "email_replied" not in system.profile(ADA).counts


@pytest.mark.parametrize("kind", ["positive", "question", "other"])
def test_a_model_that_is_pleased_gives_nothing_that_the_answer_did_not(kind: str) -> None:
    routes = []
    for reads in (False, True):
        system = System()
        system.play(say("identify", email="ada@acme.example", company={"domain": "acme.example"}))
        said = answer(UNSURE)
        system.play(said)
        system.play(*([read(said, kind=kind)] if reads else []))
        system.play(say("page", NOON + timedelta(hours=30), "m-9", email="ada@acme.example",
                        properties={"path": "/pricing"}))  # fmt: skip
        profile = system.profile(ADA)
        permitted = [e for run in system.history for e in run if hasattr(e, "route")]
        routes.append((permitted[-1].route.to, profile.consents, profile.engagement))

    assert routes[0] == routes[1]


def test_a_reading_of_what_was_sure_changes_nothing(system: System) -> None:
    said = answer("Not interested, thanks.")
    system.play(said)

    system.play(read(said, kind="positive"))

    counts = system.profile(ADA).counts
    assert counts["reply_objection"] == 1
    assert "email_replied" not in counts


def test_a_reading_comes_from_nobody_outside(system: System) -> None:
    said = answer(UNSURE)
    system.play(said)
    forged = read(said, kind="unsubscribe").model_copy(update={"source": "segment"})

    assert system.batch().run([forged], Moment(system.now)) == set()

    assert "email_unsubscribed" not in system.profile(ADA).counts
    assert "forbidden" in next(iter(system.parked))


def test_a_model_names_a_member_by_label_alone(system: System) -> None:
    said = answer(UNSURE)
    system.play(said, read(said, kind="referral"))

    system.play(read(said, mailbox="eve@acme.example"))
    assert len(system.people()) == 1
    system.play(read(said, mailbox="[mailbox-1]", name="Grace").model_copy(
        update={"signal_id": "sig_another"}))  # fmt: skip

    (grace,) = [p for p in system.people().values() if "grace@acme.example" in
                {i.value for i in p.identifiers}]  # fmt: skip
    assert grace.consents == ()
    assert grace.account_id == system.profile(ADA).account_id


def test_somebody_of_another_company_who_is_named_stays_a_stranger(system: System) -> None:
    system.play(answer("Please contact Eve Rival, eve@rival.example."))

    assert len(system.people()) == 1


def test_who_is_known_already_is_not_changed_by_being_named(system: System) -> None:
    system.play(say("identify", NOON, "m-2", email="grace@acme.example", first_name="Grace"))
    before = system.profile("email:grace@acme.example")

    system.play(answer("Please contact Somebody Else, grace@acme.example."))

    assert system.profile("email:grace@acme.example") == before


def test_an_absence_of_which_no_day_can_be_read_is_a_week(system: System) -> None:
    system.play(answer("I am out of the office and have limited access to my email."))

    away = system.profile(ADA).away_until

    assert away == NOON + timedelta(hours=24, days=7)
    assert "email_replied" not in system.profile(ADA).counts


def test_a_later_absence_holds() -> None:
    system = System()
    system.play(say("identify", email="ada@acme.example"))
    system.play(answer("I am out of the office until 20 November 2026.", hours=1))
    first = system.profile(ADA).away_until

    raw = write_mail("I am out of the office until 10 November 2026.", Message_ID="<m-2@a.example>")
    system.play(arrive(raw, 2, message_id="in-2"))

    assert first == datetime(2026, 11, 21, tzinfo=UTC)
    assert system.profile(ADA).away_until == datetime(2026, 11, 11, tzinfo=UTC)


def test_the_same_mail_told_of_twice_is_one_signal() -> None:
    raw = write_mail("Sounds great, call me.")

    first, again = arrive(raw, 24), arrive(raw, 30, message_id="in-other")

    assert first.signal_id == again.signal_id
    assert first.kind is SignalKind.EMAIL_REPLIED
    assert first.properties["answers"] == ("0107019300000000-7c191be4",)


@pytest.mark.parametrize(
    "verdicts",
    [{"dmarc": "FAIL"}, {"spam": "FAIL"}, {"dmarc": "GRAY", "spf": "FAIL"},
     {"dmarc": "GRAY", "spf": "GRAY"}, {"dmarc": "DISABLED", "spf": "PROCESSING_FAILED"}],
)  # fmt: skip
def test_what_nothing_proves_takes_away_and_never_gives(verdicts: dict[str, str]) -> None:
    leaves = answer("Désinscrivez-moi.", **verdicts)
    gives = answer("Very interested, call me! Talk to grace@acme.example.", **verdicts)

    assert leaves.kind is SignalKind.EMAIL_UNSUBSCRIBED
    assert leaves.trust is Trust.UNSIGNED
    assert [grant.granted for grant in leaves.consent] == [False]
    assert (gives.kind, gives.identifiers, gives.consent) == (SignalKind.UNMAPPED, (), ())
    assert "text" not in gives.properties


def test_without_dmarc_spf_proves_its_own_domain_alone() -> None:
    mine = answer("Yes, call me.", dmarc="GRAY")
    other = arrive(write_mail("Yes, call me."), sender="x@evil.example", dmarc="GRAY")

    assert mine.kind is SignalKind.EMAIL_REPLIED
    assert other.kind is SignalKind.UNMAPPED


def test_a_virus_is_kept_by_its_id_alone() -> None:
    said = answer("Unsubscribe", virus="FAIL")

    assert (said.kind, said.name, said.identifiers) == (SignalKind.UNMAPPED, "mail.refused", ())
    assert said.properties == {"message_id": "in-1", "why": "virus"}


def test_a_mail_of_several_authors_is_nobodys() -> None:
    raw = write_mail("Unsubscribe", "ada@acme.example, bob@acme.example")

    assert arrive(raw).identifiers == ()


def test_an_answer_without_interest_is_no_success() -> None:
    said = answer("It's too expensive for us.")

    assert read_outcome(said, "per", "grp") is None
    assert read_outcome(answer("Sounds great, call me."), "per", "grp") is not None


def test_an_answer_told_in_our_own_words_is_read_the_same() -> None:
    said = say("email.replied", NOON, email="ada@acme.example", subject="Re: offer",
               text="Bitte tragen Sie mich aus.\n\nAm 1.3. schrieb Team:\n> Hallo")  # fmt: skip

    assert said.kind is SignalKind.EMAIL_UNSUBSCRIBED
    assert said.properties["text"] == "Bitte tragen Sie mich aus."


def test_what_is_on_its_way_waits_for_who_is_away() -> None:
    system = System()
    company = {"domain": "acme.example", "employees": 300}
    system.receive([say("identify", email="ada@acme.example", country="US", first_name="Ada",
                        title="Marketing Specialist", consent={"email_marketing": True},
                        company=company)])  # fmt: skip
    (event,) = [e for e in system.drain() if isinstance(e, ProfileUnified)]
    moment = Moment(event.run_at.replace(hour=15), "execution")
    said: Event = event
    for layer in ("lifecycle", "policy", "decisioning"):
        said = system.step(layer, said, moment)
    assert isinstance(said, ActionDecided)
    assert said.channel == "email"

    system.take([answer("I am out of the office until 20 November 2026.", hours=3.2)], moment.now)
    held = system.step("action", said, moment)

    assert isinstance(held, ActionHeld)
    assert held.held_why == "they are away, as their own answer says"
    assert said.expires_at <= held.held_until < said.expires_at + timedelta(minutes=1)
