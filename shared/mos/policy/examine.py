"""Everything that can be wrong in a bundle, found before it is published. Pure."""

from datetime import date

from mos import plugins
from mos.errors import BundleError
from mos.policy import checks
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, Check, Finding


def examine(bundle: Bundle, today: date) -> list[Finding]:
    """Return what is wrong (error), what is old (warning) and what is good to know (note).

    Each check is asked, whatever another finds; a page that cannot be read is said once.
    """
    found: list[Finding] = []
    for check in plugins.discover(checks, "CHECK", Check).values():
        try:
            found += check.run(bundle, today)
        except BundleError as error:
            found.append(
                {"level": ERROR, "kind": "schema", "file": error.file, "detail": error.detail}
            )
    unique = {(f["file"], f["detail"]): f for f in found}
    return list(unique.values())
