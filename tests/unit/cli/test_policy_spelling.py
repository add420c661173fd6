"""`mos policy check` says which words nothing gives, and which one was probably meant."""

from pathlib import Path

import pytest

from tests.commands import added, edited, mos, told

ROUTE = "tables/routing/route.toml"


def spelled(folder: Path) -> list[tuple[str, str, str]]:
    found = told("check", "--bundle", folder)["findings"]
    return [(f["level"], f["file"], f["detail"]) for f in found if f["kind"] == "spelling"]


@pytest.mark.parametrize(
    ("level", "file", "was", "now", "said"),
    [
        ("error", ROUTE, '"pipeline"', '"pipelin"', "group.stage: nothing gives 'pipelin': did"),
        ("error", ROUTE, '"strong"', '"stong"', "account.icp_tier: nothing gives 'stong': did"),
        ("error", "tables/routing/sla.toml", '"ae"', '"ea"', "route.to: nothing gives 'ea'"),
        ("error", "tables/lifecycle/recycle.toml", '"mqa"', '"mqaa"', "subject.stage: nothing"),
        ("error", "tables/lifecycle/crm_stage.toml", 'stage = "sal"', 'stage = "sall"', "'sall'"),
        (
            "warning",
            "tables/gates/applicability.toml",
            'not = ["enterprise"]',
            'not = ["enterprize"]',
            "column account.segment: nothing gives 'enterprize': did you mean 'enterprise'?",
        ),
        (
            "warning",
            "tables/gates/suitability+legal.toml",
            '"action.group" = "post"',
            '"action.group" = "pots"',
            "column action.group: nothing gives 'pots': did you mean 'post'?",
        ),
    ],
)
def test_a_cell_that_asks_for_what_nothing_gives_is_named(
    tmp_path: Path, level: str, file: str, was: str, now: str, said: str
) -> None:
    folder = edited(tmp_path, file, was, now)

    found = spelled(folder)

    assert [(f[0], f[1]) for f in found] == [(level, file)]
    assert found[0][2].startswith("row ")
    assert said in found[0][2]


@pytest.mark.slow
def test_an_output_that_one_row_alone_spells_so_is_asked_about(tmp_path: Path) -> None:
    row = '\n[[row]]\nid = "new"\nwhy = "A test."\nthen = { to = "bdrr", pool = "pool_bdr" }\n'

    found = spelled(added(tmp_path, ROUTE, row))

    assert found == [
        ("warning", ROUTE, "row new: to is 'bdrr' in this row alone: did you mean 'bdr'?")
    ]


def test_a_stage_that_the_business_adds_can_be_asked_for(tmp_path: Path) -> None:
    folder = edited(
        tmp_path, "parameters/lifecycle.toml", '["forming", "engaged"', '["forming", "enganged"'
    )

    done = mos("check", "--bundle", folder)

    assert "nothing gives 'engaged': did you mean 'enganged'?" in done.stdout
