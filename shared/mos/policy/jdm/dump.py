"""From a table to a JSON Decision Model, which GoRules' editor opens and its engine runs."""

import json
from typing import Any

from mos.policy.jdm.cell import CellRefusedError, read, write
from mos.policy.jdm.load import DEFAULT, RefusedError
from mos.policy.table.condition import CellError, ColumnType, Condition, parse
from mos.policy.table.table import DecisionTable, Hit, Row

Model = dict[str, Any]
_HITS = {Hit.FIRST: "first", Hit.ALL: "collect"}


def model_of(table: DecisionTable, skeleton: str | None = None) -> Model:
    """Return the model; `skeleton` is the one that the table was once imported from.

    What the model has no word for (examples, why, a default, types of columns) stands in
    `content.mos`, which other programs pass over.

    Raises:
        RefusedError: a deny-overrides table, or a default of a table where all rows decide.
    """
    if table.hit not in _HITS:
        raise RefusedError(f"{table.file}: hit policy {table.hit.value} has no word in the model")
    if table.hit is Hit.ALL and table.default:
        raise RefusedError(
            f"{table.file}: a default where all rows decide has no word in the model"
        )
    model: Model = json.loads(skeleton) if skeleton else _empty(table)
    node = next(n for n in model["nodes"] if n["type"] == "decisionTableNode")
    content = node["content"]
    originals = {str(r.get("_id") or i): r for i, r in enumerate(content.get("rules", []), 1)}
    inputs = _columns(content, "inputs", table.columns)
    outputs = _columns(content, "outputs", table.outputs)
    content["rules"] = [
        _rule(row, originals.get(row.id, {}), inputs, outputs, table) for row in table.rows
    ]
    if table.default:
        last = Row(DEFAULT, {}, table.default, "Where no other row holds.")
        content["rules"].append(_rule(last, originals.get(DEFAULT, {}), inputs, outputs, table))
    content["hitPolicy"] = _HITS[table.hit]
    ours = _ours(table)
    if not skeleton or ours != _imported(table, node):
        content["mos"] = ours
    return model


def _rule(
    row: Row,
    original: dict[str, Any],
    inputs: dict[str, str],
    outputs: dict[str, str],
    table: DecisionTable,
) -> dict[str, Any]:
    """Return a row as a rule: cells that say the same as before stay as they were written."""
    rule = dict(original) or {"_id": row.id}
    for field, column in inputs.items():
        before = str(original.get(column) or "")
        if not _same(before, table.columns[field], row.when.get(field)):
            condition = row.when.get(field)
            of_set = table.columns[field] is ColumnType.SET
            rule[column] = write(condition, of_set=of_set) if condition else ""
        elif not original:
            rule[column] = ""
    for field, column in outputs.items():
        text = json.dumps(row.then[field], ensure_ascii=False) if field in row.then else ""
        if not original or not _equal(str(original.get(column) or ""), text):
            rule[column] = text
    if row.why and row.why != rule.get("_description"):
        rule["_description"] = row.why
    return rule


def _same(text: str, kind: ColumnType, condition: Condition | None) -> bool:
    if text.strip() in ("", "-"):
        return condition is None
    try:
        return parse(kind, read(text)) == condition
    except (CellRefusedError, CellError):
        return False


def _equal(one: str, other: str) -> bool:
    if one.strip() == other.strip():
        return True
    try:
        return bool(json.loads(one.replace("'", '"')) == json.loads(other))
    except ValueError:
        return False


def _columns(content: Model, key: str, stated: dict[str, ColumnType]) -> dict[str, str]:
    """Return each field's column id, having added the columns that are new."""
    known = {c["field"]: c["id"] for c in content.setdefault(key, [])}
    for field in stated:
        if field not in known:
            known[field] = f"{key[:-1]}:{field}"
            content[key].append({"id": known[field], "name": field, "field": field})
    return known


def _empty(table: DecisionTable) -> Model:
    first, second, third = ({"x": x, "y": 0} for x in (0, 300, 600))
    content = {"hitPolicy": "first", "rules": []}
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "name": "facts", "type": "inputNode", "position": first},
            {
                "id": "table", "name": table.name, "type": "decisionTableNode",
                "position": second, "content": content,
            },
            {"id": "out", "name": "answer", "type": "outputNode", "position": third},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip


def _ours(table: DecisionTable) -> Model:
    found: Model = {
        "why": table.why,
        "hit": table.hit.value,
        "columns": {name: kind.value for name, kind in table.columns.items()},
        "outputs": {name: kind.value for name, kind in table.outputs.items()},
    }
    if table.states_default:
        found["default"] = table.default
    if table.owner:
        found["owner"] = table.owner
    if table.deny_unknown:
        found["unknown"] = "deny"
    if table.single:
        found["single"] = list(table.single)
    if table.examples:
        found["examples"] = [{"given": e.given, "expect": e.expect} for e in table.examples]
    if owners := {row.id: row.owner for row in table.rows if row.owner}:
        found["owners"] = owners
    return found


def _imported(table: DecisionTable, node: Model) -> Model:
    """Return what `mos` would be if nothing had been added since the import."""
    plain = _ours(table)
    name = node.get("name", node["id"])
    return {
        "why": f"Imported from the decision table {name}.",
        "hit": table.hit.value,
        "columns": plain["columns"],
        "outputs": plain["outputs"],
    }
