"""Row A.10.9: what a bundle loosens is found and said in plain words; what it tightens is not."""

import pytest

from mos.policy.bundle.bundle import Bundle
from mos.policy.diff.loosened import list_loosened
from tests.builders import starter
from tests.gating import with_text, without

LIMITS, CONSENT = "tables/contact/limits.toml", "tables/consent/purpose.toml"
ELIGIBLE, AGENT = "tables/gates/eligibility.toml", "agents/assistant.toml"
RULES, APPROVERS = "tables/approvals/rules.toml", "tables/approvals/approvers.csv"
HANDOFFS, MAIL = "constraints/ae_handoffs.toml", "actions/email_roi.toml"
REHEARSAL = "parameters/rehearsal.toml"
LOOSER = [
    (LIMITS, "at_most = 8, hours = 168", "at_most = 80, hours = 168",
     "contact/limits#account_week: at_most goes from 8 to 80"),
    (LIMITS, "at_most = 8, hours = 168", "at_most = 8, hours = 24",
     "contact/limits#account_week: hours goes from 168 to 24"),
    (LIMITS, 'id = "account_week"\n', 'id = "account_week"\nwhen = { "person.country" = "US" }\n',
     "contact/limits#account_week holds for others than before (when person.country is US)"),
    (LIMITS, 'id = "account_week"', 'id = "account_month"',
     "contact/limits#account_week is gone"),
    (CONSENT, 'then = { allow = false }\nwhy = "The person has said no."',
     'then = { allow = true }\nwhy = "The person has said no."',
     "consent/purpose allows what it did not"),
    (CONSENT, 'unknown = "deny"\n', "", "consent/purpose no longer denies where a fact is unknown"),
    (ELIGIBLE, '"@embargoed_countries"', '["KP", "SY", "RU", "BY"]',
     "gates/eligibility allows what it did not: row default lets through account.country is CU"),
    (AGENT, "requests_per_minute = 60", "requests_per_minute = 600",
     "The agent assistant: requests_per_minute goes from 60 to 600"),
    (AGENT, '"find", ', '"find", "merge", ', "The agent assistant may now use merge"),
    (AGENT, "dollars_per_day = 5\n", "",
     "The agent assistant: dollars_per_day is no longer stated"),
    (RULES, 'approvers = 2, role = "policy"', 'approvers = 1, role = "policy"',
     "approvals/rules#policy_of_an_agent asks for 1 approvers (was 2)"),
    (APPROVERS, "pia,Pia Santos,sales,", "pia,Pia Santos,sales | policy,",
     "Pia Santos may now approve as policy"),
    (HANDOFFS, "at_most = 40", "at_most = 400", "The constraint ae_handoffs goes from 40 touches"),
    (REHEARSAL, "[rehearsal_accounts_least]\nvalue = 30", "[rehearsal_accounts_least]\nvalue = 3",
     "rehearsal_accounts_least goes from 30 to 3"),
    (REHEARSAL, "[report_fresh_days]\nvalue = 7", "[report_fresh_days]\nvalue = 70",
     "report_fresh_days goes from 7 to 70"),
]  # fmt: skip
STRICTER = [
    (LIMITS, "at_most = 8, hours = 168", "at_most = 6, hours = 168"),
    (LIMITS, "at_most = 8, hours = 168", "at_most = 8, hours = 240"),
    (LIMITS, 'when = { "group.stage" = ["qualified", "pipeline"] }\n', ""),
    (AGENT, '"find", "recent", ', '"find", '),
    (AGENT, "touches_per_day = 50", "touches_per_day = 5"),
    (HANDOFFS, "at_most = 40", "at_most = 4"),
    (REHEARSAL, "[report_fresh_days]\nvalue = 7", "[report_fresh_days]\nvalue = 3"),
    (RULES, 'approvers = 1, role = "policy"', 'approvers = 2, role = "policy"'),
    (MAIL, 'why = "', 'why = "In other words: '),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), LOOSER)
def test_a10_09_what_is_loosened_is_said(file: str, old: str, new: str, says: str) -> None:
    found = list_loosened(starter(), with_text(file, (old, new)))

    assert any(line.startswith(says) for line in found), found


@pytest.mark.parametrize(("file", "old", "new"), STRICTER)
def test_a10_09_what_is_tightened_needs_nobody(file: str, old: str, new: str) -> None:
    assert list_loosened(starter(), with_text(file, (old, new))) == ()


@pytest.mark.parametrize(("file", "old", "new", "says"), LOOSER)
def test_a10_09_the_way_back_from_loose_is_not_loosening_the_same(
    file: str, old: str, new: str, says: str
) -> None:
    """What loosens one way does not loosen the other way in the same words."""
    looser = with_text(file, (old, new))

    assert not any(line.startswith(says) for line in list_loosened(looser, starter()))


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("agents/assistant.toml", ""),
        ("constraints/paid_media.toml", "The constraint paid_media is gone"),
        ("tables/contact/limits@region-dach.toml", "contact/limits@region-dach is gone"),
        ("tables/contact/warm_up.toml", "contact/warm_up is gone, and with it what it held back"),
    ],
)
def test_a10_09_a_page_that_is_gone_is_named_where_it_held_something_back(
    file: str, says: str
) -> None:
    found = list_loosened(starter(), without(file))

    assert any(line.startswith(says) for line in found) if says else found == ()


def test_a10_09_a_new_agent_is_one_that_may_more() -> None:
    page = starter().files[AGENT]
    candidate = Bundle(starter().files | {"agents/intern.toml": page})

    [said] = list_loosened(starter(), candidate)

    assert said.startswith("The agent intern is new: it may use find,")


def test_a10_09_the_same_bundle_loosens_nothing() -> None:
    assert list_loosened(starter(), Bundle(starter().files)) == ()
