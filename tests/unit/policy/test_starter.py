"""The starter pack hangs together, and is honest about who reads it."""

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from mos.policy.bundle.parameter import CODE
from mos.policy.check import ERROR
from mos.policy.checks import broken_reference, lost_office, missing_output
from mos.policy.examine import examine
from tests.builders import changed, starter

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 2)


def source() -> str:
    """Return our code, and the tables that name parameters."""
    listed = subprocess.run(
        ["git", "ls-files", "functions", "shared", "cli", "lab"],  # noqa: S607  git as found
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    code = "".join((ROOT / f).read_text() for f in listed if f.endswith(".py"))
    return code + "".join(starter().text(f) for f in starter().files if f.startswith("tables/"))


def test_a_company_could_begin_with_it() -> None:
    actions = [a for a in starter().actions.values() if a.touches]
    channels = {t.channel for a in actions for t in a.treatments}

    assert len(actions) >= 12
    assert len(channels) >= 7
    assert len(starter().parameters) >= 300
    assert not [f for f in examine(starter(), TODAY) if f["level"] == ERROR]


def test_a_parameter_says_truly_whether_code_reads_it() -> None:
    text = source()
    words = set(re.findall(r"[a-z][a-z0-9_]+", text))
    # Stages are listed per level, and thresholds per kind of match: their names are put together.
    made = {
        f"{level}_{end}" for level in ("account", "group", "person") for end in ("order", "aside")
    }
    made |= {f"person_{end}" for end in ("match_threshold", "review_threshold")}

    for name, parameter in starter().parameters.items():
        read = name in words | made if parameter.read_by == CODE else f'"{name}"' in text
        assert read is (parameter.read_by == CODE), name


@pytest.mark.parametrize(
    ("page", "old", "new", "said"),
    [
        ("tables/routing/route.toml", '"pool_bdr"', '"pool_xyz"',
         "row qualified_meeting: nobody is in pool_xyz: name it in `pools` of routing/reps"),
        ("tables/routing/reps.csv", "pool_ae_public", "",
         "row us_public: nobody is in pool_ae_public: name it in `pools` of routing/reps"),
        ("tables/routing/reps.csv", "bdr,pool_bdr,austin", "bdr,pool_bdr,paris",
         "bdr-novak: paris is not in routing/offices"),
        ("tables/routing/offices.csv", "18:00,berlin", "18:00,bavaria",
         "row berlin: bavaria is not in routing/holidays"),
        ("tables/routing/regions.toml", 'office = "berlin"', 'office = "berln"',
         "row dach: berln is not in routing/offices"),
        ("tables/routing/holidays.csv", "us,20261126", "us,20261350",
         "row us_20261126: 20261350 is no day"),
        ("tables/routing/reps.csv", "hubspot:88800102", "hubspot:88800101",
         "hubspot:88800101 is the id of two reps"),
        ("tables/routing/out_of_office.csv", "ae-marsh,2026", "ae-nobody,2026",
         "ae-nobody is not in routing/reps"),
        ("tables/routing/named_accounts.csv", "hooli.example", "www.Hooli.example",
         "www.Hooli.example is not a company's own domain: write hooli.example"),
        ("tables/routing/reps.csv", "ae-olsen,ae,", "ae-olsen,AE,",
         "row olsen: team is 'AE': it is one of ae, bdr, marketing, lead"),
        ("tables/routing/reps.csv", "austin,,,,2,40", "austin,,,,-2,40",
         "row olsen: weight is -2: it is 0 at least"),
        ("tables/lifecycle/sla.toml", "minutes = 5, ", "",
         "row mql_first_touch: minutes is missing: every row states it"),
        ("tables/lifecycle/sla.toml", 'counts = "always"', 'counts = "allways"',
         "row qualified_to_deal: counts is 'allways': it is one of working, always"),
        ("tables/contact/limits.toml", "at_most = 4, ", "",
         "row group_week: at_most is missing: every row states it"),
        ("tables/routing/offices.csv", "Europe/Berlin", "Europe/Berlyn",
         "berlin: 'Europe/Berlyn' is no time zone, such as Europe/Berlin"),
        ("tables/routing/offices.csv", "08:30-18:00", "8h30-18h",
         "berlin: 'Mon-Fri 8h30-18h': write hours as `Mon-Fri 08:30-18:00`, or `always`"),
        ("parameters/sales.toml", '"ae-tanaka", "ae-marsh"', '"ae-new"',
         "pool_ae: ae-new is not in routing/reps"),
        ("tables/routing/named_accounts.csv", "ae-marsh", "ae-who",
         "row hooli: ae-who is not in routing/reps"),
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere_is_found(page: str, old: str, new: str, said: str) -> None:
    text = starter().text(page)
    assert old in text
    bundle = changed()
    bundle.files[page] = text.replace(old, new, 1).encode()

    made = type(bundle)(bundle.files)
    checks = (broken_reference, lost_office, missing_output)
    assert said in [flaw.detail for check in checks for flaw in check.find(made, TODAY)]
