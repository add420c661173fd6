"""The report that people decide by: its order, its numbers, and that nothing is cut short."""

import io
import re
from datetime import UTC, datetime

from rich.console import Console

from cli.rehearse.markdown import markdown_of
from cli.rehearse.page import page
from cli.rehearse.told import tell
from cli.rehearse.words import list_money
from mos.model.estimate import Estimate, Evaluation, Evidence
from mos.model.impact import Change, Impact, Named, Played, Tally

DECISION = "dec_1328171858243ecc6e611f34d2de6f36"


def estimate(name: str, value: float, low: float, high: float) -> Estimate:
    return Estimate(estimator=name, value=value, low=low, high=high, tells=True, why="")


def impact(low: float = -3.0, high: float = -0.5) -> Impact:
    lead = Named(
        decision_id=DECISION, group_id="grp_1", account="northfreight.example",
        before="bdr", after="marketing", row="routing/route#default", why="no row holds",
    )  # fmt: skip
    evidence = Evidence(
        decisions=2000, accounts=85, effective=1900, successes=200, weight=1, weight_error=0,
        busiest=0.05,
    )  # fmt: skip
    dollars = Evaluation(
        evidence=evidence,
        logged=estimate("logged", 96.96, 68.1, 146.9),
        estimates=(estimate("IPS", 95.8, 66, 145), estimate("SNIPS", 95.9, 67, 146),
                   estimate("DR", 95.8, 66.7, 145.4)),
        difference=estimate("DR - logged", -1.2, low, high),
    )  # fmt: skip
    return Impact(
        candidate="c" * 64, baseline="b" * 64, made_at=datetime(2026, 3, 2, tzinfo=UTC),
        source="market 7: 150 companies, 90 days", decisions=2642, compared=2642, accounts=93,
        differs=("routing/route: row ready now asks that account.icp_tier is strong.",),
        changes=(Change(kind="route", before="bdr", after="marketing", count=160, leads=(lead,)),),
        summary=("160 decisions about 9 buying groups change route (bdr → marketing 160)",
                 "expected outcome: $-1.20 per decision"),
        broken=("played in a market, it brings $2,210 less, and surely less",),
        funnel=(Tally(name="eligibility", before=80444, after=80444),
                Tally(name="contact_policy", before=71460, after=71930)),
        actions=(Tally(name="bdr_call", before=25, after=12),),
        lost=(lead,), lost_count=1, strangest=(lead,), dollars=dollars,
        played=(Played(name="US dollars, net of cost", before=61344, after=59134, low=-12066,
                       high=-410),),
        played_how="Decisions change for 6 of 150 companies; they were played again under both.",
    )  # fmt: skip


def on_a_terminal(one: Impact, width: int = 80) -> str:
    out = io.StringIO()
    tell(one, Console(file=out, width=width))
    return out.getvalue()


def test_what_is_changed_comes_first_then_who_the_money_and_the_risks() -> None:
    for told in (on_a_terminal(impact()), markdown_of(impact()), page(impact())):
        order = ["does not pass", "What is changed", "row ready now asks", "Who is touched",
                 "160 decisions about 9", "Money", "-$2,210", "Left with nothing"]  # fmt: skip
        places = [told.index(word) for word in order]
        assert places == sorted(places)


def test_no_number_is_a_power_of_ten_and_no_id_is_cut() -> None:
    for told in (on_a_terminal(impact()), markdown_of(impact()), page(impact())):
        assert not re.search(r"\de[+-]\d", told)
        assert DECISION in told
        assert "71,460" in told
        assert "80,444" not in told


def test_a_terminal_of_eighty_columns_holds_every_line() -> None:
    assert max(map(len, on_a_terminal(impact(), 80).splitlines())) <= 80


def test_two_figures_of_one_market_agree_or_say_why() -> None:
    agree, differ = list_money(impact()), list_money(impact(low=4.0, high=9.0))

    assert any(line.startswith("The two agree within their intervals") for line in agree)
    assert any(line.startswith("The two differ. The market counts") for line in differ)


def test_the_estimators_are_one_folded_line_with_a_sentence() -> None:
    text, html = markdown_of(impact()), page(impact())

    assert text.count("SNIPS") == html.count("SNIPS") == 3
    assert "<details><summary>How the log is valued (IPS, SNIPS, DR)</summary>" in text
    assert "Every decision was drawn with a known probability" in html


def test_what_was_accepted_does_not_say_that_nothing_broke() -> None:
    accepted = impact().model_copy(update={"accepted": "we want it so"})

    assert "nothing broke" not in on_a_terminal(accepted)
    assert "nothing that broke can be accepted" in on_a_terminal(accepted)


def test_a_page_loads_nothing_and_escapes_what_it_shows() -> None:
    evil = impact().model_copy(update={"differs": ("row <script>alert(1)</script>",)})

    assert "<script" not in page(evil)
    assert "default-src 'none'" in page(evil)
    assert "<script" not in markdown_of(evil)
