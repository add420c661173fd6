"""Read the business: actions, tables, facts, parameters, prompts, experiments, agents."""

from collections.abc import Container, Iterator
from typing import Any, Literal

from pydantic import Field

from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.policy_search import find_pages
from functions.agent.policy_source import Source, list_readable, open_bundle
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MissingError
from mos.model.base import Noun
from mos.model.view import Block, Rows, Said
from mos.policy.bundle.bundle import Bundle

Kind = Literal[
    "any", "actions", "tables", "facts", "parameters", "prompts", "experiments", "agents"
]
_FOLDERS = {"facts": ".toml", "prompts": ".md", "experiments": ".toml", "agents": ".toml"}
_MOST_TEXT = 20_000
_OTHERWISE = "default"
_READ = {"action", "parameter", "table", "fact", "row"}


class ReadPolicyQuestion(Noun):
    """What to read; without a name, what there is."""

    name: str = Field(
        default="",
        max_length=120,
        description="A table such as routing/route, a row such as routing/route#ready, a declared "
        "fact, a parameter, an action, or a page's name.",
    )
    kind: Kind = Field(default="any", description="Only of this kind.")
    bundle: Source = ""
    most: int = Field(default=60, ge=1, le=500, description="How many to list.")
    skip: Skip = 0


class Page(Noun):
    """Something of the bundle, and why it is there."""

    kind: str
    name: str
    why: str


class ReadPolicyAnswer(Noun):
    """What there is, or one thing in full.

    Of a table `rows` holds conditions, outputs and reasons, of a parameter or an action `stated`
    its fields, of any other page `text` what it says.
    """

    bundle: str
    pages: tuple[Page, ...] = ()
    count: int = 0
    stated: dict[str, Any] | None = None
    rows: tuple[dict[str, Any], ...] = ()
    text: str | None = None


def run(question: ReadPolicyQuestion, desk: Desk) -> Answer:
    """Return the list, or the page of that name.

    Raises:
        MissingError: there is nothing of this name; it says what is called nearly so.
    """
    bundle = open_bundle(question.bundle, desk)
    if not question.name:
        return _list(question, bundle, desk)
    for kind, show in (("tables", _table), ("parameters", _parameter), ("actions", _action)):
        if question.kind in ("any", kind) and (found := show(question, bundle)):
            return found
    for folder, suffix in _FOLDERS.items():
        file = f"{folder}/{question.name.removesuffix(suffix)}{suffix}"
        if question.kind in ("any", folder) and file in list_readable(bundle, desk.scope):
            text = bundle.text(file)[:_MOST_TEXT]
            data = ReadPolicyAnswer(bundle=bundle.digest, text=text)
            return Answer(data, (Said.of(text, file),))
    meant = [one.id for one in find_pages(question.name, bundle) if one.kind in _READ]
    near = ", ".join(meant[:5])
    hint = f": did you mean {near}?" if near else ": without a name, all are listed"
    raise MissingError(f"page called {question.name!r} in {bundle.digest[:12]}{hint}")


def _list(question: ReadPolicyQuestion, bundle: Bundle, desk: Desk) -> Answer:
    readable = list_readable(bundle, desk.scope)
    found = [p for p in list_pages(bundle, readable) if question.kind in ("any", p.kind)]
    shown = tuple(cut_page(found, question.skip, question.most))
    table = Rows(
        title=f"Bundle {bundle.digest[:12]}",
        columns=("kind", "name", "why"),
        rows=tuple((p.kind, p.name, p.why) for p in shown),
        more=count_after(len(found), question.skip, len(shown)),
        next_skip=question.skip + len(shown),
    )
    return Answer(ReadPolicyAnswer(bundle=bundle.digest, pages=shown, count=len(found)), (table,))


