"""Rows A.10.2 and A.10.9: a report that could not have seen the change opens nothing."""

from collections.abc import Iterator
from datetime import date

import pytest

from mos.errors import ReportError
from mos.model.report import Reach
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR
from mos.policy.diff.bundle import compare_bundles
from mos.policy.diff.touched import list_touched
from mos.policy.examine import examine
from mos.policy.power import describe_unseen
from tests.builders import starter
from tests.gating import Stage, reach_of, reached, with_text, without

ROUTE, ACTION = "tables/routing/route.toml", "actions/email_roi.toml"
DEARER = with_text(ACTION, ("value = ", "lever = 2.0\nvalue = "))


@pytest.fixture(scope="module", autouse=True)
def stores() -> Iterator[None]:
    with reached():
        yield


def test_a10_02_fifteen_accounts_in_which_nothing_changes_open_nothing() -> None:
    stage = Stage()
    stage.report(DEARER, accounts=15, summary=("nothing changes",), reach=reach_of(DEARER, met=12))

    with pytest.raises(ReportError) as refused:
        stage.release().activate(DEARER.digest)

    assert "it compared 15 accounts, 30 are needed" in str(refused.value)
    assert "a change to fewer than 18% of accounts may not have shown" in str(refused.value)
    assert stage.store.active_digest() == starter().digest


@pytest.mark.parametrize("accounts", [29, 30])
def test_a10_02_the_least_is_where_the_bundle_in_force_says(accounts: int) -> None:
    stage = Stage()
    stage.report(DEARER, accounts=accounts)

    if accounts < 30:
        with pytest.raises(ReportError, match="30 are needed"):
            stage.release().activate(DEARER.digest)
    else:
        stage.release().activate(DEARER.digest)

    assert (stage.store.active_digest() == DEARER.digest) is (accounts >= 30)


def test_a10_02_a_report_that_does_not_say_whom_a_change_meets_opens_nothing() -> None:
    stage = Stage()
    stage.report(DEARER, reach=())

    with pytest.raises(ReportError, match="does not say whom email_roi meets"):
        stage.release().activate(DEARER.digest)


def test_a10_09_a_harmful_rule_is_stopped_by_what_its_rehearsal_broke() -> None:
    stage, harm = Stage(), with_text(ROUTE, ("[[row]]", HARM + "[[row]]"))
    stage.report(harm, broken=("100% of segment enterprise goes elsewhere",))

    with pytest.raises(ReportError, match="broke 100% of segment enterprise goes elsewhere"):
        stage.release().activate(harm.digest)


HARM = """[[row]]
id = "enterprise_to_bdr"
when = { "account.employees" = ">= 1000" }
then = { to = "bdr", pool = "pool_bdr" }
why = "Somebody thought that BDRs had time."

"""


def test_a10_09_failing_tests_are_no_report_and_neither_is_their_absence() -> None:
    stage = Stage()
    stage.report(DEARER, broken=("failed stories/a_burst_is_one_run.jsonl: expected 1 run",))
    with pytest.raises(ReportError, match="broke failed stories/a_burst_is_one_run"):
        stage.release().activate(DEARER.digest)

    stage.report(DEARER, tested="")

    with pytest.raises(ReportError, match="does not say whether its tests hold"):
        stage.release().activate(DEARER.digest)


def test_a10_09_a_report_of_another_digest_opens_nothing() -> None:
    stage, other = Stage(), with_text(ACTION, ("value = ", "lever = 3.0\nvalue = "))
    stage.report(DEARER)
    stage.release().publish(other, [])
    for name in ("report.json", "report.sig"):
        found = stage.bucket.objects[f"reports/{DEARER.digest}/{name}"]
        stage.bucket.objects[f"reports/{other.digest}/{name}"] = found

    with pytest.raises(ReportError, match="the report is about another bundle"):
        stage.release().activate(other.digest)


def test_a10_02_what_people_read_alone_needs_no_reach() -> None:
    spoken = with_text(ACTION, ('why = "', 'why = "In other words: '))

    assert list_touched(starter(), spoken) == ()
    assert list_touched(starter(), DEARER)[0].name == "email_roi"


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ("tables/consent/purpose.toml", "nothing else says whose data may be used for what"),
        ("tables/routing/route.toml", "nothing else says who takes a group"),
        ("tables/contact/limits.toml", "nothing else says how often we may reach out"),
        ("tables/gates/eligibility.toml", "nothing else says what is held back at this gate"),
        ("actions/do_nothing.toml", "doing nothing is always possible"),
    ],
)
def test_a10_09_a_bundle_without_a_page_that_protects_is_refused(gone: str, says: str) -> None:
    found = [f for f in examine(without(gone), date(2026, 11, 30)) if f["level"] == ERROR]

    assert any(f["file"] == gone and says in f["detail"] for f in found)


def test_a10_09_a_bundle_without_consent_rows_is_refused() -> None:
    file = "tables/consent/purpose.toml"
    head = starter().text(file).partition("[[row]]")[0]
    empty = Bundle(starter().files | {file: head.encode()})

    found = [f for f in examine(empty, date(2026, 11, 30)) if f["level"] == ERROR]

    assert any(f["file"] == file and "it has no rows" in f["detail"] for f in found)


def test_a10_02_every_difference_has_a_sentence_and_what_governs_is_named() -> None:
    for file in sorted(starter().files):
        if not file.endswith(".toml") or file.startswith("tables/"):
            continue
        other = Bundle(starter().files | {file: starter().files[file] + b"\n# seen\n"})

        assert list_touched(starter(), other) == ()
        gone = without(file)
        if not file.startswith(("tables/", "parameters/", "facts/")):
            assert compare_bundles(starter(), gone), file


@pytest.mark.parametrize(("accounts", "says"), [(0, "nothing"), (15, "18%"), (299, "1%")])
def test_a10_02_how_rare_a_change_may_be_is_said(accounts: int, says: str) -> None:
    assert says in describe_unseen(accounts)


def test_a10_02_what_few_meet_takes_somebodys_word() -> None:
    from mos.policy.power import find_rare, find_unreached  # noqa: PLC0415  only here

    reach = (
        Reach(what="a#b", decisions=3, accounts=1),
        Reach(what="c#d"),
        Reach(what="", decisions=9, accounts=9),
    )

    assert list(find_rare(reach, starter())) == ["a#b meets 1 account (3 decisions), 5 are wanted"]
    assert list(find_unreached(reach)) == ["no recorded or simulated lead meets c#d"]
