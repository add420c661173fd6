"""A.1.1–A.1.7 and A.1.10: who is who, why, and under which id."""

from mos.identity.replay import Replay
from mos.model.base import derive_id
from mos.model.ledger import Entry, Op
from mos.model.signal import Signal, SignalKind
from tests.acceptance.conftest import Start
from tests.builders import changed, signal
from tests.system_in_process import System

JANE, RAVI, WORK = "email:jane@acme.example", "email:ravi@freight.example", "user_id:u1"
PHONE, OTHER = "anonymous_id:a1", "anonymous_id:a2"


def playing(start: Start, *signals: Signal) -> System:
    system = start()
    for one in signals:
        system.play(one)
    return system


def ledger(system: System, person: str) -> list[Entry]:
    found = system.tables["identity"].query(f"PERSON#{person}", prefix="LEDGER#")
    return [Entry.parse(record.body) for record in found]


def keys(system: System, subject: str) -> set[str]:
    return {i.key for i in system.profile(subject).identifiers}


def test_a1_01_no_match_makes_a_person_one_attaches_and_several_merge(start: Start) -> None:
    system = playing(start, signal(ids=(JANE,)))
    first = system.profile(JANE).profile_id
    system.play(signal(minute=1, ids=(JANE, PHONE)))
    system.play(signal(minute=2, ids=(WORK,)))
    assert len(system.people()) == 2

    system.play(signal(minute=3, ids=(JANE, WORK)))

    assert len(system.people()) == 1
    assert keys(system, JANE) == {JANE, WORK, PHONE}
    assert system.profile(first).counts == {"page": 4}


def test_a1_01_a_device_is_a_person_of_its_own_until_somebody_claims_it(start: Start) -> None:
    system = playing(start, signal(ids=(PHONE,)), signal(minute=1, ids=(PHONE,)))

    alone = system.profile(PHONE)
    system.play(signal(minute=2, ids=(JANE, PHONE)))

    assert alone.counts == {"page": 2}
    assert not alone.is_known
    assert system.profile(alone.profile_id).profile_id == system.profile(JANE).profile_id
    assert system.profile(JANE).counts == {"page": 3}


def test_a1_02_a_sixth_device_in_a_week_is_left_out_and_a_second_user_id_is_refused(
    start: Start,
) -> None:
    system = start()
    for number in range(6):
        system.play(signal(minute=number, ids=(JANE, f"anonymous_id:d{number}")))
    system.play(signal(minute=9, ids=(JANE, WORK)))
    system.play(signal(minute=10, ids=(JANE, "user_id:u2")))

    assert sum(k.startswith("anonymous_id") for k in keys(system, JANE)) == 5
    assert "user_id:u2" not in keys(system, JANE)
    assert keys(system, "user_id:u2") == {"user_id:u2"}
    rules = {e.rule for e in ledger(system, system.profile(JANE).profile_id) if e.op is Op.REFUSED}
    assert rules == {"limit: at most 5 anonymous_id per person"}


def test_a1_02_a_device_after_the_window_counts_again(start: Start) -> None:
    system = start()
    for number in range(5):
        system.play(signal(minute=number, ids=(JANE, f"anonymous_id:d{number}")))

    system.play(signal(minute=8 * 24 * 60, ids=(JANE, "anonymous_id:new")))

    assert "anonymous_id:new" in keys(system, JANE)


def test_a1_03_blocked_values_never_identify_anybody(start: Start) -> None:
    blocked = ("user_id:-1", "user_id:null", "user_id:0000", "email:info@acme.example",
               "user_id:anonymous", "user_id:test-77")  # fmt: skip
    system = start()
    for number, value in enumerate(blocked):
        system.play(signal(minute=number, ids=(JANE, value), key=f"j{number}"))
        system.play(signal(minute=number, ids=(RAVI, value), key=f"r{number}"))

    assert keys(system, JANE) == {JANE}
    assert keys(system, RAVI) == {RAVI}


