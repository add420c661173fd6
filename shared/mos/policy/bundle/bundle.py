"""A policy bundle: an immutable folder of policy, addressed by its digest."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from mos.errors import BundleError
from mos.model.action import Action
from mos.model.base import Facts, Noun
from mos.model.constraint import Constraint
from mos.model.experiment import Holdout
from mos.policy.bundle.ladder import Resolved, Rung, Step, resolve
from mos.policy.bundle.parameter import Parameter, Value, parse_parameters, settled
from mos.policy.table.engine import CompiledTable
from mos.policy.table.literal import parse_toml, stated
from mos.policy.table.named_set import expand_sets
from mos.policy.table.page import joined, parse_table
from mos.policy.table.table import DecisionTable

_SUFFIXES = {".toml", ".md", ".csv", ".jsonl"}
_BESIDE, _MOST_BYTES = {"stories", "cassettes"}, 50_000_000  # they try it out, and decide nothing
_EPOCH = (1980, 1, 1, 0, 0, 0)
N = TypeVar("N", bound=Noun)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the bundle's address: SHA-256 over the sorted paths and their contents' SHA-256."""
    listing = "".join(
        f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files)
    )
    return hashlib.sha256(listing.encode()).hexdigest()


class Bundle:
    """The business as data. Pages are parsed and tables compiled when first asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.digest = digest_of(files)
        self._tables: dict[str, CompiledTable] = {}
        self._pages: dict[str, DecisionTable] = {}
        self._names: dict[tuple[str, str], list[str]] = {}

    def table(self, name: str) -> CompiledTable:
        """Return the compiled table `name`, such as `lifecycle/account`.

        Raises:
            BundleError: there is no such page, or it is wrong.
        """
        if name not in self._tables:
            self._tables[name] = CompiledTable(self.page(name))
        return self._tables[name]

    def page(self, name: str) -> DecisionTable:
        """Return a table as its pages state it, with the rows that departments add.

        Raises:
            BundleError: there is no such page, or it is wrong.
        """
        if name not in self._pages:
            self._pages[name] = self._page(name)
        return self._pages[name]

    def _page(self, name: str) -> DecisionTable:
        """Return the table as it was written, with the rows that other departments add to it.

        `tables/gates/suitability+legal.toml` adds legal's rows to `gates/suitability`.
        """
        table = self._own_page(name)
        start = f"tables/{name}+"
        others = [f for f in sorted(self.files) if f.startswith(start) and f.endswith(".toml")]
        for file in others:
            table = joined(table, self._own_page(file[len("tables/") : -len(".toml")]))
        return table

    def _own_page(self, name: str) -> DecisionTable:
        file, sheet = f"tables/{name}.toml", f"tables/{name}.csv"
        page, rows = self.text(file), self.text(sheet) if sheet in self.files else None
        table = parse_table(name, file, parse_toml(file, page), rows)
        return expand_sets(table, lambda name: self.parameters[name].value)

    def text(self, file: str) -> str:
        """Return one file of the bundle as text."""
        if file not in self.files:
            raise BundleError(file, "the bundle has no such file")
        try:
            return self.files[file].decode()
        except UnicodeDecodeError as error:
            raise BundleError(file, f"not UTF-8 at byte {error.start}") from None

    def names(self, folder: str, suffix: str = ".toml") -> list[str]:
        """Return the names of the pages in a folder, without folder and suffix, sorted."""
        if (folder, suffix) not in self._names:
            self._names[folder, suffix] = sorted(
                path[len(folder) + 1 : -len(suffix)]
                for path in self.files
                if path.startswith(f"{folder}/") and path.endswith(suffix)
            )
        return self._names[folder, suffix]

    def settings(self, file: str) -> dict[str, Any]:
        """Return one TOML page as it is: a task's routing, an agent's scopes."""
        return stated(file, self.text(file))

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Return every parameter by name."""
        found: dict[str, Parameter] = {}
        for file in sorted(self.files):
            if not file.startswith("parameters/") or file.endswith(".md"):
                continue
            for key, parameter in parse_parameters(file, self.text(file)).items():
                if key in found:
                    raise BundleError(file, f"parameter {key} is stated twice")
                found[key] = parameter
        return settled(found)

    def value(self, name: str) -> Value:
        """Return a parameter's value.

        Raises:
            BundleError: the bundle does not state it.
        """
        if name not in self.parameters:
            raise BundleError("parameters", f"{name} is not stated")
        return self.parameters[name].value

    def resolve(self, name: str, facts: Facts) -> Resolved:
        """Return a parameter as it holds for these facts, and what that shadows.

        Raises:
            BundleError: the bundle does not state it.
        """
        stated = Step(Rung.GLOBAL, "everybody", self.value(name), self.parameters[name].why)
        overrides = [Step(o.level, o.of, o.value, o.why) for o in self.parameters[name].override]
        return resolve(stated, overrides, facts)

    def table_for(self, name: str, facts: Facts) -> Resolved:
        """Return the table as it holds for these facts, and what that shadows.

        `tables/contact/limits@region-EU.toml` stands in for `contact/limits` where the account's
        region is EU.
        """
        steps = []
        for variant in self.variants.get(name, ()):
            level, _, of = variant.partition("@")[2].partition("-")
            steps.append(Step(Rung(level), of, variant, ""))
        return resolve(Step(Rung.GLOBAL, "everybody", name, ""), steps, facts)

    @cached_property
    def variants(self) -> dict[str, list[str]]:
        """Return the variants of each table that has some: `contact/limits@region-EU`."""
        found: dict[str, list[str]] = {}
        for variant in self.names("tables"):
            name, at, rung = variant.partition("@")
            if at:
                level, _, of = rung.partition("-")
                if not of or level not in set(Rung) - {Rung.GLOBAL}:
                    rungs = "@unit-…, @region-…, @segment-… or @account-…"
                    raise BundleError(f"tables/{variant}.toml", f"expected {rungs}")
                found.setdefault(name, []).append(variant)
        return found

    def number(self, name: str) -> float:
        """Return a parameter that must be a number."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BundleError("parameters", f"{name} must be a number, found {value!r}")
        return float(value)

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Return the action catalogue by name."""
        return {name: self._made(Action, "actions", name) for name in self.names("actions")}

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """Return the limits on the whole business, by name."""
        return self.nouns(Constraint, "constraints")

    @cached_property
    def holdouts(self) -> tuple[Holdout, ...]:
        """Return the accounts that single issues leave out, by name."""
        return self.nouns(Holdout, "experiments")

    def nouns(self, kind: type[N], folder: str) -> tuple[N, ...]:
        """Return the pages of a folder, by name."""
        return tuple(self._made(kind, folder, name) for name in self.names(folder))

    def _made(self, kind: type[N], folder: str, name: str) -> N:
        file = f"{folder}/{name}.toml"
        said = {"name": name} | stated(file, self.text(file))
        try:
            return kind.from_page(said)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise BundleError(file, f"{place}: {first['msg']}") from None

    def zipped(self) -> bytes:
        """Return the bundle as one zip, the same bytes for the same files."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(self.files):
                archive.writestr(zipfile.ZipInfo(path, _EPOCH), self.files[path])
        return out.getvalue()


def read_folder(folder: Path) -> Bundle:
    """Return the bundle in a folder; the stories and cassettes that try it out are no part of it.

    Raises:
        BundleError: the folder has no `bundle.toml`, or is too large.
    """
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _SUFFIXES and path.is_file()
        if path.relative_to(folder).parts[0] not in _BESIDE
    }
    if "bundle.toml" not in files:
        raise BundleError(str(folder), "not a bundle: it has no bundle.toml")
    if sum(map(len, files.values())) > _MOST_BYTES:
        raise BundleError(str(folder), f"larger than {_MOST_BYTES} bytes")
    return Bundle(files)


def read_zip(body: bytes, digest: str) -> Bundle:
    """Return the bundle in a zip, having checked that it is the one that was asked for.

    Raises:
        BundleError: the zip is corrupt, too large, or another bundle.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
                raise BundleError(digest, f"larger than {_MOST_BYTES} bytes")
            bundle = Bundle({info.filename: archive.read(info) for info in archive.infolist()})
    except zipfile.BadZipFile as error:
        raise BundleError(digest, f"corrupt: {error}") from None
    if bundle.digest != digest:
        raise BundleError(digest, f"its content has the digest {bundle.digest}")
    return bundle
