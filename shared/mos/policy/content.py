"""Whether what a treatment says may be said now: its asset is approved, and not expired. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType

from mos.model.action import Treatment
from mos.model.content import AssetStatus, ContentAsset
from mos.policy.bundle.bundle import Bundle

_KEPT = 16


@lru_cache(maxsize=_KEPT)
def read_contents(bundle: Bundle) -> Mapping[str, ContentAsset]:
    """Return the assets of a bundle, by name: read once.

    Raises:
        BundleError: a page of content is wrong.
    """
    return MappingProxyType({one.name: one for one in bundle.nouns(ContentAsset, "content")})


def find_asset(treatment: Treatment, bundle: Bundle) -> ContentAsset | None:
    """Return the asset that a treatment names; None where it names none, or the bundle has not."""
    return read_contents(bundle).get(treatment.asset) if treatment.asset else None


def read_text(treatment: Treatment, bundle: Bundle) -> str:
    """Return the words of a treatment; nothing where it has none.

    A bundle of before assets names the file itself.

    Raises:
        BundleError: the file is not there.
    """
    asset = find_asset(treatment, bundle)
    file = asset.text if asset else treatment.template
    return bundle.text(file) if file else ""


def find_fault(treatment: Treatment, bundle: Bundle, at: datetime) -> str | None:
    """Return why what a treatment says may not be said at a moment, as `code:asset`; else None.

    What says nothing of its own (an entry in an audience) has no asset, and nothing against it.
    """
    if not treatment.asset:
        return None
    asset = find_asset(treatment, bundle)
    if asset is None:
        return f"content_unknown:{treatment.asset}"
    if treatment.channel not in asset.channels:
        return f"content_not_for_{treatment.channel}:{asset.name}"
    return find_asset_fault(asset, at.date())


def find_asset_fault(asset: ContentAsset, day: date) -> str | None:
    """Return why an asset may not be used on a day, in UTC; None where it may."""
    if asset.status is AssetStatus.RETIRED:
        return f"content_retired:{asset.name}"
    if asset.status is not AssetStatus.APPROVED or not asset.approver:
        return f"content_unapproved:{asset.name}"
    if day > asset.valid_until:
        return f"content_expired:{asset.name}"
    if day < asset.valid_from:
        return f"content_not_yet_valid:{asset.name}"
    return None


def find_fault_at_send(
    treatment: Treatment, decided_by: Bundle, in_force: Bundle, at: datetime
) -> str | None:
    """Return why a decided treatment may not leave now; None where it may.

    The words that would leave are those of the bundle that decided, and the bundle in force has
    the last word on them: what it has retired, or not at all any more, does not leave. One that
    knows no assets says nothing.
    """
    fault = find_fault(treatment, decided_by, at)
    if fault or not read_contents(in_force):
        return fault
    return find_fault(treatment, in_force, at)
