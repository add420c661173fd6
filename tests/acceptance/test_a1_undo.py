"""A.1.8, A.1.9, A.1.11 and A.1.13: undoing, trying out, and what must never be undone."""

from datetime import timedelta

from functions.agent.tool import ToolReply
from mos.events import ProfileUnified
from mos.identity.preview import preview
from mos.identity.replay import Replay
from mos.model.consent import Purpose
from mos.model.ledger import Entry, Op
from mos.model.signal import SignalKind
from tests.acceptance.conftest import Start
from tests.builders import NOON, changed, grants, signal, starter
from tests.system_in_process import System

JANE, RAVI = "email:jane@acme.example", "email:ravi@freight.example"
SHARED = "hubspot_id:77"
ACME = {"name": "Acme", "domain": "acme.example", "employees": 900, "industry": "fintech"}


def merged(start: Start) -> System:
    """Jane has raised her hand; then a CRM record took Ravi for her."""
    system = start()
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=(JANE,), company=ACME,
               traits={"title": "VP Finance", "first_name": "Jane"},
               consent=grants(Purpose.EMAIL_MARKETING))
    )  # fmt: skip
    system.play(signal(minute=1, ids=(RAVI,), properties={"path": "/security"}))
    system.play(signal(minute=2, ids=(JANE, SHARED)))
    system.play(signal(minute=3, ids=(RAVI, SHARED)))
    system.now = NOON + timedelta(hours=1)
    return system


def test_a1_08_unmerge_gives_every_signal_back_and_judges_both_again(start: Start) -> None:
    system = merged(start)
    assert system.profile(RAVI).profile_id == system.profile(JANE).profile_id
    runs = len(system.history)

    told = system.say("unmerge", subject=JANE, identifiers=(RAVI,), reason="two people")

    jane, ravi = system.profile(JANE), system.profile(RAVI)
    assert jane.profile_id != ravi.profile_id
    assert ravi.interests[0].topic == "security"
    assert "security" not in {i.topic for i in jane.interests}
    assert jane.counts["lead_submitted"] == 1
    assert "lead_submitted" not in ravi.counts
    groups = [
        event.group_id
        for run in system.history[runs:]
        if isinstance(event := run[0], ProfileUnified)
    ]
    assert len(set(groups)) >= 2
    assert RAVI in told.text


def test_a1_08_they_stay_apart_when_the_same_record_comes_again(start: Start) -> None:
    system = merged(start)
    system.say("unmerge", subject=JANE, identifiers=(RAVI,))

    system.play(signal(minute=200, ids=(RAVI, SHARED), key="again"))

    assert system.profile(RAVI).profile_id != system.profile(JANE).profile_id
    assert "told apart by a human" in system.ask("identity", subject=RAVI).text


def test_a1_08_what_was_done_to_the_wrong_person_is_listed_for_compensation(
    start: Start,
) -> None:
    system = start()
    system.play(signal(ids=(JANE, SHARED), company=ACME))
    system.play(signal(minute=1, ids=(RAVI,)))
    system.play(signal(minute=3, ids=(RAVI, SHARED)))
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=90, ids=(RAVI,), company=ACME, key="form",
               traits={"title": "VP Finance"}, consent=grants(Purpose.EMAIL_MARKETING))
    )  # fmt: skip
    done = system.history[-1][4]
    system.now = NOON + timedelta(hours=2)

    told = system.ask("unmerge", subject=JANE, identifiers=(RAVI,), dry_run=True)
    system.say("unmerge", subject=JANE, identifiers=(RAVI,))

    owed = told.data["compensate"]
    assert owed
    assert any(done.action_id in line for line in owed)
    records = system.tables["identity"].query(
        f"PERSON#{system.profile(RAVI).profile_id}", prefix="LEDGER#2"
    )
    [entry] = [e for r in records if (e := Entry.parse(r.body)).op is Op.UNMERGE]
    assert list(entry.compensate) == owed
    assert "to compensate" in system.ask("identity", subject=RAVI).text


def test_a1_08_an_unmerge_is_undone_by_a_merge(start: Start) -> None:
    system = merged(start)
    before = system.profile(JANE)
    system.say("unmerge", subject=JANE, identifiers=(RAVI,))
    system.now += timedelta(minutes=5)

    system.say("merge", left=JANE, right=RAVI)

    after = system.profile(JANE)
    assert {i.key for i in after.identifiers} == {i.key for i in before.identifiers}
    assert after.counts == before.counts
    assert after.profile_id == before.profile_id


