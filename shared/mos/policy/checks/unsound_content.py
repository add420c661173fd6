"""What may be said is approved by somebody else, proved, and not out of date. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from mos.model.action import Treatment
from mos.model.content import AssetStatus, ContentAsset
from mos.policy.approvals import find_approver, read_approvers
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import WARNING, Check, Flaw
from mos.policy.content import find_asset_fault, read_contents

_SOON = timedelta(days=30)
_GATE, _FACT = "gates/eligibility", "action.content_ok"


def find(bundle: Bundle, today: date) -> Iterator[Flaw]:
    """Yield assets that are not sound, and treatments that may not say what they name.

    Raises:
        BundleError: a page of content or of an action is wrong.
    """
    for asset in read_contents(bundle).values():
        yield from (Flaw(f"content/{asset.name}.toml", said) for said in _describe(asset, bundle))
    for name, action in bundle.actions.items():
        for treatment in action.treatments:
            yield from _look_at(f"actions/{name}.toml", treatment, bundle, today)
    asks = _GATE in bundle.names("tables") and _FACT in bundle.page(_GATE).columns
    if read_contents(bundle) and not asks:
        said = f"no row asks {_FACT}: what has expired would be decided, and refused when sent"
        yield Flaw(f"tables/{_GATE}.toml", said)


def _describe(asset: ContentAsset, bundle: Bundle) -> Iterator[str]:
    if asset.text not in bundle.files:
        yield f"text: the bundle has no {asset.text}"
    if asset.valid_until < asset.valid_from:
        yield f"valid_until {asset.valid_until} lies before valid_from {asset.valid_from}"
    for claim in asset.claims:
        if not claim.evidence.strip():
            yield f"the claim {claim.says!r} has no evidence"
    yield from _describe_approver(asset, bundle)


def _describe_approver(asset: ContentAsset, bundle: Bundle) -> Iterator[str]:
    if not asset.approver:
        if asset.status is AssetStatus.APPROVED:
            yield "it is approved, and nobody is named as its approver"
        return
    if asset.approver.lower() == asset.owner.lower():
        yield f"{asset.owner} owns it and approves it: somebody else does"
    known = read_approvers(bundle)
    approver = find_approver(asset.approver, bundle)
    if known and approver is None:
        yield f"{asset.approver} is none of approvals/approvers"
    if approver is not None and approver.speaks_for(asset.owner):
        yield f"{asset.owner} is {approver.name}'s own: somebody else approves it"


def _look_at(file: str, treatment: Treatment, bundle: Bundle, today: date) -> Iterator[Flaw]:
    if treatment.template:
        said = f"{treatment.name}: name an asset of content/ instead of the file in `template`"
        yield Flaw(file, said)
    if not treatment.asset:
        return
    asset = read_contents(bundle).get(treatment.asset)
    if asset is None:
        known = ", ".join(read_contents(bundle)) or "none"
        yield Flaw(file, f"{treatment.name}: content/ has no {treatment.asset}: it has {known}")
        return
    if treatment.channel not in asset.channels:
        allowed = ", ".join(asset.channels)
        yield Flaw(
            file, f"{treatment.name}: {asset.name} is for {allowed}, not {treatment.channel}"
        )
    fault = find_asset_fault(asset, today)
    if fault:
        yield Flaw(file, f"{treatment.name}: {fault} (content/{asset.name}.toml)")
    elif asset.valid_until - today <= _SOON:
        said = f"{treatment.name}: {asset.name} expires on {asset.valid_until}"
        yield Flaw(file, said, WARNING)


CHECK = Check("content", find)
