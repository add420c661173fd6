"""A.1.12, A.1.14 and A.1.18–A.1.20: consent, who really acted, and what was known when."""

from datetime import timedelta

from mos.events import ActionDecided
from mos.identity.check import differences
from mos.identity.replay import Replay
from mos.model.consent import Purpose
from mos.model.ledger import Entry, Op
from mos.model.profile import Profile
from mos.model.signal import Actor, Signal, SignalKind, Trust
from tests.acceptance.conftest import Start
from tests.builders import NOON, grants, signal
from tests.system_in_process import System

JANE = "email:jane@acme.example"
DEVICE = "anonymous_id:a1"
ACME = {"name": "Acme", "domain": "acme.example", "employees": 900, "industry": "fintech",
        "country": "US"}  # fmt: skip


def clicks(count: int, *, seconds: float = 1, key: str = "c") -> list[Signal]:
    """Return clicks on different links of one mail, each a little later."""
    return [
        signal(
            SignalKind.EMAIL_CLICKED, minute=10 + i * seconds / 60, ids=(JANE,), key=f"{key}{i}",
            actor=Actor.UNKNOWN, actor_reason="not_classified",
            properties={"url": f"https://www.example.com/{key}{i}", "action_id": "act_1"},
        )
        for i in range(count)
    ]  # fmt: skip


def corrections(system: System, op: Op) -> list[Entry]:
    person = system.profile(JANE).profile_id
    records = system.tables["identity"].query(f"PERSON#{person}", prefix="CORRECTION#")
    return [e for r in records if (e := Entry.parse(r.body)).op is op]


def actor(system: System, one: Signal) -> dict[str, object]:
    told = system.ask("signals", subject=JANE).data["signals"]
    [found] = [s for s in told if s["signal_id"] == one.signal_id]
    return found


def test_a1_12_no_consent_object_means_no_for_every_purpose(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE,), company=ACME))
    system.play(signal(SignalKind.IDENTIFY, minute=1, ids=(JANE,), company=ACME,
                       consent=grants(Purpose.ANALYTICS)))  # fmt: skip

    jane = system.profile(JANE)

    assert [s.purpose for s in jane.consents if s.granted] == [Purpose.ANALYTICS]
    assert all(jane.allows(p) is None for p in Purpose if p is not Purpose.ANALYTICS)
    decided = [e for run in system.history for e in run if isinstance(e, ActionDecided)]
    assert {e.channel for e in decided} <= {"none"}


def test_a1_14_every_signal_carries_trust_and_actor_and_policy_reads_both(start: Start) -> None:
    system = start()
    system.play(signal(ids=(JANE,), trust=Trust.UNSIGNED, actor=Actor.MACHINE,
                       actor_reason="user_agent_of_a_machine"))  # fmt: skip

    told = system.ask("signals", subject=JANE)

    assert "unsigned, machine (user_agent_of_a_machine)" in told.text
    facts = system.store.active().table("signals/material").table.columns
    assert "signal.actor" in facts


def test_a1_14_who_clicks_every_link_is_a_machine_also_in_hindsight(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE,), company=ACME))
    one, two, three = clicks(3)
    system.play(one)
    system.play(two)
    assert system.profile(JANE).counts["email_clicked"] == 2

    system.play(three)

    jane = system.profile(JANE)
    assert "email_clicked" not in jane.counts
    assert jane.engagement == 0
    assert actor(system, one)["actor"] == "machine"
    assert {e.identifiers for e in corrections(system, Op.RECLASSIFIED)} == {
        (one.signal_id,), (two.signal_id,),
    }  # fmt: skip