def test_a1_09_a_preview_counts_merges_splits_and_opposite_consents(start: Start) -> None:
    system = start()
    no = grants(Purpose.EMAIL_MARKETING, granted=False)
    system.play(signal(ids=(JANE, "user_id:u1"), consent=grants(Purpose.EMAIL_MARKETING)))
    system.play(signal(minute=1, ids=("user_id:u2",), consent=no))
    system.play(signal(minute=2, ids=(JANE, "user_id:u2")))
    system.play(signal(minute=3, ids=(RAVI, "hubspot_id:1", "hubspot_id:2")))
    system.play(signal(minute=4, ids=("hubspot_id:2",)))
    page = starter().text("identity/identifiers.toml")
    loose = changed(identity__identifiers=page.replace("at_most = 1\n", "at_most = 9\n", 1))
    tight = changed(
        identity__identifiers=page.replace("priority = 5\nat_most = 5", "priority = 5\nat_most = 1")
    )
    now = Replay(system.store.active()).take(system.logged())

    wider = preview(now, Replay(loose).take(system.logged()))
    narrower = preview(now, Replay(tight).take(system.logged()))

    assert (wider.people_before, wider.people_after, wider.merged) == (3, 2, 2)
    assert [u.opposite for u in wider.opposed] == [(Purpose.EMAIL_MARKETING,)]
    assert len(narrower.splits) == 1
    assert system.profile(JANE).profile_id != system.profile("user_id:u2").profile_id


def test_a1_11_a_merge_keeps_the_stricter_consent(start: Start) -> None:
    system = start()
    no = grants(Purpose.EMAIL_MARKETING, granted=False)
    system.play(signal(ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING, Purpose.ADVERTISING)))
    system.play(signal(minute=1, ids=("user_id:u1",), consent=no))

    system.play(signal(minute=2, ids=(JANE, "user_id:u1")))

    jane = system.profile(JANE)
    assert jane.allows(Purpose.EMAIL_MARKETING) is None
    assert jane.allows(Purpose.ADVERTISING) is not None
    system.play(signal(minute=3, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING)))
    assert system.profile(JANE).allows(Purpose.EMAIL_MARKETING) is not None


def test_a1_11_a_stop_survives_merge_and_unmerge(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.EMAIL_UNSUBSCRIBED, ids=(RAVI,)))
    system.play(signal(minute=1, ids=(JANE, SHARED)))
    system.play(signal(minute=2, ids=(RAVI, SHARED)))
    assert [s.channel for s in system.profile(JANE).suppressions] == ["email"]
    system.now = NOON + timedelta(hours=1)

    system.say("unmerge", subject=JANE, identifiers=(RAVI,))

    for who in (JANE, RAVI):
        assert [s.channel for s in system.profile(who).suppressions] == ["email"]


def test_a1_13_suppress_unsuppress_and_erase_each_leave_a_receipt(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE, "anonymous_id:a1"),
                       traits={"first_name": "Jane"}))  # fmt: skip
    system.now = NOON + timedelta(hours=1)

    def receipts(asked: ToolReply) -> dict[str, str]:
        found = system.ask("privacy", subject=asked.data["request_id"], request="receipts")
        return {r["store"]: r["what"] for r in found.data["receipts"]}

    stopped = system.say("privacy", subject=JANE, request="suppress")
    assert [s.channel for s in system.profile(JANE).suppressions] == ["all"]
    assert receipts(stopped)["identity"] == "suppress all holds from now on"
    system.now += timedelta(hours=1)
    lifted = system.say("privacy", subject=JANE, request="unsuppress")
    assert system.profile(JANE).suppressions == ()
    assert "unsuppress" in receipts(lifted)["identity"]
    system.now += timedelta(hours=1)
    asked = system.say("privacy", subject=JANE, request="suppress_and_erase")

    found = system.ask("privacy", subject=asked.data["request_id"], request="receipts")
    assert {r["store"] for r in found.data["receipts"]} >= {"identity", "signals", "decisions"}
    assert system.people() == {}
    everything = [
        f"{r.pk}{r.sk}{r.body}{r.tags}"
        for name in ("identity", "signals")
        for r in system.tables[name].scan()
    ]
    assert not any("jane@" in text.lower() for text in everything)


def test_a1_13_somebody_whom_we_have_not_met_can_be_suppressed(start: Start) -> None:
    system = start()

    system.say("privacy", subject="stranger@nobody.example", request="suppress")
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=60, ids=("email:stranger@nobody.example",),
               consent=grants(Purpose.EMAIL_MARKETING))
    )  # fmt: skip

    assert [s.channel for s in system.profile("stranger@nobody.example").suppressions] == ["all"]
    assert system.wire.mails == []


def test_a1_13_who_was_erased_and_suppressed_comes_back_suppressed(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE,)))
    system.now = NOON + timedelta(hours=1)
    system.say("privacy", subject=JANE, request="suppress_and_erase")

    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=120, ids=(JANE,),
               consent=grants(Purpose.EMAIL_MARKETING))
    )  # fmt: skip

    assert [s.channel for s in system.profile(JANE).suppressions] == ["all"]
