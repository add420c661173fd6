"""A.1.4 and A.1.15–A.1.17: likely matches, the right account, roles and interests."""

from datetime import timedelta

from mos.matching.match import Options, match
from mos.model.base import derive_id
from mos.model.review import Review
from mos.model.signal import SignalKind
from tests.acceptance.conftest import Start
from tests.builders import NOON, signal
from tests.system_in_process import System

JANE, RAVI = "email:jane@acme.example", "email:ravi@acme.example"
ACME = {"name": "Acme Payments Inc", "domain": "acme.example", "country": "US"}


def test_a1_04_a_pair_has_weights_a_probability_and_a_band() -> None:
    left = [
        {"given_name": "Katherine", "surname": "Johnson", "company": "Acme Payments Inc",
         "phone": "+1 415 555 0100", "email": "katherine@acme.example"},
        {"given_name": "Mo", "surname": "Farouk", "email": "mo@globex.example"},
    ]  # fmt: skip
    right = [
        {"given_name": "Kathrine", "surname": "Johnson", "company": "ACME Payments",
         "phone": "(415) 555-0100", "email": ""},
        {"given_name": "Ines", "surname": "Ferreira", "company": "Initech", "email": ""},
    ]  # fmt: skip

    found = match(left, right)

    [pair] = [p for p in found.pairs if p.band == "match"]
    assert (pair.left, pair.right) == (0, 0)
    assert 0.5 < pair.probability <= 1
    assert {"surname", "phone"} <= {step.field for step in pair.waterfall}


def test_a1_04_between_the_thresholds_a_pair_is_for_review() -> None:
    left = [{"given_name": "Katherine", "surname": "Johnson"}]
    right = [
        {"given_name": "Katherine", "surname": "Johnson"},
        {"given_name": "Mo", "surname": "F"},
    ]

    sure = match(left, right, options=Options(threshold=0.999999, review=0.001))

    assert [(p.left, p.right, p.band) for p in sure.pairs] == [(0, 0, "review")]


def accounts(start: Start) -> System:
    """Two companies of nearly the same name; sales is talking to the second."""
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=("email:a@acme.example",), company=ACME))
    system.play(
        signal(SignalKind.IDENTIFY, minute=1, ids=("email:b@acme-pay.example",),
               company={**ACME, "name": "ACME Payments", "domain": "acme-pay.example"})
    )  # fmt: skip
    system.play(
        signal(SignalKind.DEAL_CHANGED, minute=2, ids=("email:b@acme-pay.example",),
               properties={"deal_id": "7", "deal_stage": "proposal"},
               company={"domain": "acme-pay.example"})
    )  # fmt: skip
    return system


def named(system: System, name: str, minute: float = 10, **more: str) -> str | None:
    who = f"email:someone{minute:g}@gmail.com"
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=minute, ids=(who,), company={"name": name},
               traits=more)
    )  # fmt: skip
    return system.profile(who).account_id


def test_a1_15_who_only_names_the_company_joins_the_account_that_sales_talks_to(
    start: Start,
) -> None:
    system = accounts(start)

    joined = named(system, "Acme Payments, Inc.")

    assert joined == derive_id("acc", "domain", "acme-pay.example")
    told = system.ask("signals", subject="someone10@gmail.com")
    said = next(s for s in told.data["signals"] if s["kind"] == "account_matched")
    assert "open_deal chose among 2" in said["properties"]["match_why"]
    assert "company" in said["properties"]["match_why"]


def test_a1_15_a_name_that_is_only_near_waits_for_a_human(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=("email:a@acme.example",), company=ACME))

    joined = named(system, "Acme Payment", country="US")

    found = [Review.parse(r.body) for r in system.tables["identity"].query("REVIEW")]
    assert joined == derive_id("acc", "solo", system.profile("someone10@gmail.com").profile_id)
    assert [(r.kind, r.right) for r in found] == [("account", "acme.example")]
    assert 0.4 <= found[0].probability < 0.9


