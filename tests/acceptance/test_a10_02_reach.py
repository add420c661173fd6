"""Row A.10.2: a rehearsal says whom each thing that changes meets, and over how many accounts."""

import pytest

from tests.acceptance.test_a10_rehearsal import HARM, market, rehearsed, replaced, with_row
from tests.builders import starter

pytestmark = pytest.mark.slow


def test_a10_02_a_report_says_whom_each_changed_row_meets_and_what_meets_nobody() -> None:
    large = [
        r.decision
        for r in market()[1]
        if r.decision["group_facts"].get("account.employees", 0) >= 1000
    ]

    harm = rehearsed(with_row(HARM))
    nobody = rehearsed(with_row(HARM.replace(">= 1000", ">= 9000000")))

    [met], [unmet] = harm.reach, nobody.reach
    assert met.what == unmet.what == "routing/route#enterprise_to_bdr"
    assert (met.decisions, met.accounts) == (len(large), len({d["account_id"] for d in large}))
    assert (unmet.decisions, unmet.accounts) == (0, 0)
    assert nobody.eyes == ("no recorded or simulated lead meets routing/route#enterprise_to_bdr",)
    assert any("may not have shown" in line for line in nobody.summary)
    assert harm.compared_accounts == len({r.decision["account_id"] for r in market()[1]})


def test_a10_02_few_accounts_break_a_guardrail_that_nobody_can_stand_for() -> None:
    accounts = sorted({r.decision["account_id"] for r in market()[1]})[:15]
    few = [r for r in market()[1] if r.decision["account_id"] in accounts]

    impact = rehearsed(with_row(HARM), few, accepted="I know them all.")
    same = rehearsed(starter(), few)

    assert any("it compared 15 accounts, 30 are needed" in line for line in impact.broken)
    assert not any("accounts" in line for line in same.broken)


def test_a10_02_a_cap_is_met_by_all_and_loosened_by_a_word() -> None:
    looser = replaced(
        "tables/contact/limits.toml", "at_most = 8, hours = 168", "at_most = 80, hours = 168"
    )

    impact = rehearsed(looser)

    assert impact.eyes == ("contact/limits#account_week: at_most goes from 8 to 80",)
    assert impact.reach[0].accounts > 5
