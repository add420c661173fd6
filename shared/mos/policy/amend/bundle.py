"""Write changes of rows and parameters into a bundle's pages; nothing else of them moves. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from mos.errors import BundleError
from mos.policy.amend.amendment import Amendment
from mos.policy.amend.sheet_page import amend_sheet, restate_line
from mos.policy.amend.toml_page import amend_example, amend_rows, has_example, restate_parameter
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import examples_of
from mos.policy.bundle.parameter import Parameter, parse_parameters
from mos.policy.table.table import DecisionTable

_KINDS: Mapping[type, str] = {
    bool: "true or false", float: "a number", str: "text", list: "a list", tuple: "a list",
}  # fmt: skip


def amend_bundle(bundle: Bundle, amendments: Sequence[Amendment], today: date) -> Bundle:
    """Return the bundle with the changes made, in their order; every page of it is read again.

    Raises:
        BundleError: a change names what is not there, or a page of the outcome is wrong.
    """
    _check_each_once(amendments)
    for one in amendments:
        change = _amend_parameter if one.parameter else _amend_table
        file, text = change(bundle, one, today)
        bundle = Bundle(bundle.files | {file: text.encode()})
        _read_again(bundle, one)
    return bundle


def _check_each_once(amendments: Sequence[Amendment]) -> None:
    """Refuse a diff that states a thing twice: the later one would silently win.

    A row that is taken away may be added again: that moves it.

    Raises:
        BundleError: a row, a parameter or an example is stated twice.
    """
    stated = set[tuple[str, str]]()
    for one in amendments:
        place = (one.place, repr(sorted(one.given.items())) if one.given is not None else "")
        if place in stated:
            what = f"the example {one.given}" if one.given is not None else one.place
            raise BundleError("changes", f"{what} is stated twice: state it once")
        if not one.remove:
            stated.add(place)


def _suggest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = [one for one in names if name in one][:3] or get_close_matches(name, names, 3, 0.6)
    return f": did you mean {', '.join(near)}?" if near else ""


def _amend_parameter(bundle: Bundle, one: Amendment, today: date) -> tuple[str, str]:
    for file in sorted(f for f in bundle.files if f.startswith("parameters/")):
        text = bundle.text(file)
        stated = parse_parameters(file, text).get(one.parameter)
        if stated:
            _check_parameter(file, stated, one)
            restate = restate_line if file.endswith(".csv") else restate_parameter
            return file, restate(text, one, today)
    hint = _suggest(one.parameter, bundle.parameters)
    raise BundleError("parameters", f"there is no parameter {one.parameter!r}{hint}")


def _check_parameter(file: str, stated: Parameter, one: Amendment) -> None:
    name, was = one.parameter, stated.value
    if stated.same_as:
        raise BundleError(file, f"{name} follows {stated.same_as}: change that one")
    if _kind(was) is not _kind(one.value):
        kind = _KINDS.get(_kind(was), "such a value")
        raise BundleError(file, f"{name} is {was!r}: expected {kind}, found {one.value!r}")
    if refusal := stated.refusal(one.value):
        raise BundleError(file, f"{name}: {refusal}")
    if was == one.value and one.why in ("", stated.why):
        raise BundleError(file, f"nothing differs: {name} is {one.value!r} already")


def _kind(value: object) -> type:
    """Return of which kind a value is: yes or no, a number, text, a list."""
    if isinstance(value, bool):
        return bool
    return float if isinstance(value, int | float) else type(value)


def _amend_table(bundle: Bundle, one: Amendment, _: date) -> tuple[str, str]:
    file = f"tables/{one.table}.toml"
    if file not in bundle.files:
        hint = _suggest(one.table, bundle.names("tables"))
        raise BundleError(file, f"the bundle has no such table{hint}")
    if one.given is not None:
        return _amend_example(bundle, one, file)
    sheet = f"tables/{one.table}.csv"
    page = bundle.page(one.table)
    _check_names(sheet if sheet in bundle.files else file, one, page)
    if sheet in bundle.files:
        return sheet, amend_sheet(sheet, bundle.text(sheet), one, page)
    return file, amend_rows(file, bundle.text(file), one)


def _check_names(file: str, one: Amendment, page: DecisionTable) -> None:
    """Refuse a condition or an output that the table has no column for, and name those it has."""
    for what, names, said in (
        ("column", page.columns, one.when),
        ("output", page.outputs, one.then),
    ):
        for name in said or ():
            if name not in names:
                detail = f"row {one.row}: there is no {what} {name!r}; there are {', '.join(names)}"
                raise BundleError(file, detail)


def _amend_example(bundle: Bundle, one: Amendment, page: str) -> tuple[str, str]:
    """Change the example where it stands: in the page, else among the tests beside it."""
    tests = f"tests/{one.table}.toml"
    for file in (page, tests):
        if file in bundle.files and has_example(bundle.text(file), one):
            return file, amend_example(bundle.text(file), one)
    held = bundle.text(tests) if tests in bundle.files else f'why = "Examples of {one.table}."\n'
    return tests, amend_example(held, one)


def _read_again(bundle: Bundle, one: Amendment) -> None:
    """Read what was changed as the system would.

    Raises:
        BundleError: it cannot be read, or does not say what was asked for.
    """
    if one.parameter:
        said = bundle.parameters[one.parameter].value
        if said != one.value:
            raise BundleError(
                "parameters", f"{one.parameter}: {one.value!r} would read as {said!r}"
            )
        return
    page = bundle.page(one.table)
    bundle.table(one.table)
    if one.given is not None:
        examples_of(bundle, one.table)
        return
    row = next((row for row in page.rows if row.id == one.row), None)
    if one.remove and row:
        raise BundleError(page.file, f"row {one.row!r} stands in another page of the table")
    for name, asked in (one.then or {}).items():
        found = row.then.get(name) if row else None
        found = list(found) if isinstance(found, tuple) else found
        if _kind(found) is not _kind(asked) or found != asked:
            detail = f"{one.place}: {name} = {asked!r} would read as {found!r}"
            raise BundleError(page.file, detail)
