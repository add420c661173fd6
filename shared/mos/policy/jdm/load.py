"""From a JSON Decision Model to a table's page. What cannot be said is refused by name."""

import json
import re
from typing import Any

from mos.policy.jdm.cell import CellRefusedError, read_typed, read_words
from mos.policy.table.condition import CellError, ColumnType, parse

Page = dict[str, Any]
DEFAULT = "mos:default"
_PLAIN = {"inputNode", "outputNode", "decisionTableNode"}
_HITS = {"first": "first", "collect": "all"}
_NAME = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$")
_DIGITS = re.compile(r"^-?\d(?:_?\d)*(?:\.\d+)?$")
_TYPES = (
    (bool, ColumnType.BOOLEAN), (int, ColumnType.NUMBER), (float, ColumnType.NUMBER),
    (str, ColumnType.TEXT), (list, ColumnType.SET),
)  # fmt: skip


class RefusedError(ValueError):
    """The model holds something that a table of ours cannot say; the text names it."""


def page_of(text: str) -> Page:
    """Return the page that says what a model's decision table says.

    All that is not a rule (ids, names, places on the canvas) is kept as it is in `jdm`.

    Raises:
        RefusedError: names the node, the rule and the column that cannot be said.
    """
    model = _model(text)
    node = _only_table(model)
    content = node["content"]
    _refuse_what_changes_the_input(node)
    inputs = _fields(node, "inputs")
    outputs = _fields(node, "outputs")
    ours = content.get("mos", {})
    rows, types = _rows(node, inputs, outputs, ours)
    skeleton = json.loads(json.dumps(model))
    for kept in skeleton["nodes"]:
        if kept.get("id") == node.get("id"):
            kept["content"].pop("mos", None)
            kept["content"]["rules"] = _originals(content["rules"], inputs, outputs)
    return {
        "why": ours.get("why")
        or f"Imported from the decision table {node.get('name', node['id'])}.",
        "hit": ours.get("hit", _HITS[content.get("hitPolicy", "first")]),
        **{key: ours[key] for key in ("owner", "unknown", "single") if key in ours},
        "jdm": json.dumps(skeleton, ensure_ascii=False),
        "columns": ours.get("columns") or {f: types[f].value for f in inputs.values()},
        "outputs": ours.get("outputs") or {f: types[f].value for f in outputs.values()},
        **({"default": ours["default"]} if "default" in ours else {}),
        "row": rows,
        **({"example": ours["examples"]} if ours.get("examples") else {}),
    }


def _model(text: str) -> dict[str, Any]:
    try:
        model = json.loads(text)
    except ValueError as error:
        raise RefusedError(f"not JSON: {error}") from None
    if not isinstance(model, dict) or not isinstance(model.get("nodes"), list):
        raise RefusedError("not a decision model: it has no list of nodes")
    return model


def _only_table(model: dict[str, Any]) -> dict[str, Any]:
    for node in model["nodes"]:
        if node.get("type") not in _PLAIN:
            raise RefusedError(f"node {node.get('name')!r} is a {node.get('type')}")
    tables = [n for n in model["nodes"] if n["type"] == "decisionTableNode"]
    if len(tables) != 1:
        names = ", ".join(repr(n.get("name")) for n in tables) or "none"
        raise RefusedError(f"expected one decision table, found {len(tables)}: {names}")
    content = tables[0].get("content")
    if not isinstance(content, dict) or not isinstance(content.get("rules"), list):
        raise RefusedError(f"node {tables[0].get('name')!r} has no rules")
    if content.get("hitPolicy", "first") not in _HITS:
        raise RefusedError(f"hit policy {content['hitPolicy']!r}: expected first or collect")
    found: dict[str, Any] = tables[0]
    return found


def _refuse_what_changes_the_input(node: dict[str, Any]) -> None:
    content = node["content"]
    for key, harmless in (("inputField", None), ("outputPath", None), ("executionMode", "single")):
        if content.get(key) not in (harmless, None, ""):
            raise RefusedError(f"node {node.get('name')!r}: {key} = {content[key]!r}")


def _fields(node: dict[str, Any], key: str) -> dict[str, str]:
    """Return the column's field by its id."""
    found: dict[str, str] = {}
    for column in node["content"].get(key, []):
        name = column.get("name") or column.get("id")
        if not column.get("field"):
            raise RefusedError(f"{key[:-1]} {name!r} has no field: its cells are whole expressions")
        if column.get("defaultValue") not in (None, ""):
            raise RefusedError(
                f"{key[:-1]} {name!r} has a default value {column['defaultValue']!r}"
            )
        _refuse_what_is_worked_out(key[:-1], column)
        if column["field"] in found.values():
            raise RefusedError(f"two {key} have the field {column['field']!r}")
        found[column["id"]] = column["field"]
    return found


