"""`mos policy import-jdm` and `export-jdm`: GoRules' open JSON Decision Model, there and back."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.bundle import POLICIES, Folder
from cli.output import AsJson, finish
from cli.refusal import bad_input
from mos.policy.bundle.bundle import read_folder
from mos.policy.jdm.dump import model_of
from mos.policy.jdm.load import page_of
from mos.policy.table.literal import parse_toml
from mos.policy.table.page import parse_table
from mos.policy.table.write import written_page


def import_jdm(
    model: Annotated[Path, typer.Argument(help="A JSON Decision Model.")],
    out: Annotated[Path, typer.Argument(help="The TOML page to write.")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Write the decision table of a model as a page. What it cannot say is refused by name."""
    with bad_input():
        page = page_of(model.read_text(encoding="utf-8"))
        text = written_page(page)
        table = parse_table(out.stem, str(out), parse_toml(str(out), text))
        out.write_text(text, encoding="utf-8")
    data = {"file": str(out), "rows": len(table.rows), "hit": table.hit.value}
    finish(data, [f"{out}: {len(table.rows)} rows"], as_json=as_json, found=False)


def export_jdm(
    table: Annotated[str, typer.Argument(help="A table of the bundle, or a TOML file.")],
    out: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    folder: Annotated[Path, Folder] = POLICIES,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Write a table as a JSON Decision Model, which GoRules' editor opens and its engine runs."""
    with bad_input():
        path = Path(table)
        if path.suffix == ".toml" and path.is_file():
            page = parse_toml(str(path), path.read_text(encoding="utf-8"))
            sheet = path.with_suffix(".csv")
            rows = sheet.read_text(encoding="utf-8") if sheet.is_file() else None
            found = parse_table(path.stem, str(path), page, rows)
            skeleton = page.get("jdm")
        else:
            bundle = read_folder(folder)
            found = bundle.page(table)
            skeleton = bundle.settings(f"tables/{table}.toml").get("jdm")
        text = json.dumps(model_of(found, skeleton), indent=2, ensure_ascii=False) + "\n"
        out.write_text(text, encoding="utf-8")
    data = {"file": str(out), "rows": len(found.rows)}
    finish(data, [f"{out}: {len(found.rows)} rules"], as_json=as_json, found=False)
