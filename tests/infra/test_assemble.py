"""Zips without Docker: what goes in, what stays out, and when nothing is to be done."""

import re
from pathlib import Path

import pytest

from infra.assemble.bundle import VERBS_OF, bundle
from infra.assemble.errors import AssembleError
from infra.assemble.libraries import refuse_startup_files
from infra.assemble.requirements import file_of, without_shipped
from infra.assemble.target import LAMBDA

ROOT = Path(__file__).parents[2]
PINS = """boto3==1.44.5 \\
    --hash=sha256:aa
botocore==1.44.5 \\
    --hash=sha256:bb
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in {
        "requirements/functions.txt": PINS,
        "shared/mos/path.py": "PATH = ()\n",
        "functions/__init__.py": "",
        "functions/data/handler.py": "def handler(event, context): ...\n",
        "functions/policy/handler.py": "def handler(event, context): ...\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_bundle_holds_the_library_and_one_layer(tree: Path) -> None:
    made = bundle("data", LAMBDA, tree, tree / "out" / "functions")

    held = {p.relative_to(made.folder).as_posix() for p in made.folder.rglob("*") if p.is_file()}
    assert held == {"functions/__init__.py", "functions/data/handler.py", "mos/path.py"}


def test_a_layer_carries_the_verbs_of_others_that_it_imports_and_no_handler_of_theirs(
    tree: Path,
) -> None:
    for name in ("simulation/handler", "decisioning/decide", "decisioning/repository"):
        (tree / f"functions/{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (tree / f"functions/{name}.py").write_text("")

    made = bundle("simulation", LAMBDA, tree, tree / "out" / "functions")

    functions = made.folder / "functions"
    held = {p.relative_to(functions).as_posix() for p in functions.rglob("*.py")}
    assert held == {"__init__.py", "simulation/handler.py", "decisioning/decide.py"}


def test_what_a_layer_carries_is_what_it_imports() -> None:
    for layer in {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}:
        text = "".join(path.read_text() for path in (ROOT / "functions" / layer).rglob("*.py"))
        named = set(re.findall(r"^\s*(?:from|import) functions\.(\w+)", text, re.MULTILINE))
        assert named - {layer} == set(VERBS_OF.get(layer, ())), layer


def test_an_unchanged_layer_is_not_built_again(tree: Path) -> None:
    out = tree / "out" / "functions"

    assert bundle("data", LAMBDA, tree, out).built
    assert not bundle("data", LAMBDA, tree, out).built
    (tree / "functions/policy/handler.py").write_text("# another layer's change\n")
    assert not bundle("data", LAMBDA, tree, out).built
    (tree / "shared/mos/path.py").write_text("PATH = (1,)\n")
    assert bundle("data", LAMBDA, tree, out).built


def test_a_layer_without_a_handler_is_named(tree: Path) -> None:
    with pytest.raises(AssembleError, match=r"functions/nothing/handler\.py does not exist"):
        bundle("nothing", LAMBDA, tree, tree / "out" / "functions")


def test_a_file_that_would_run_at_every_start_is_refused(tree: Path) -> None:
    (tree / "functions/data/evil.pth").write_text("import os\n")

    with pytest.raises(AssembleError, match="refused"):
        bundle("data", LAMBDA, tree, tree / "out" / "functions")


def test_what_the_runtime_ships_stays_out_with_its_hashes() -> None:
    text = PINS + "pydantic==2.14.3 \\\n    --hash=sha256:cc\n"

    assert without_shipped(text) == "pydantic==2.14.3 \\\n    --hash=sha256:cc\n"


def test_a_layer_may_have_requirements_of_its_own(tree: Path) -> None:
    (tree / "requirements/llm.txt").write_text("")

    assert file_of("llm", tree / "requirements").name == "llm.txt"
    assert file_of("data", tree / "requirements").name == "functions.txt"


def test_no_built_bundle_runs_code_at_start() -> None:
    built = ROOT / ".build"

    refuse_startup_files(built)
