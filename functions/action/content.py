"""Which words a delivery says: their asset, its version and its claims stay with it. Pure."""

from functions.action.compose import treatment_of
from mos.events import ActionDecided
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.policy.asset_language import find_missing_language, find_said_language
from mos.policy.bundle.bundle import Bundle
from mos.policy.content import find_asset


def note_content(event: ActionDecided, delivery: Delivery, bundle: Bundle) -> Delivery:
    """Return the delivery with the asset whose words it says, as the deciding bundle has it."""
    asset = find_asset(treatment_of(event), bundle)
    if asset is None:
        return delivery
    return delivery.model_copy(
        update={
            "asset": asset.name,
            "asset_version": asset.version,
            "claims": tuple(claim.says for claim in asset.claims),
        }
    )


def note_language(
    event: ActionDecided, delivery: Delivery, person: Profile | None, bundle: Bundle
) -> Delivery:
    """Return the delivery with the language that it is read in, and the one that is missing."""
    treatment, reads = treatment_of(event), person.trait("language") if person else None
    missing = find_missing_language(event.action, treatment, reads, bundle)
    if not missing:
        return delivery
    said = {"language_missing": missing, "language": find_said_language(treatment, reads, bundle)}
    return delivery.model_copy(update=said)
