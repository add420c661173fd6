"""The answers of a LinkedIn lead, named by the questions of its form. Pure."""

from collections.abc import Iterator, Mapping

from functions.webhook import form
from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, flag, inner, several, text
from functions.webhook.identity import named
from functions.webhook.source import Translation, only
from mos.model.base import canonical
from mos.model.lookup import READ, RecordName
from mos.model.signal import SignalKind

_LEAD_ANSWERS = "lead_answers"
_OPTIONS = "multipleChoiceQuestionDetails"


def translate_record(record: RecordName, body: Json, delivery: Delivery) -> Translation:
    """Return the signal of a lead's answers: the lead itself was counted when its notice came.

    An answer names its question by an id, and a choice its option: the form says what they are. A
    consent is kept under its number: what somebody agreed to there is for a person to say.

    Raises:
        MalformedError: it is no lead.
    """
    said = element(body, "the answer")
    lead = inner(said, "response")
    questions = {
        str(text(element(one), "questionId")): element(one)
        for one in several(inner(inner(said, "form"), "content"), "questions")
    }
    given = inner(lead, "formResponse")
    answered = form.read(_list_answers(several(given, "answers"), questions))
    consents = {
        str(text(element(one), "consentId")): flag(element(one), "accepted")
        for one in several(given, "consentResponses")
    }
    draft = Draft(
        key=canonical(["read", body]),
        kind=SignalKind.CONTACT_CHANGED,
        name="LEAD_ACTION.read",
        at=moment(lead.get("submittedAt"), "submittedAt"),
        identifiers=(named("linkedin_id", record.record_id), *answered.identifiers),
        traits=answered.traits,
        company=answered.company,
        properties={
            "property": _LEAD_ANSWERS, READ: True,
            "form_id": text(lead, "versionedLeadGenFormUrn"),
            **({"answers": answered.answers} if answered.answers else {}),
            **({"disclaimers": consents} if consents else {}),
        },
        is_test=flag(lead, "testLead"),
    )  # fmt: skip
    return only(draft, delivery)


def _list_answers(
    answers: list[Json], questions: Mapping[str, Element]
) -> Iterator[tuple[str, Json]]:
    for one in answers:
        number = text(element(one), "questionId") or "unknown"
        question = questions.get(number, {})
        details = inner(element(one), "answerDetails")
        name = text(question, "predefinedField") or text(question, "name")
        asked = name or _read_localized(question.get("question")) or number
        chosen = several(inner(details, "multipleChoiceAnswer"), "options")
        if chosen:
            options = _list_options(question)
            yield asked, [options.get(str(option), str(option)) for option in chosen]
        else:
            yield asked, inner(details, "textQuestionAnswer").get("answer")


def _list_options(question: Element) -> dict[str, str]:
    """Return the options by their ids; one without an id is known by its place."""
    listed = several(inner(inner(question, "questionDetails"), _OPTIONS), "options")
    return {
        str(text(element(one), "id") or place): _read_localized(one.get("text")) or str(place)
        for place, one in enumerate(listed)
    }


def _read_localized(value: Json) -> str | None:
    if isinstance(value, str):
        return value or None
    words = inner(value, "localized") if isinstance(value, Mapping) else {}
    return next((str(words[lang]) for lang in sorted(words)), None)
