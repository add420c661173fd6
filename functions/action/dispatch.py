"""What a delivery is given to work with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.action.cap_keeper import CapKeeper
from functions.action.pages import PageKeeper
from functions.action.repository import People
from functions.action.wire import Wire
from mos.aws.bundles import BundleStore
from mos.ports import Asker


@dataclass(frozen=True)
class Dispatch:
    """All that a delivery needs: the wire, whom to reach, the bundle, a model, and the place.

    `place` is what the deployment says to every channel: `region`, `mail_from`. `pages` keeps what
    a mail's own pages show. `caps` look once more whether there is room for what is about to leave:
    without them nothing is counted.
    """

    wire: Wire
    people: People
    store: BundleStore
    asker: Asker
    place: Mapping[str, str] = field(default_factory=dict)
    pages: PageKeeper | None = None
    caps: CapKeeper | None = None
