"""List what a function's folder holds of others: a CycloneDX 1.6 bill of materials, as JSON.

https://cyclonedx.org/docs/1.6/json/. It bears no date and no random number: the same folder has the
same bill.
"""

import json
import re
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

_CLASSIFIER = re.compile(r"^License :: (?:OSI Approved :: )?(?P<name>.+)$")
_LONGEST = 100


def list_components(folder: Path) -> list[dict[str, Any]]:
    """Return the libraries that lie in a folder, by name: version, package URL and licence."""
    found = [
        _component(Parser().parsestr(path.read_text(encoding="utf-8"), headersonly=True))
        for path in folder.glob("*.dist-info/METADATA")
    ]
    return sorted(found, key=lambda one: str(one["name"]))


def write_bill(layer: str, folder: Path, version: str) -> dict[str, Any]:
    """Return the bill of a layer's folder; `version` is the digest of what was built."""
    components = list_components(folder)
    listed = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{layer} {version} {listed}')}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"marketing-os/{layer}",
                "name": f"marketing-os/{layer}",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": f"marketing-os/{layer}", "dependsOn": [c["bom-ref"] for c in components]}
        ],
    }


def name_licences(component: dict[str, Any]) -> str:
    """Return a component's licence in words, or `unknown` where its package states none."""
    stated = component.get("licenses", ())
    names = [one.get("expression") or one["license"]["name"] for one in stated]
    return ", ".join(names) or "unknown"


def _component(said: Message) -> dict[str, Any]:
    name, version = str(said["Name"]), str(said["Version"])
    # https://github.com/package-url/purl-spec: of PyPI, in lower case and with hyphens.
    url = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    made = {"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url}
    licences = _licences(said)
    return made | ({"licenses": licences} if licences else {})


def _licences(said: Message) -> list[dict[str, Any]]:
    """Return what a package says of its licence: an expression, else its classifiers, else text."""
    if expression := said["License-Expression"]:
        return [{"expression": str(expression)}]
    classified = (_CLASSIFIER.match(str(one)) for one in said.get_all("Classifier", ()))
    names = [found["name"] for found in classified if found]
    text = str(said["License"] or "").strip().partition("\n")[0][:_LONGEST]
    return [{"license": {"name": name}} for name in names or ([text] if text else [])]
