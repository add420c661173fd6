"""The words by which a mailbox is asked whether a yes was its owner's. Pure: never drafted.

`content/confirmation/<language>.md`: the first line is the subject, after `# `; the blanks are
`{sender}` and `{confirm}`, the link. Nothing that a stranger wrote stands in it.
"""

import hashlib
from datetime import timedelta

from functions.action.page_record import read_words
from mos.errors import BundleError
from mos.events import ActionDecided, ConfirmationNeeded
from mos.model.action import Action, ActionClass, Treatment
from mos.policy.bundle.bundle import Bundle
from mos.vocabulary.language import read_language

FOLDER = "content/confirmation"
_LAST = "en"
_EXPIRES = timedelta(hours=24)


def confirming(event: ConfirmationNeeded, bundle: Bundle) -> ActionDecided:
    """Return what the wire is given: a service mail that nobody chose among others."""
    treatment = Treatment(name="plain", channel="email")
    action = Action(
        name="confirm_address", issue="consent", group="internal", klass=ActionClass.TRANSACTIONAL,
        why="Ask whether the yes was theirs.", touches=False, treatments=(treatment,),
    )  # fmt: skip
    return ActionDecided(
        event_id=event.event_id,
        cause_id=event.cause_id,
        trace_id=event.trace_id,
        occurred_at=event.occurred_at,
        run_id=event.event_id,
        bundle=bundle.digest,
        decision_id=event.event_id,
        group_id="none",
        account_id="none",
        person_id=event.person_id,
        action=action,
        treatment=treatment.name,
        channel=treatment.channel,
        segment="none",
        probability=1.0,
        reason="a yes waits until its mailbox's owner confirms it",
        expires_at=event.occurred_at + _EXPIRES,
    )


def write_confirmation(
    event: ConfirmationNeeded, link: str, bundle: Bundle
) -> tuple[str, str, str, str]:
    """Return language, subject and text, and the version of the words as they stand in the bundle.

    Raises:
        BundleError: the bundle has no such words.
    """
    known = (read_language(event.language) or "").partition("-")[0]
    offered = bundle.names(FOLDER, ".md")
    usual = read_words("language_default", bundle) or _LAST
    language = known if known in offered else usual
    page = bundle.text(f"{FOLDER}/{language}.md")
    first, _, rest = page.strip().partition("\n")
    if not first.startswith("# ") or "{confirm}" not in rest:
        raise BundleError(f"{FOLDER}/{language}.md", "begin with `# subject`, and have {confirm}")
    blanks = {"sender": read_words("mail_sender", bundle), "confirm": link}
    for name, value in blanks.items():
        first, rest = (text.replace("{" + name + "}", value) for text in (first, rest))
    version = hashlib.sha256(page.encode()).hexdigest()[:12]
    return language, first.removeprefix("# ").strip(), rest.strip(), version


def read_limit(name: str, bundle: Bundle) -> int:
    """Return how many may be sent in a span; none where the bundle does not say."""
    return int(bundle.number(name)) if name in bundle.parameters else 0
