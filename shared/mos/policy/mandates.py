"""Who may do what, as a bundle says. Pure."""

from mos.model.mandate import Mandate
from mos.policy.bundle.bundle import Bundle


def read_mandates(bundle: Bundle) -> dict[str, Mandate]:
    """Return what each agent, and the operator, may do, by name.

    Raises:
        BundleError: a page of an agent is wrong.
    """
    return {one.name: one for one in bundle.nouns(Mandate, "agents")}