def test_a1_03_a_free_mail_domain_makes_no_account(start: Start) -> None:
    system = playing(start, signal(ids=("email:a@gmail.com",)), signal(ids=("email:b@gmail.com",)))

    accounts = {p.account_id for p in system.people().values()}
    assert len(accounts) == 2
    assert derive_id("acc", "domain", "gmail.com") not in accounts


def test_a1_05_each_edge_says_which_signal_and_which_rule(start: Start) -> None:
    said = signal(SignalKind.IDENTIFY, ids=(JANE, WORK))
    system = playing(start, said, signal(minute=1, ids=(WORK, PHONE)))

    edges = {i.key: i for i in system.profile(JANE).identifiers}
    told = system.ask("identity", subject=JANE)

    assert edges[JANE].signal_id == said.signal_id
    assert edges[PHONE].since == signal(minute=1).occurred_at
    assert f"{JANE}: since 2026-11-02, new [{said.signal_id}]" in told.text
    assert "same user_id" in told.text


def test_a1_06_ids_are_stable_over_a_full_re_run_and_old_ones_lead_on(start: Start) -> None:
    signals = [signal(ids=(JANE,)), signal(minute=1, ids=(WORK,)), signal(minute=2, ids=(RAVI,)),
               signal(minute=3, ids=(JANE, WORK)), signal(minute=4, ids=(RAVI, PHONE))]  # fmt: skip
    system = playing(start, *signals)
    gone = derive_id("per", JANE)

    again = Replay(system.store.active()).take(system.logged())

    assert set(again.people()) == set(system.people())
    assert gone not in system.people()
    assert system.profile(gone).profile_id == system.profile(WORK).profile_id


def test_a1_06_a_chain_of_merges_still_leads_to_the_living(start: Start) -> None:
    chain = [f"hubspot_id:{n}" for n in (5, 4, 3, 2, 1)]
    bundle = changed(identity__identifiers="[default]\npriority = 5\n")
    system = start(bundle)
    for number, key in enumerate(chain):
        system.play(signal(minute=number, ids=(key,)))
    for number in range(4):
        system.play(signal(minute=10 + number, ids=(chain[number], chain[number + 1])))

    assert len(system.people()) == 1
    oldest = derive_id("per", chain[0])
    assert keys(system, oldest) == set(chain)


def test_a1_07_the_ledger_says_who_when_why_and_what_stood_there(start: Start) -> None:
    cause = signal(minute=2, ids=(JANE, WORK))
    system = playing(start, signal(ids=(JANE,)), signal(minute=1, ids=(WORK,)), cause)

    [merge] = [e for e in ledger(system, system.profile(JANE).profile_id) if e.op is Op.MERGE]

    assert (merge.signal_id, merge.at, merge.by) == (cause.signal_id, cause.received_at, "segment")
    assert merge.rule == "one signal carried both: user_id"
    assert [sorted(i.key for i in p.identifiers) for p in merge.before] == [[WORK], [JANE]]
    assert "joined" in system.ask("identity", subject=JANE).text


def test_a1_10_the_known_person_survives_the_anonymous_one(start: Start) -> None:
    system = playing(
        start,
        signal(ids=(PHONE, OTHER)),
        signal(minute=1, ids=(JANE,)),
        signal(minute=2, ids=(JANE, PHONE)),
    )

    assert system.profile(JANE).profile_id == derive_id("per", JANE)
    assert system.profile(derive_id("per", PHONE)).profile_id == derive_id("per", JANE)
    assert keys(system, JANE) == {JANE, PHONE, OTHER}


def test_a1_10_two_known_people_are_never_one_because_of_a_device(start: Start) -> None:
    system = playing(start, signal(ids=(JANE, PHONE)), signal(minute=1, ids=(RAVI, PHONE)))

    assert keys(system, JANE) == {JANE, PHONE}
    assert keys(system, RAVI) == {RAVI}
    assert "a device joins no two known people" in system.ask("identity", subject=RAVI).text
