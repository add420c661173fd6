"""What somebody said on a public page, as a signal: a machine's apart from a person's. Pure."""

from dataclasses import replace
from datetime import datetime

from functions.webhook.draft import Delivery, Draft, signal
from functions.webhook.receive import Received, keep_evidence
from functions.webhook.source import Translation
from mos.model.page import PAGES
from mos.model.signal import Actor, Trust


def keep_word(key: str, draft: Draft, now: datetime) -> Received:
    """Return a word with its evidence; the same word of the same kind of speaker is one.

    A scanner that has posted a page takes no word from the person who says the same later.
    """
    if draft.actor[0] is Actor.MACHINE:
        key, draft = f"{key}:machine", replace(draft, key=f"{draft.key}:machine")
    made = signal(draft, Delivery(PAGES, Trust.TOKEN, now))
    return keep_evidence(PAGES, key, Translation((made,)))
