"""The files that the guide shows can be copied as they stand."""

import re
from datetime import date
from pathlib import Path

import pytest

from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import challenges
from mos.policy.check import NOTE
from mos.policy.examine import examine
from mos.policy.nominate import heard
from tests.builders import starter

GUIDE = Path(__file__).parents[3] / "docs" / "experiments.md"
SHOWN = {
    path: (text, bool(added))
    for path, added, text in re.findall(
        r"^`policies/(\S+\.toml)`(, added at its end)?\n\n```toml\n(.*?)^```$",
        GUIDE.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
}
STARTS = date(2026, 12, 1)


def copied(*paths: str) -> Bundle:
    """Return the starter bundle with these files of the guide in it."""
    texts = {}
    for path in paths:
        text, added = SHOWN[path]
        texts[path] = (f"{starter().text(path)}\n{text}" if added else text).encode()
    return Bundle(starter().files | texts)


def test_every_example_in_the_guide_names_its_file() -> None:
    assert len(SHOWN) == GUIDE.read_text(encoding="utf-8").count("```toml") == 4


@pytest.mark.parametrize("path", SHOWN)
def test_a_file_of_the_guide_is_accepted(path: str) -> None:
    assert [f for f in examine(copied(path), STARTS) if f["level"] != NOTE] == []


def test_the_guides_files_do_what_it_says_together() -> None:
    bundle = copied(*SHOWN)

    [challenge] = challenges(bundle)
    [held] = [one for one in bundle.holdouts if one.name == "nurture_holdout"]
    [limit] = [one for one in bundle.constraints if one.name == "executive_time"]
    group = {"account.icp_tier": "strong", "group.stage": "pipeline"}
    assert (challenge.draws_by, challenge.challenger[0].percent) == ("patience-1", 20)
    assert (challenge.starts, challenge.ends) == (STARTS, date(2027, 2, 28))
    assert (held.issue, held.percent) == ("nurture", 10)
    assert (limit.at_most, limit.hours) == (5, 168)
    assert (heard(group, bundle).lift, heard(group, starter()).is_asked) == (0.1, False)
