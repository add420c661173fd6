"""Row A.4.11: a champion and its challengers, each account with one of them for good."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.decide import Known, decide
from functions.decisioning.replay import replay
from functions.policy.permit import permit
from mos.errors import BundleError
from mos.model.challenge import CHAMPION, Challenge, Challenger
from mos.model.decision import PersonFacts
from mos.model.past import Past
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import assign, challenges, seen_by
from mos.policy.check import ERROR
from mos.policy.examine import examine
from tests.builders import NOON, changed, starter, without_holdout
from tests.property.steps import placed
from tests.property.worlds import modest

PAGE = """why = "Do we wait too rarely?"
owner = "growth"
[[challenger]]
name = "patient"
why = "A business case takes weeks to write."
percent = 20
[challenger.parameters]
wait_discount = 0.9
wait_half_life_hours = 720
"""
ACCOUNTS = [f"acc_{number}" for number in range(4000)]
shares = st.lists(st.floats(0.1, 100), min_size=1, max_size=4).map(
    lambda percents: [p / len(percents) for p in percents]
)
accounts = st.lists(st.text(max_size=12), max_size=60)


def trying(page: str = PAGE, **others: str) -> Bundle:
    pages = {"patience": page} | others
    texts = {f"challenges/{name}.toml": text.encode() for name, text in pages.items()}
    return Bundle(without_holdout().files | texts)


def of_shares(percents: list[float]) -> Challenge:
    settings: dict[str, float] = {"wait_discount": 0.9}
    return Challenge(
        name="c", why="w", owner="o",
        challenger=tuple(
            Challenger(name=f"c{number}", why="w", percent=percent, parameters=dict(settings))
            for number, percent in enumerate(percents)
        ),
    )  # fmt: skip


def arms(bundle: Bundle) -> dict[str, str]:
    return {account: assign(account, NOON, bundle)[0].arm for account in ACCOUNTS}


def names(challenge: Challenge, accounts: list[str]) -> list[str | None]:
    drawn = [challenge.drawn(account) for account in accounts]
    return [one.name if one else None for one in drawn]


@pytest.mark.slow
def test_a4_11_an_account_stays_with_its_arm_whatever_else_is_changed() -> None:
    parameters = starter().text("parameters/decisioning.toml").replace("value = 72", "value = 48")
    other = trying(another=PAGE.replace("wait_discount = 0.9\nwait_half_life_hours = 720",
                                        "exploration_gamma = 500"))  # fmt: skip
    busy = Bundle(other.files | {"parameters/decisioning.toml": parameters.encode()})

    before = arms(trying())

    assert busy.digest != trying().digest
    assert {a: {one.challenge: one.arm for one in assign(a, NOON, busy)}["patience"]
            for a in ACCOUNTS} == before  # fmt: skip
    assert {a: assign(a, NOON + timedelta(days=400), trying())[0].arm for a in ACCOUNTS} == before


def test_a4_11_shares_are_as_stated_and_another_salt_draws_other_accounts() -> None:
    patient = {a for a, arm in arms(trying()).items() if arm == "patient"}
    anew = {a for a, arm in arms(trying('salt = "2027"\n' + PAGE)).items() if arm == "patient"}

    # Of 4,000 accounts 800 are expected, with a standard deviation of 25; in both, 160 and 12.
    assert len(patient) == pytest.approx(800, abs=100)
    assert len(patient & anew) == pytest.approx(160, abs=50)


@pytest.mark.slow
@modest(80)
@given(shares, st.integers(0, 3), accounts)
def test_a4_11_a_challenger_grows_out_of_the_champion_alone(
    percents: list[float], which: int, accounts: list[str]
) -> None:
    number = which % len(percents)
    wider = [100 / len(percents) if n == number else p for n, p in enumerate(percents)]

    before, after = names(of_shares(percents), accounts), names(of_shares(wider), accounts)

    for was, now in zip(before, after, strict=True):
        assert now == was or (was, now) == (None, f"c{number}")


@pytest.mark.slow
def test_a4_11_the_probability_of_every_arm_is_recorded_and_they_add_up_to_one() -> None:
    found = {(one.arm, one.probability) for a in ACCOUNTS for one in assign(a, NOON, trying())}

    assert found == {("patient", 0.2), (CHAMPION, 0.8)}


def test_a4_11_a_challenger_decides_by_its_settings_under_the_same_digest() -> None:
    bundle = trying()
    by_arm = {arm: account for account, arm in arms(bundle).items()}
    reader = PersonFacts(person_id="per_1", facts={
        "person.known": True, "person.reachable_by_email": True, "person.engagement": 20.0,
        "person.consents": ("email_marketing",),
    })  # fmt: skip
    group = {"account.is_company": True, "group.stage": "engaged", "account.stage": "engaged"}
    full = Past(used={"grp_1#any#168h": 4}, opens={"grp_1#any#168h": 24.0})

    said = {}
    for arm, account in by_arm.items():
        event = permit(placed([reader], dict(group)), bundle)
        event = event.model_copy(update={"account_id": account, "bundle": bundle.digest})
        decision = decide(event, Known(full, ()), bundle)
        assert replay(decision, bundle).canonical() == decision.canonical()
        assert (decision.bundle, decision.challenges[0].arm) == (bundle.digest, arm)
        said[arm] = max(c.priority or 0.0 for c in decision.candidates if c.action == "wait_until")

    assert said["patient"] > 5 * said[CHAMPION] > 0
    assert seen_by(assign(by_arm[CHAMPION], NOON, bundle), bundle) is bundle


def test_a4_11_who_is_left_alone_is_decided_on_by_nobodys_settings() -> None:
    path = "parameters/decisioning.toml"
    alone = starter().text(path).replace("value = 5\n", "value = 100\n")
    event = permit(placed([], {}), trying())

    decision = decide(event, Known(Past(), ()), Bundle(trying().files | {path: alone.encode()}))

    assert (decision.held_out, decision.challenges) == (True, ())


def test_a4_11_what_follows_a_parameter_follows_a_challenger_too() -> None:
    extra = '\n[follower]\nsame_as = "wait_discount"\nunit = "1"\nowner = "o"\nwhy = "w"\nreview_by = 2027-05-01\n'  # noqa: E501  a page
    page = "parameters/decisioning.toml"
    base = Bundle(trying().files | {page: (starter().text(page) + extra).encode()})
    patient = next(a for a, arm in arms(trying()).items() if arm == "patient")

    view = seen_by(assign(patient, NOON, base), base)

    assert (view.number("wait_discount"), view.number("follower")) == (0.9, 0.9)
    assert (base.number("wait_discount"), base.number("follower")) == (0.1, 0.1)


def test_a4_11_nobody_takes_part_before_it_starts_or_after_it_ends() -> None:
    day = NOON.date()
    dated = trying(f"starts = {day}\nends = {day}\n" + PAGE)

    assert assign("acc_1", NOON, dated)
    assert not assign("acc_1", NOON - timedelta(days=1), dated)
    assert not assign("acc_1", NOON + timedelta(days=1), dated)
    assert not challenges(starter())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("percent = 20", "percent = 120", "challenger.0.percent: Input should be less than"),
        ("percent = 20", 'percent = "many"', "challenger.0.percent: Input should be a valid numb"),
        ('name = "patient"', 'name = "champion"', "the champion is how the bundle stands"),
        ('owner = "growth"\n', "", "owner: Field required"),
        ('owner = "growth"', 'owner = "g"\nstarts = 2027-02-01\nends = 2027-01-01',
         "it ends on 2027-01-01, before it starts"),
        ("wait_discount", "wait_discont", "challenger patient: wait_discont is not stated"),
        ("wait_discount = 0.9", "wait_discount = true",
         "challenger patient: wait_discount is a number, found True"),
        ("wait_discount = 0.9", "wait_discount = 0.1",
         "challenger patient: wait_discount is 0.1 for the champion, too"),
        ("wait_discount = 0.9", "holdout_percent = 1",
         "challenger patient: holdout_percent says who is left alone"),
        ("wait_discount = 0.9", "experiment_days_least = 20",
         "challenger patient: experiment_days_least is read by people: growth analytics"),
    ],
)  # fmt: skip
def test_a4_11_a_wrong_page_names_its_file_and_what_was_expected(
    old: str, new: str, said: str
) -> None:
    assert old in PAGE

    found = examine(trying(PAGE.replace(old, new)), date(2026, 11, 2))

    wrong = [one for one in found if one["level"] == ERROR]
    assert [one["file"] for one in wrong] == ["challenges/patience.toml"]
    assert wrong[0]["detail"].startswith(said)


@pytest.mark.slow
def test_a4_11_two_challengers_share_the_line_and_two_challenges_no_setting() -> None:
    two = PAGE + PAGE[PAGE.index("[[challenger]]") :].replace('"patient"', '"hasty"')
    wide = two.replace("percent = 20", "percent = 60", 1)
    rival = trying(rival='salt = "patience"\n' + PAGE)
    later = trying(PAGE.replace("why", "ends = 2026-12-31\nwhy", 1),
                   rival=PAGE.replace("why", "starts = 2027-01-01\nwhy", 1))  # fmt: skip

    def wrong(bundle: Bundle) -> list[str]:
        found = examine(bundle, date(2026, 11, 2))
        return [f"{f['file']}: {f['detail']}" for f in found if f["level"] == ERROR]

    assert wrong(trying(two)) == wrong(later) == wrong(changed()) == []
    most = "challenger patient: each of 2 can have 50 percent at most, found 60"
    assert wrong(trying(wide)) == [f"challenges/patience.toml: {most}"]
    assert wrong(rival)[0].startswith("challenges/rival.toml: draws the same accounts as patience")
    assert "challenges/rival.toml: sets wait_discount, as patience does" in wrong(rival)[1]
    with pytest.raises(BundleError):
        challenges(trying(wide))
