"""The answers of a Meta lead, as the lead itself holds them. Pure."""

from collections.abc import Iterator, Mapping

from functions.webhook import form
from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, several, text
from functions.webhook.identity import named
from functions.webhook.source import Translation, only
from mos.model.base import canonical
from mos.model.lookup import READ, RecordName
from mos.model.signal import SignalKind

LEAD_ANSWERS = "lead_answers"
"""The property by which policy knows that whoever asked is known now."""
_DUMMY = "<test lead: dummy data for"
_ABOUT = (
    "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name", "form_id",
    "is_organic", "platform",
)  # fmt: skip


def translate_record(record: RecordName, body: Json, delivery: Delivery) -> Translation:
    """Return the signal of a lead's answers: the lead itself was counted when its notice came.

    Raises:
        MalformedError: it is no lead.
    """
    lead = element(body, "the lead")
    pairs = list(_list_answers(lead))
    answered = form.read(pairs)
    boxes = {
        str(text(box, "checkbox_key")): box.get("is_checked") == "1"
        for box in several(lead, "custom_disclaimer_responses")
        if isinstance(box, Mapping)
    }
    said = {name: lead[name] for name in _ABOUT if lead.get(name) is not None}
    draft = Draft(
        key=canonical(["read", body]),
        kind=SignalKind.CONTACT_CHANGED,
        name="leadgen.read",
        at=moment(lead.get("created_time"), "created_time"),
        identifiers=(named("meta_id", record.record_id), *answered.identifiers),
        traits=answered.traits,
        company=answered.company,
        properties={
            **said, "leadgen_id": record.record_id, "property": LEAD_ANSWERS, READ: True,
            **({"answers": answered.answers} if answered.answers else {}),
            **({"disclaimers": boxes} if boxes else {}),
        },
        is_test=any(str(value).startswith(_DUMMY) for _, value in pairs),
    )  # fmt: skip
    return only(draft, delivery)


def _list_answers(lead: Element) -> Iterator[tuple[str, Json]]:
    """Yield question and answer; several answers to one question are a list."""
    for one in several(lead, "field_data"):
        given = several(element(one), "values")
        yield text(one, "name") or "unknown", given[0] if len(given) == 1 else given
