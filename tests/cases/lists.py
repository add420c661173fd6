"""Read a list as a dry run does: its bytes and a name in, what would come of it out."""

from datetime import timedelta
from typing import Any

from functions.webhook.list_door import rehearse_door
from mos.identity.lists import plan
from mos.identity.lists.dry_run import describe_import, tell_people
from mos.identity.lists.sheet import Sheet, open_sheet
from mos.identity.rules import rules_of
from mos.model.signal import Provenance, Signal
from tests.builders import NOON, starter

SECOND = Provenance.SECOND_PARTY


def open_list(raw: bytes | str, name: str = "fair.csv", **mapped: str) -> Sheet:
    body = raw.encode() if isinstance(raw, str) else raw
    return open_sheet(body, name, mapped, NOON)


def read_plan(
    sheet: Sheet, uploaded: str = "fair", provenance: Provenance = SECOND
) -> plan.ListPlan:
    door = rehearse_door(uploaded, provenance, NOON + timedelta(hours=1))
    return plan.read_rows(sheet, door, provenance, rules_of(starter()), NOON)


def dry(
    raw: bytes | str,
    mapped: dict[str, str] | None = None,
    name: str = "fair.csv",
    provenance: Provenance = SECOND,
) -> dict[str, Any]:
    """Return what a dry run says of a list, as JSON would."""
    sheet = open_list(raw, name, **(mapped or {}))
    made = read_plan(sheet, name.removesuffix(".csv"), provenance)
    return describe_import(sheet, made, {}, None)


def signals(
    raw: bytes | str, uploaded: str = "fair", provenance: Provenance = SECOND, **mapped: str
) -> list[Signal]:
    made = read_plan(open_list(raw, **mapped), uploaded, provenance)
    return [row.signal for row in made.rows]


def people(raw: bytes | str) -> list[str]:
    return tell_people(read_plan(open_list(raw)))


def effect(heading: str) -> str:
    """Return what a column of this heading does, beside a mailbox."""
    columns = dry(f"Email,{_quoted(heading)}\nada@b.example,x\n")["columns"]
    return str(columns[1]["effect"])


def answers(heading: str, cell: str) -> dict[str, str]:
    """Return what one cell under one heading says of consent."""
    described = dry(f"Email,{_quoted(heading)}\nada@b.example,{_quoted(cell)}\n")
    fields = described["rows"][0]["fields"]
    return {k.removeprefix("consent:"): v for k, v in fields.items() if k.startswith("consent:")}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
