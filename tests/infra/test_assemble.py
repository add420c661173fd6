"""Zips without Docker: what goes in, what stays out, and when nothing is to be done."""

from pathlib import Path

import pytest

from infra.assemble.bundle import bundle
from infra.assemble.errors import AssembleError
from infra.assemble.libraries import refuse_startup_files
from infra.assemble.requirements import file_of, without_shipped
from infra.assemble.target import LAMBDA

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
    built = Path(__file__).parents[2] / ".build"

    refuse_startup_files(built)
