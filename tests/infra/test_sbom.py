"""Every zip has a bill of what it holds of others, with licences, and always the same one."""

import json
from pathlib import Path

import pytest

from infra.assemble.sbom import list_components, name_licences, write_bill

STATED = {
    "Foo_Bar": ("License-Expression: MIT\n", "MIT"),
    "classified": (
        (
            "License: a long text\nClassifier: Programming Language :: Python\n"
            "Classifier: License :: OSI Approved :: BSD License\n"
        ),
        "BSD License",
    ),
    "in-text": ("License: Apache 2.0\n        and more lines\n", "Apache 2.0"),
    "silent": ("Summary: says nothing of it\n", "unknown"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, (said, _) in STATED.items():
        place = tmp_path / f"{name}-1.2.dist-info"
        place.mkdir()
        head = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.2\n"
        (place / "METADATA").write_text(f"{head}{said}\nLicense-Expression: not a header\n")
    return tmp_path


def test_a_bill_names_each_library_with_version_url_and_licence(folder: Path) -> None:
    bill = write_bill("data", folder, "abc")

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {c["name"]: name_licences(c) for c in bill["components"]} == {
        name: licence for name, (_, licence) in STATED.items()
    }
    assert "pkg:pypi/foo-bar@1.2" in {c["purl"] for c in bill["components"]}
    assert bill["dependencies"][0]["dependsOn"] == [c["bom-ref"] for c in bill["components"]]


def test_a_bill_is_the_same_for_the_same_folder_and_another_for_another(folder: Path) -> None:
    first = json.dumps(write_bill("data", folder, "abc"))

    assert json.dumps(write_bill("data", folder, "abc")) == first
    assert write_bill("data", folder, "def")["serialNumber"] not in first
    assert write_bill("llm", folder, "abc")["serialNumber"] not in first


def test_a_folder_without_libraries_has_an_empty_bill(tmp_path: Path) -> None:
    assert list_components(tmp_path) == []