def _refuse_what_is_worked_out(what: str, column: dict[str, Any]) -> None:
    """Refuse a column whose field is no name: it would never get a fact, or an answer.

    Raises:
        RefusedError: it names the column and what stands there.
    """
    name, field = column.get("name") or column.get("id"), str(column["field"])
    if _NAME.match(field):
        return
    if what == "output" and _NAME.match(field.removesuffix("[]")):
        raise RefusedError(f"output {name!r} appends to a list: {field}. A row says one value")
    raise RefusedError(f"{what} {name!r} is worked out: {field}. Expected the name of a fact")


def _rows(
    node: dict[str, Any], inputs: dict[str, str], outputs: dict[str, str], ours: dict[str, Any]
) -> tuple[list[Page], dict[str, ColumnType]]:
    types: dict[str, ColumnType] = {}
    rows = []
    for number, rule in enumerate(node["content"]["rules"], 1):
        row_id = str(rule.get("_id") or number)
        where = f"rule {row_id}"
        if strange := sorted(k for k in rule if k not in {*inputs, *outputs} and k[:1] != "_"):
            raise RefusedError(f"{where}: {strange[0]!r} is no column")
        row: Page = {
            "id": row_id,
            "when": _when(where, rule, inputs, types, ours.get("columns", {})),
            "then": _then(where, rule, outputs, types),
        }
        if rule.get("_description"):
            row["why"] = str(rule["_description"])
        if owner := ours.get("owners", {}).get(row_id):
            row["owner"] = owner
        if row_id != DEFAULT or not ours.get("default"):
            rows.append(row)
    return rows, dict.fromkeys((*inputs.values(), *outputs.values()), ColumnType.TEXT) | types


def _when(
    where: str,
    rule: dict[str, Any],
    inputs: dict[str, str],
    types: dict[str, ColumnType],
    stated: dict[str, str],
) -> Page:
    found = {}
    for column, field in inputs.items():
        text = str(rule.get(column) or "").strip()
        if text in ("", "-"):
            continue
        kind_of_cell, found[field] = _cell(where, field, text)
        _typed(types, where, field, kind_of_cell)
        kind = ColumnType(stated.get(field, types.get(field, ColumnType.TEXT)))
        _checked(where, field, kind, found[field])
    return found


def _then(
    where: str, rule: dict[str, Any], outputs: dict[str, str], types: dict[str, ColumnType]
) -> Page:
    found = {}
    for column, field in outputs.items():
        if text := str(rule.get(column) or "").strip():
            found[field] = _output(where, field, text)
            kind = next(k for t, k in _TYPES if isinstance(found[field], t))
            _typed(types, where, field, kind)
    return found


def _cell(where: str, field: str, text: str) -> tuple[ColumnType | None, Any]:
    try:
        return read_typed(text)
    except CellRefusedError as error:
        raise RefusedError(f"{where}, column {field}: {error}") from None


def _checked(where: str, field: str, kind: ColumnType, cell: Any) -> None:  # noqa: ANN401  any TOML value
    try:
        parse(kind, cell)
    except CellError as error:
        raise RefusedError(f"{where}, column {field}: {error}") from None


def _typed(seen: dict[str, ColumnType], where: str, field: str, kind: ColumnType | None) -> None:
    if kind is not None and seen.setdefault(field, kind) is not kind:
        raise RefusedError(f"{where}, column {field}: a {kind}, where others are {seen[field]}s")


def _output(where: str, field: str, text: str) -> Any:  # noqa: ANN401  any output
    try:
        value = json.loads(text)
    except ValueError:
        if (words := read_words(text)) is not None:
            return words
        if _DIGITS.match(text):
            return json.loads(text.replace("_", ""))
        raise RefusedError(f"{where}, output {field}: an expression, not a value: {text}") from None
    if isinstance(value, dict) or value is None:
        raise RefusedError(f"{where}, output {field}: expected a plain value, found {text}")
    return value


def _originals(
    rules: list[dict[str, Any]], inputs: dict[str, str], outputs: dict[str, str]
) -> list[dict[str, Any]]:
    """Return each rule as it was written: an unchanged row goes out again to the letter."""
    return [
        {k: v for k, v in rule.items() if k in {*inputs, *outputs} or k[:1] == "_"}
        for rule in rules
    ]