def test_a1_14_too_fast_and_the_hidden_link_give_a_machine_away(start: Start) -> None:
    system = start()
    mail = {"action_id": "act_1"}
    system.play(
        signal(SignalKind.EMAIL_DELIVERED, minute=1, ids=(JANE,), properties=mail),
        signal(SignalKind.EMAIL_CLICKED, minute=1.01, ids=(JANE,),
               properties=mail | {"url": "https://www.example.com/a"}),
        signal(SignalKind.EMAIL_CLICKED, minute=30, ids=(JANE,), key="hp",
               properties=mail | {"url": "https://www.example.com/hp/1"}),
        signal(SignalKind.EMAIL_CLICKED, minute=90, ids=(JANE,), key="real",
               properties=mail | {"url": "https://www.example.com/b"}),
    )  # fmt: skip

    assert system.profile(JANE).counts["email_clicked"] == 1
    reasons = system.ask("signals", subject=JANE).text
    assert "within 2 s of delivery" in reasons
    assert "the hidden link" in reasons


def test_a1_14_a_human_s_word_on_a_signal_re_derives_everything_downstream(start: Start) -> None:
    system = start()
    form = signal(
        SignalKind.LEAD_SUBMITTED, ids=(JANE,), company=ACME,
        traits={"title": "VP Finance"}, consent=grants(Purpose.EMAIL_MARKETING),
    )  # fmt: skip
    system.play(form)
    sent = len(system.wire.mails) + len(system.wire.posts)
    system.now = NOON + timedelta(hours=30)

    system.say("reclassify", subject=JANE, signal_id=form.signal_id, actor="machine",
               reason="a bot filled in the form")  # fmt: skip

    jane = system.profile(JANE)
    assert (jane.counts, jane.engagement) == ({}, 0)
    [record] = corrections(system, Op.RECLASSIFIED)
    assert record.rule == "a bot filled in the form"
    assert record.changed["engagement"] == "20.0 → 0.0"
    placed, decided = system.history[-1][1], system.history[-1][3]
    assert placed.correction
    assert isinstance(decided, ActionDecided)
    assert decided.action.name == "do_nothing"
    assert "correction" in decided.reason
    assert len(system.wire.mails) + len(system.wire.posts) == sent


def test_a1_14_an_outcome_that_was_a_machine_s_is_taken_back(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.LEAD_SUBMITTED, ids=(JANE,), company=ACME,
                       traits={"title": "VP Finance"}))  # fmt: skip
    action = system.history[-1][4].action_id
    took = signal(SignalKind.TASK_ACCEPTED, minute=60, ids=(JANE,),
                  properties={"action_id": action})  # fmt: skip
    system.play(took)

    def successes() -> float:
        return sum(
            r.numbers.get("successes", 0)
            for r in system.tables["lessons"].scan() if r.pk == "ARM#all"
        )  # fmt: skip

    assert successes() == 1
    system.now = NOON + timedelta(hours=3)
    system.say("reclassify", subject=JANE, signal_id=took.signal_id, actor="machine",
               reason="an integration test accepted it")  # fmt: skip

    assert successes() == 0


def test_a1_14_corrections_cannot_come_from_outside(start: Start) -> None:
    system = start()
    page = signal(ids=(JANE,))
    system.play(page)
    parked: list[str] = []
    batch = system.batch()
    batch.park = lambda found, reason: parked.append(reason)

    from mos.ports import Moment  # noqa: PLC0415  used here only

    forged = signal(SignalKind.RECLASSIFIED, minute=1, ids=(JANE,), source="standard-webhooks",
                    properties={"target": page.signal_id, "actor": "machine"})  # fmt: skip
    batch.run([forged], Moment(system.now))

    assert parked == ["forbidden: standard-webhooks may not say reclassified"]
    assert system.profile(JANE).counts == {"page": 1}


