"""A proposal on its way to a release: the bundle that it makes, and who approved it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mos.aws.bundles import BundleStore
from mos.deployment.deployment import Deployment
from mos.deployment.release import NotReleasedError
from mos.policy.bundle.bundle import Bundle

PREFIX = "pol_"
_MAY_SHIP = ("approved", "active")


@dataclass(frozen=True)
class ProposedBundle:
    """What an approved proposal makes of the bundle that it changes."""

    bundle: Bundle
    approved_by: str
    proposed_by: str = ""


def open_proposal(where: Deployment, store: BundleStore, proposal_id: str) -> ProposedBundle:
    """Return the bundle of a proposal that a person approved.

    Raises:
        NotReleasedError: there is none of this id, nobody approved it, or its pages do not make
            the bundle that was checked.
    """
    standing = _ask(where, proposal_id)
    word: Mapping[str, Any] = standing["approved"] or {}
    if standing["state"] == "stale":
        raise NotReleasedError(
            f"{proposal_id}: another bundle is in force than it changes: propose it anew"
        )
    if standing["state"] not in _MAY_SHIP or not word:
        raise NotReleasedError(
            f"{proposal_id} {standing['state']}: a person approves it first, "
            f"`mos proposals approve {proposal_id} NAME`"
        )
    proposed_by = str(standing["proposal"].get("by") or "")
    return ProposedBundle(_open(store, standing, proposal_id), str(word["by"]), proposed_by)


def read_proposal(where: Deployment, store: BundleStore, proposal_id: str) -> Bundle:
    """Return the bundle that a proposal would make, approved or not: to look at, or to rehearse.

    Raises:
        NotReleasedError: there is none of this id, or its pages do not make what was checked.
    """
    return _open(store, _ask(where, proposal_id), proposal_id)


def _ask(where: Deployment, proposal_id: str) -> Mapping[str, Any]:
    reply = where.ask("proposals", word="show", proposal=proposal_id, record=True)
    if not reply.get("ok"):
        raise NotReleasedError(f"{proposal_id}: {reply.get('detail')}")
    standing: Mapping[str, Any] = reply["data"]["proposal"]
    return standing


def _open(store: BundleStore, standing: Mapping[str, Any], proposal_id: str) -> Bundle:
    made = _make(store.load(standing["proposal"]["base"]), standing["proposal"]["files"])
    if made.digest != standing["proposal"]["candidate"]:
        raise NotReleasedError(f"{proposal_id}: its pages do not make the bundle that was checked")
    return made


def _make(base: Bundle, files: Mapping[str, str]) -> Bundle:
    kept = {name: body for name, body in base.files.items() if files.get(name) != ""}
    return Bundle(kept | {name: text.encode() for name, text in files.items() if text})
