"""A bundle without its experiments: nobody is held out, nothing is explored. Pure."""

import csv
import io
import re

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle

_OFF = ("holdout_percent", "exploration_share_most")
_FOLDERS = ("experiments/", "challenges/")


def without_experiments(bundle: Bundle) -> Bundle:
    """Return the bundle as it decides where chance has no say.

    Raises:
        BundleError: a page states a share in a way that cannot be set to nothing.
    """
    files = {
        path: _silence(path, body)
        for path, body in bundle.files.items()
        if not path.startswith(_FOLDERS)
    }
    quiet = Bundle(files)
    for name in _OFF:
        if name in quiet.parameters and quiet.number(name) != 0:
            raise BundleError("parameters", f"{name} could not be set to 0")
    return quiet


def _silence(path: str, body: bytes) -> bytes:
    if not path.startswith("parameters/"):
        return body
    text = body.decode()
    if path.endswith(".csv"):
        return _silence_rows(text).encode() if any(name in text for name in _OFF) else body
    for name in _OFF:
        page = rf"(?ms)^(\[{name}\]\n(?:(?!\[).*\n)*?value\s*=\s*)[^\n#]+"
        text = re.sub(page, r"\g<1>0", text)
    return text.encode()


def _silence_rows(text: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    name, value = rows[0].index("name"), rows[0].index("value")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        off = len(row) > max(name, value) and row[name] in _OFF
        writer.writerow([*row[:value], "0", *row[value + 1 :]] if off else row)
    return out.getvalue()