def test_a1_18_what_was_known_when_a_decision_was_made(start: Start) -> None:
    system = start()
    system.play(signal(ids=(DEVICE,), properties={"path": "/pricing"}))
    system.play(signal(SignalKind.IDENTIFY, minute=10, ids=(JANE,), traits={"title": "CFO"}))
    late = signal(minute=5, ids=(JANE,), key="late", properties={"path": "/security"},
                  received_at=NOON + timedelta(minutes=40))  # fmt: skip
    system.play(signal(SignalKind.IDENTIFY, minute=30, ids=(JANE, DEVICE)))
    system.play(late)

    def then(**moment: str) -> Profile:
        data = system.ask("at", subject=JANE, **moment).data["then"]
        return Profile.model_validate(data)

    before = then(known_at="2026-11-02T12:20:00Z")
    assert {i.key for i in before.identifiers} == {JANE}
    assert before.counts == {"identify": 1}
    linked = then(known_at="2026-11-02T12:35:00Z")
    assert {i.topic for i in linked.interests} == {"pricing"}
    now = then(as_of="2026-11-02T12:07:00Z")
    assert {i.topic for i in now.interests} == {"security"}
    assert now.trait("title") is None


def test_a1_19_all_profiles_rebuilt_from_raw_signals_are_the_same_bytes(start: Start) -> None:
    system = start()
    for number in range(12):
        who = f"email:p{number % 4}@acme.example"
        system.play(
            signal(minute=number, ids=(who, f"anonymous_id:d{number % 5}"), key=f"k{number}",
                   traits={"title": "VP Finance"}, company=ACME,
                   consent=grants(Purpose.EMAIL_MARKETING, granted=number % 3 > 0))
        )  # fmt: skip
    system.now = NOON + timedelta(hours=1)
    whole = next(p for p in system.people().values() if len(p.identifiers) > 1)
    system.say("unmerge", subject=whole.profile_id, identifiers=(whole.identifiers[0].key,))

    again = Replay(system.store.active()).take(system.logged())

    assert differences(system.people().values(), again) == {}
    named = {i: p.canonical() for i, p in again.people().items() if p.is_known}
    known = {i: p.canonical() for i, p in system.people().items() if p.is_known}
    assert known == named


def test_a1_19_two_first_signals_in_the_other_order_are_still_the_same_person(
    start: Start,
) -> None:
    first = signal(SignalKind.IDENTIFY, ids=(JANE, "user_id:u1"), traits={"title": "CFO"})
    second = signal(SignalKind.EMAIL_DELIVERED, minute=0.01, ids=(JANE,))
    system = start()

    system.play(second)
    system.play(first)

    again = Replay(system.store.active()).take(system.logged())
    assert differences(system.people().values(), again) == {}
    told = system.ask("at", subject=JANE, known_at="2026-11-02T12:30:00Z").data["then"]
    assert told["profile_id"] == system.profile(JANE).profile_id


def test_a1_19_a_profile_that_is_not_its_log_is_named_with_what_differs(start: Start) -> None:
    system = start()
    system.play(signal(ids=(JANE,)))
    again = Replay(system.store.active()).take(system.logged())
    [jane] = system.people().values()

    found = differences([jane.model_copy(update={"engagement": 99.0})], again)

    assert found == {jane.profile_id: "other engagement"}
    assert list(differences([], again).values()) == ["in the log, and not stored"]


def test_a1_20_a_week_old_signal_corrects_the_past_and_fires_nothing(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE,), company=ACME))
    week = NOON + timedelta(days=7)
    late = signal(SignalKind.LEAD_SUBMITTED, minute=5, ids=(JANE,), company=ACME,
                  traits={"title": "VP Finance"}, consent=grants(Purpose.EMAIL_MARKETING),
                  received_at=week)  # fmt: skip
    sent = len(system.wire.mails) + len(system.wire.posts)

    system.play(late)

    assert system.profile(JANE).counts["lead_submitted"] == 1
    [record] = corrections(system, Op.LATE)
    assert record.identifiers == (late.signal_id,)
    placed, decided = system.history[-1][1], system.history[-1][3]
    assert "late_correction" in str(placed.correction)
    assert isinstance(decided, ActionDecided)
    assert decided.action.name == "do_nothing"
    assert len(system.wire.mails) + len(system.wire.posts) == sent
