"""The named stories lead where they should, through the layers' own steps."""

from datetime import UTC, datetime, timedelta

from lab.play.query import find_company, find_stage
from lab.world.answers import answers
from lab.world.beat import Beat
from lab.world.cast import jane, looked_up, marta, ravi, two_crms
from lab.world.doors import signals
from mos.events import ActionDecided
from mos.identity.company import account_id
from mos.identity.company_word import node_id
from mos.model.experiment import is_held_out
from tests.builders import starter
from tests.system_in_process import System

END = datetime(2026, 11, 7, 9, 0, tzinfo=UTC)
NOW = END + timedelta(minutes=1)


def played(*beats: Beat) -> System:
    system = System()
    system.now = NOW
    for beat in beats:
        system.play(*signals([beat], NOW)[0])
    return system


def decided(system: System) -> list[ActionDecided]:
    return [run[3] for run in system.history if isinstance(run[3], ActionDecided)]


def answered(system: System, inbox: list[dict[str, object]], who: str) -> None:
    system.later(minutes=5)
    for beat in answers(inbox, system.now):
        if beat.who == who:
            system.play(*signals([beat], system.now)[0])
            system.later(minutes=2)


def test_nobody_named_is_held_out() -> None:
    percent = starter().number("holdout_percent")
    for company in (jane.COMPANY, ravi.COMPANY, marta.COMPANY):
        assert not is_held_out(account_id(company.domain, ""), percent)


def test_jane_goes_to_an_account_executive_and_becomes_qualified() -> None:
    system = played(*jane.beats(END))

    handed = [d for d in decided(system) if d.action.name == "ae_handoff"]
    assert handed
    action = system.wire.posts[0][2]["inputs"][0]
    inbox = [{"channel": "hubspot_task", "subject": "Take over: Bright Pay", "body": "",
              "tags": {"action_id": action["id"]}}]  # fmt: skip

    answered(system, inbox, "jane")

    why = system.ask("why", subject=jane.JANE.email).text
    assert "Group is qualified" in why
    assert "economic_buyer" in system.ask("profile", subject=jane.JANE.email).text


def test_ravi_gets_the_mail_about_security_and_his_click_changes_the_next_decision() -> None:
    system = played(*ravi.beats(END))
    first = decided(system)[-1]
    assert first.action.name == "email_security"
    mail = system.wire.mails[0]
    tags = mail["tags"]
    inbox = [
        {"channel": "email", "to": ravi.RAVI.email, "body": "https://x.example/", "tags": tags}
    ]

    answered(system, inbox, "ravi")

    last = decided(system)[-1]
    assert last.decision_id != first.decision_id
    assert last.action.name != first.action.name
    assert "email_case_study" in last.reason or last.action.name == "wait_until"


def test_marta_gets_no_mail_and_after_her_no_nothing_at_all() -> None:
    system = played(*marta.beats(END))

    assert decided(system)[-1].action.name == "retarget"
    why = system.ask("why", subject=marta.MARTA.email).text
    assert "gates/eligibility#no_consent" in why

    answered(system, [], "marta")

    assert decided(system)[-1].action.name == "do_nothing"
    assert system.wire.mails == []


def test_of_two_companies_only_their_crms_tell_and_both_accounts_stand_where_they_should() -> None:
    system = played(*two_crms.beats(END))

    harbor, alder = (
        find_company(node_id(name), system) for name in (two_crms.HARBOR, two_crms.ALDER)
    )
    assert [(d.state.value, d.amount, d.currency, d.owner) for d in harbor.deals] == [
        ("open", 52000, "EUR", "88800096")
    ]
    assert (harbor.owner, alder.owner) == ("88800095", "005Zz0000000011IAA")
    assert [find_stage(system, one.account_id) for one in (harbor, alder)] == [
        "opportunity", "customer",
    ]  # fmt: skip


def test_what_two_notices_do_not_say_is_looked_up() -> None:
    system = System()
    for name, kind, record_id, body in looked_up.records(END):
        system.lookups.open_shelf(name).put(kind, record_id, body)
    told, refused = signals(looked_up.beats(END), END)
    system.play(*told)

    found = [
        find_company(node_id(name), system) for name in (looked_up.PINEWOOD, looked_up.FERNHILL)
    ]

    assert not refused
    assert [[deal.amount for deal in account.deals] for account in found] == [[18000], [9000]]
