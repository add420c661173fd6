"""Zips without Docker: what goes in, what stays out, and when nothing is to be done."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.assemble.bundle import bundle
from infra.assemble.bytecode import find_interpreter
from infra.assemble.errors import AssembleError
from infra.assemble.libraries import refuse_startup_files
from infra.assemble.reach import reached
from infra.assemble.requirements import file_of, without_shipped
from infra.assemble.target import LAMBDA, LOCAL, SHIPPED
from mos.path import HOPS, MODULES

ASKED = {"agent", "operator", "simulation"}
"""Who compares bundles: to say it in plain words, and what a change touches and loosens."""

ROOT = Path(__file__).parents[2]
PINS = """boto3==1.44.5 \\
    --hash=sha256:aa
botocore==1.44.5 \\
    --hash=sha256:bb
"""


LAYERS = [hop.layer for hop in HOPS]
MEASURING = {"simulation"}
"""Which layers count many things at once: numpy ships with them alone."""
IMPORT = """import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*({"numpy", "litellm"} & set(sys.modules)))
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def held(folder: Path) -> set[str]:
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return {name for name in found if "__pycache__" not in name}


def bytecode(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.pyc")}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in {
        "requirements/functions.txt": PINS,
        "shared/mos/path.py": "PATH = ()\n",
        "shared/mos/idle.py": "",
        "functions/__init__.py": "",
        "functions/data/handler.py": "from mos import path\n",
        "functions/policy/handler.py": "def handler(event, context): ...\n",
    }.items():
        write(tmp_path / name, text)
    return tmp_path


def test_a_bundle_holds_the_library_and_one_layer(tree: Path) -> None:
    made = bundle("data", LAMBDA, tree, tree / "out" / "functions")

    assert held(made.folder) == {
        "functions/__init__.py", "functions/data/handler.py", "mos/path.py",
    }  # fmt: skip


def test_a_function_is_shipped_compiled_and_its_bytecode_is_never_checked(tree: Path) -> None:
    made = bundle("data", SHIPPED, tree, tree / "out" / "functions")

    found = bytecode(made.folder)
    tag = sys.implementation.cache_tag
    assert made.compiled
    assert set(found) == {
        f"functions/__pycache__/__init__.{tag}.pyc",
        f"functions/data/__pycache__/handler.{tag}.pyc",
        f"mos/__pycache__/path.{tag}.pyc",
    }
    # PEP 552: a hash of the source, not to be checked.
    assert {body[4:8] for body in found.values()} == {b"\x01\x00\x00\x00"}
    assert str(tree).encode() not in b"".join(found.values())


def test_the_same_sources_are_the_same_bytes_wherever_they_are_built(tree: Path) -> None:
    first = bundle("data", SHIPPED, tree, tree / "out" / "functions").folder
    second = bundle("data", SHIPPED, tree, tree / "elsewhere" / "functions").folder

    assert first != second
    assert bytecode(first) == bytecode(second)


def test_a_python_that_is_not_here_is_not_fetched() -> None:
    assert find_interpreter("3.99") is None


def test_a_layer_carries_what_its_handler_reaches_and_nothing_else(tree: Path) -> None:
    for name, text in {
        "functions/simulation/handler.py": "from functions.simulation.rooms import deep\n",
        "functions/simulation/rooms/__init__.py": "",
        "functions/simulation/rooms/deep.py": (
            "def f():\n    from functions.decisioning.decide import d\n"
        ),
        "functions/simulation/idle.py": "",
        "functions/decisioning/decide.py": "import mos.model.noun\n",
        "functions/decisioning/repository.py": "",
        "shared/mos/model/noun.py": "",
        "shared/mos/memory/table.py": "",
    }.items():
        write(tree / name, text)

    made = bundle("simulation", LAMBDA, tree, tree / "out" / "functions")

    assert held(made.folder) == {
        "functions/__init__.py", "functions/simulation/handler.py",
        "functions/simulation/rooms/__init__.py", "functions/simulation/rooms/deep.py",
        "functions/decisioning/decide.py", "mos/model/noun.py",
    }  # fmt: skip


def test_a_folder_of_plug_ins_goes_in_whole_with_what_stands_beside_it(tree: Path) -> None:
    for name, text in {
        "functions/data/handler.py": "from functions.data import doors\n",
        "functions/data/doors/__init__.py": "",
        "functions/data/doors/front.py": "from mos.names import n\n",
        "shared/mos/names.py": "",
        "shared/mos/names.toml": "",
    }.items():
        write(tree / name, text)

    made = bundle("data", LAMBDA, tree, tree / "out" / "functions")

    assert {"functions/data/doors/front.py", "mos/names.py", "mos/names.toml"} <= held(made.folder)


def test_no_layer_reaches_the_store_of_another(tree: Path) -> None:
    write(tree / "functions/policy/repository.py", "")
    write(tree / "functions/data/handler.py", "from functions.policy.repository import r\n")

    with pytest.raises(AssembleError, match=r"reaches functions\.policy\.repository"):
        bundle("data", LAMBDA, tree, tree / "out" / "functions")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_zip_holds_no_workbench_and_of_others_only_what_the_rehearsal_replays(layer: str) -> None:
    places = reached(layer, ROOT)

    rooms = {"/".join(place.split("/")[:2]) for place in places}
    deep = {"/".join(place.split("/")[:3]) for place in places}
    handler = MODULES[layer].replace(".", "/") + ".py"
    others = {r for r in rooms if r.startswith("functions/")} - {
        handler.rpartition("/")[0], "functions/__init__.py",
    }  # fmt: skip
    assert not rooms & {"mos/memory", "mos/deployment"}
    written = {"mos/policy/jdm"} | (set() if layer in ASKED else {"mos/policy/diff"})
    assert not deep & written
    assert not others or layer == "simulation"
    assert handler in places


def test_the_operators_zip_holds_no_server() -> None:
    assert not {"functions/agent/server.py", "functions/agent/mcp_http.py"} & set(
        reached("operator", ROOT)
    )


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_of_a_zip_is_imported_from_its_built_folder(
    layer: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = bundle(layer, LOCAL, ROOT, ROOT / ".build" / "functions")
    assert made.libraries is not None
    names = [
        place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for place in reached(layer, ROOT)
        if place.endswith(".py")
    ]

    done = subprocess.run(  # noqa: S603  our own interpreter, no shell
        [ROOT / ".venv-engine/bin/python", "-c", IMPORT, *names],
        cwd=tmp_path_factory.getbasetemp(),
        env={"PYTHONPATH": f"{made.folder}:{made.libraries}", "AWS_DEFAULT_REGION": "eu-west-1"},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == [] or layer in MEASURING


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
    write(tree / "functions/data/evil.pth", "import os\n")
    made = bundle("data", LAMBDA, tree, tree / "out" / "functions")

    with pytest.raises(AssembleError, match="refused"):
        refuse_startup_files(tree / "functions/data")
    assert "functions/data/evil.pth" not in held(made.folder)


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
