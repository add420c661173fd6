"""Whether what a treatment says is written in a language that its reader reads. Pure.

Who is known to need a language that an asset is not written in reads it in another, unless a row of
`gates/eligibility` denies by `action.language_ok`.
"""

from functools import lru_cache

from mos.model.action import Action, Treatment
from mos.model.base import Fact, Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.content import find_asset
from mos.policy.table.condition import holds
from mos.vocabulary.language import read_language

GATE, LANGUAGE_OK, READS = "gates/eligibility", "action.language_ok", "person.language"
_FOR_COLLEAGUES = ("human", "internal")
_DEFAULT, _LAST = "language_default", "en"


def find_missing_language(action: Action, treatment: Treatment, reads: Fact, bundle: Bundle) -> str:
    """Return the language that a reader needs and an asset is not written in; empty: there is none.

    What is not known of a reader needs nothing; a language's countries are one. What a colleague
    is to read asks for none of the person's.
    """
    needed = _read_primary(reads) if action.group not in _FOR_COLLEAGUES else ""
    asset = find_asset(treatment, bundle) if needed else None
    if asset is None or needed in map(_read_primary, asset.languages):
        return ""
    return needed


def find_said_language(treatment: Treatment, reads: Fact, bundle: Bundle) -> str:
    """Return the language in which a reader reads an asset; empty where there is none to read.

    It is their own where it is written in that, else the bundle's default, else its first.
    """
    asset = find_asset(treatment, bundle)
    if asset is None:
        return ""
    stated = bundle.parameters.get(_DEFAULT)
    usual = _read_primary(str(stated.value) if stated else _LAST)
    written = [_read_primary(one) or one for one in asset.languages]
    return next((one for one in (_read_primary(reads), usual) if one in written), written[0])


def find_language_row(facts: Facts, bundle: Bundle) -> str:
    """Return the row that keeps back what is not in a reader's language; empty: none does.

    `facts` are the action's: what a row asks beside them counts against sending.
    """
    for row in bundle.page(GATE).rows if GATE in bundle.names("tables") else ():
        cell = row.when.get(LANGUAGE_OK)
        if cell is None or row.then.get("allow", True) or holds(cell, fact=False) is not True:
            continue
        others = {n: c for n, c in row.when.items() if n != LANGUAGE_OK}
        if all(holds(c, facts.get(n)) is not False for n, c in others.items()):
            return row.id
    return ""


def _read_primary(said: Fact) -> str:
    return _read_known(said) if isinstance(said, str) else ""


@lru_cache(maxsize=1024)
def _read_known(said: str) -> str:
    return (read_language(said) or "").partition("-")[0]
