"""Which hashed requirements a layer carries."""

import re
from pathlib import Path

SHIPPED = frozenset({"boto3", "botocore", "s3transfer", "jmespath"})
"""What the Lambda runtime brings along; the local engine's interpreter has them too."""

_NAME = re.compile(r"^([A-Za-z0-9._-]+)==")


def file_of(layer: str, folder: Path) -> Path:
    """Return the layer's own requirement file, or the one that all functions share."""
    own = folder / f"{layer}.txt"
    return own if own.exists() else folder / "functions.txt"


def without_shipped(text: str) -> str:
    """Return the pins and hashes of `text`, less those of packages that the runtime ships."""
    kept: list[str] = []
    keep = False
    for line in text.splitlines():
        if found := _NAME.match(line):
            keep = found[1].lower().replace("_", "-") not in SHIPPED
        if keep:
            kept.append(line)
    return "\n".join(kept) + "\n"