def test_a1_15_a_human_who_accepts_the_pair_puts_them_into_the_account(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=("email:a@acme.example",), company=ACME))
    named(system, "Acme Payment", country="US")
    [waiting] = system.ask("review", word="list").data["reviews"]
    system.now = NOON + timedelta(hours=1)

    system.say("review", word="accept", review_id=waiting["review_id"])

    joined = system.profile("someone10@gmail.com").account_id
    assert joined == derive_id("acc", "domain", "acme.example")
    assert system.ask("review", word="list").data["reviews"] == []


def test_a1_15_another_company_is_no_match(start: Start) -> None:
    system = accounts(start)

    joined = named(system, "Initech")

    assert joined == derive_id("acc", "solo", system.profile("someone10@gmail.com").profile_id)
    assert system.tables["identity"].query("REVIEW") == []


def test_a1_16_a_role_has_a_confidence_and_evidence_and_behaviour_sharpens_it(
    start: Start,
) -> None:
    system = start()
    titled = signal(SignalKind.IDENTIFY, ids=(JANE,), traits={"title": "VP Finance"}, company=ACME)
    system.play(titled)
    first = system.ask("profile", subject=JANE).data["groups"][0]["role"]
    for number in range(3):
        system.play(signal(minute=1 + number, ids=(JANE,), properties={"path": "/pricing"}))

    after = system.ask("profile", subject=JANE)

    role = after.data["groups"][0]["role"]
    assert (first["role"], role["role"]) == ("economic_buyer", "economic_buyer")
    assert role["confidence"] > first["confidence"]
    assert titled.signal_id in role["evidence"]
    assert "roles/title#economic_buyer" in role["evidence"]
    assert f"likely economic_buyer ({role['confidence']:.0%})" in after.text


def test_a1_16_a_human_s_word_on_a_role_sticks(start: Start) -> None:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE,), traits={"title": "VP Finance"}))
    system.now = NOON + timedelta(hours=1)
    system.say("member", subject=JANE, word="confirm", role="champion", solution="platform")

    system.play(
        signal(SignalKind.IDENTIFY, minute=120, ids=(JANE,), traits={"title": "CFO"}, key="new")
    )
    confirmed = system.ask("profile", subject=JANE).data["groups"][0]["role"]
    system.now += timedelta(hours=1)
    system.say("member", subject=JANE, word="dismiss", role="champion", solution="platform")
    system.now += timedelta(hours=1)
    system.say("member", subject=JANE, word="dismiss", role="economic_buyer")
    dismissed = system.ask("profile", subject=JANE).data["groups"][0]["role"]

    assert (confirmed["role"], confirmed["confidence"]) == ("champion", 1.0)
    assert confirmed["source"] == "operator"
    assert dismissed is None


def test_a1_17_what_she_and_her_group_care_about_fades_and_cites_its_signals(
    start: Start,
) -> None:
    system = start()
    read = signal(minute=1, ids=(JANE,), properties={"path": "/pricing"})
    system.play(signal(SignalKind.IDENTIFY, ids=(JANE,), company=ACME))
    system.play(signal(SignalKind.IDENTIFY, ids=(RAVI,), company=ACME))
    system.play(read)
    for number in range(2):
        system.play(signal(minute=2 + number, ids=(RAVI,), properties={"path": "/security"}))
    system.now = NOON + timedelta(days=14)

    told = system.ask("profile", subject=JANE).data

    [hers] = told["interests"]
    theirs = {i["topic"]: i for i in told["groups"][0]["interests"]}
    assert (hers["topic"], round(hers["score"], 2)) == ("pricing", 0.5)
    assert hers["signal_ids"] == [read.signal_id]
    assert list(theirs) == ["security", "pricing"]
    assert round(theirs["security"]["score"], 1) == 1.0
    assert len(theirs["security"]["signal_ids"]) == 2
