"""Whatever a model answers, the mail that leaves holds our link alone, and no number of its own."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mos.model.consent import Purpose
from mos.tasks.draft_email import EmailBrief, EmailDraft, find_objection
from tests.acceptance.test_a5_15_drafts import BRIEF, GOOD, INVENTED, LINKS
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person
from tests.property.worlds import modest

_DIGITS = re.compile(r"\d+")
_LINKED = re.compile(r"[a-z]+://\S+|www\.\S+|\S+@\S+|[a-z0-9-]+\.[a-z]{2,}\S*", re.IGNORECASE)

PIECES = st.one_of(
    st.sampled_from((*GOOD, *LINKS, *INVENTED, "{link}", "{link}", "{link}x", " ", "\n\n", "Ada")),
    st.text(max_size=12),
    st.text(alphabet="ab.:/@ 019%$[]()<>\u3002\u200b\u0430", max_size=12),
    st.integers().map(str),
)
BODIES = st.lists(PIECES, min_size=1, max_size=6).map(" ".join)


class Model:
    """A model that answers these words, with the link that it was given where they say so."""

    def __init__(self, subject: str, body: str) -> None:
        self.subject, self.body = subject, body

    def ask(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> Any:
        body = self.body.replace("{link}", str(question["link"]))
        return {"answer": {"subject": self.subject, "body": body}, "by": "fake"}

    def ask_later(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> None:
        raise AssertionError("nobody asks for a draft later")


@modest(150)
@given(st.one_of(st.sampled_from(["Your own numbers", *LINKS]), st.text(max_size=70)), BODIES)
def test_the_mail_that_leaves_holds_our_link_alone_and_no_number_of_the_model(
    subject: str, body: str
) -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)), asker=Model(subject, body))

    layer.deliver(mailed())

    [mail] = layer.wire.mails
    # What stands under every mail is ours, and no model's.
    text, _, _ = str(mail["body"]).partition("\n-- \n")
    links = [found for found in text.split() if f"a={mail['tags']['action_id']}" in found]
    assert len(links) == 1
    rest = unicodedata.normalize("NFKC", f"{mail['subject']}\n{text}".replace(links[0], " "))
    assert _LINKED.findall(rest) == []
    assert _DIGITS.findall(rest) == []


@modest(300)
@given(BODIES, st.sampled_from(["12", "3"]))
def test_what_is_not_objected_to_holds_only_what_it_was_given(body: str, number: str) -> None:
    said = EmailDraft.model_construct(
        subject="Your own numbers", body=f"{body} {BRIEF.link} {number}"
    )

    if find_objection(BRIEF, said) is None:
        rest = unicodedata.normalize("NFKC", said.body.replace(BRIEF.link, " "))
        assert _LINKED.findall(rest) == []
        assert set(_DIGITS.findall(rest)) <= {"12", "3"}


@modest(200)
@given(st.sampled_from(GOOD), st.sampled_from((*LINKS, *INVENTED)), st.integers(0, 80))
def test_one_bad_word_spoils_a_good_draft_wherever_it_stands(
    good: str, bad: str, place: int
) -> None:
    cut = good.find(" ", min(place, len(good)))
    words = f"{good[:cut]} {bad} {good[cut:]}" if cut > 0 else f"{good} {bad}"
    brief: EmailBrief = BRIEF

    assert find_objection(
        brief, EmailDraft(subject="Your own numbers", body=f"{words} {brief.link}")
    )
