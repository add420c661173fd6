"""Ask a model for a mail's words: whatever it does, the mail can leave."""

from collections.abc import Callable

from mos.errors import UnavailableError
from mos.events import ActionDecided
from mos.ports import Asker
from mos.tasks import draft_email


def ask_draft(
    brief: draft_email.EmailBrief,
    event: ActionDecided,
    asker: Asker,
    warn: Callable[[str], None],
) -> draft_email.EmailDraft:
    """Return what a model drafts, or the template where none does, or its draft is no use.

    `warn` is told by which error none did, or what its draft says that it may not.
    """
    context = {
        "decision_id": event.decision_id,
        "bundle": event.bundle,
        "people": event.person_id or "",
    }
    template = draft_email.fill(brief)
    try:
        answer = asker.ask(draft_email.TASK.name, brief.model_dump(mode="json"), context)
        draft = draft_email.EmailDraft.model_validate(answer["answer"])
    except (UnavailableError, ValueError, KeyError, TypeError) as error:
        warn(type(error).__name__)
        return template
    # Asked here as well: another release may have answered, or one without these rules.
    if draft != template and (objection := draft_email.find_objection(brief, draft)):
        warn(f"objection {objection}")
        return template
    return draft