def list_pages(bundle: Bundle, readable: Container[str]) -> Iterator[Page]:
    """Return everything that has a name, with its reason, kind by kind: of files the readable."""
    for name, action in sorted(bundle.actions.items()):
        yield Page(kind="actions", name=name, why=action.why)
    for name in bundle.names("tables"):
        yield Page(kind="tables", name=name, why=bundle.page(name).why)
    for folder, suffix in _FOLDERS.items():
        for name in bundle.names(folder, suffix):
            if f"{folder}/{name}{suffix}" not in readable:
                continue
            toml = suffix == ".toml"
            why = str(bundle.settings(f"{folder}/{name}.toml").get("why", "")) if toml else ""
            yield Page(kind=folder, name=name, why=why)
    for name, parameter in sorted(bundle.parameters.items()):
        yield Page(kind="parameters", name=name, why=parameter.why)


def _table(question: ReadPolicyQuestion, bundle: Bundle) -> Answer | None:
    name, _, row = question.name.partition("#")
    if name not in bundle.names("tables"):
        return None
    page = bundle.page(name)
    asked = [one for one in page.rows if not row or one.id == row]
    if not asked and row and not (row == _OTHERWISE and page.default):
        return None
    rows = cut_page(asked, question.skip, question.most)
    first = Said.of(f"{page.name}: {page.why} Hit policy: {page.hit.value}.", page.file)
    table = Rows(
        title=page.name,
        columns=("row", "when", "then", "why"),
        rows=tuple((r.id, _join(r.cells) or "always", _join(r.then), r.why) for r in rows),
        more=count_after(len(asked), question.skip, len(rows)),
        next_skip=question.skip + len(rows),
    )
    view: list[Block] = [first, table] if rows or not row else [first]
    if page.default:
        view.append(Said.of(f"Otherwise: {_join(page.default)}", page.file))
    data = ReadPolicyAnswer(
        bundle=bundle.digest,
        count=len(page.rows),
        stated={
            "why": page.why,
            "hit": page.hit.value,
            "owner": page.owner,
            "columns": {name: kind.value for name, kind in page.columns.items()},
            "outputs": {name: kind.value for name, kind in page.outputs.items()},
            "default": dict(page.default),
        },
        rows=tuple({"id": r.id, "when": r.cells, "then": r.then, "why": r.why} for r in rows),
    )
    return Answer(data, tuple(view))


def _parameter(question: ReadPolicyQuestion, bundle: Bundle) -> Answer | None:
    stated = bundle.parameters.get(question.name)
    if stated is None:
        return None
    text = f"{stated.name} is {stated.value} {stated.unit} ({stated.owner}): {stated.why}"
    due = f"Valid from {stated.valid_from}, review by {stated.review_by}; read by {stated.read_by}"
    cite = f"parameter {stated.name}"
    data = ReadPolicyAnswer(bundle=bundle.digest, stated=stated.model_dump(mode="json"))
    return Answer(data, (Said.of(text, cite), Said.of(due, cite)))


def _action(question: ReadPolicyQuestion, bundle: Bundle) -> Answer | None:
    action = bundle.actions.get(question.name)
    if action is None:
        return None
    fields = action.model_dump(mode="json", exclude_defaults=True)
    first = Said.of(f"{action.name}: {action.why}", f"actions/{action.name}.toml")
    table = Rows(
        title="Treatments",
        columns=("treatment", "channel", "available"),
        rows=tuple((t.name, t.channel, t.available) for t in action.treatments),
    )
    worth = (
        f"Value {action.value:g} USD, cost {action.cost:g} USD, propensity {action.propensity:g}"
    )
    approval = "; a person approves it" if action.approval else ""
    said = Said.of(worth + approval, f"actions/{action.name}.toml")
    return Answer(ReadPolicyAnswer(bundle=bundle.digest, stated=fields), (first, said, table))


def _join(cells: Any) -> str:  # noqa: ANN401  any row's cells
    return ", ".join(f"{name} = {value}" for name, value in cells.items())


TOOL = Tool(
    name="read_policy",
    description="Read the business as it is written: list or show actions, tables, declared facts, "
    "parameters, prompts, experiments and agents of the bundle in force, a digest or a proposal.",
    arguments=ReadPolicyQuestion,
    answer=ReadPolicyAnswer,
    run=run,
    examples=({"name": "routing/route"}, {"kind": "actions"}),
    commands=(Command("policy read", takes=("?name", "kind", "bundle", "most", "skip")),),
)
