"""At most one touch, whatever fails and however often it is tried; and never without consent."""

from hypothesis import given
from hypothesis import strategies as st

from functions.action.repository import People
from mos.errors import UnavailableError
from mos.memory.asker import FakeAsker
from mos.memory.table import FakeTable
from mos.model.consent import Basis, ConsentState, Purpose, Suppression
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Profile, Trait
from mos.ports import Record
from tests.builders import NOON, edge
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.worlds import modest

FAILURES = st.lists(
    st.sampled_from(["unavailable", "uncertain", "lost", "429", "500", "503"]), max_size=4
)


class FlakyTable(FakeTable):
    """A table that dies at the writes that it is told to: before or after it has stored."""

    def __init__(self, deaths: dict[int, str]) -> None:
        super().__init__()
        self.deaths, self.writes = deaths, 0

    def save(self, record: Record) -> Record:
        self.writes += 1
        how = self.deaths.pop(self.writes, "")
        if how == "before":
            raise UnavailableError("actions", "died before the write")
        stored = super().save(record)
        if how == "after":
            raise UnavailableError("actions", "died after the write")
        return stored


def person(*purposes: Purpose, stops: tuple[str, ...] = ()) -> Profile:
    return Profile(
        profile_id="per_1",
        identifiers=(edge("email:jane@acme.example"),),
        traits={"timezone": Trait(value="Europe/London", at=NOON, signal_id="s")},
        consents=tuple(
            ConsentState(purpose=p, granted=True, basis=Basis.CONSENT, since=NOON, signal_id="s")
            for p in sorted(purposes)
        ),
        suppressions=tuple(
            Suppression(channel=c, reason="asked", since=NOON, signal_id="s") for c in stops
        ),
    )


def kept(profile: Profile) -> FakeTable:
    table = FakeTable()
    table.save(Record(f"PERSON#{profile.profile_id}", "PROFILE", profile.canonical()))
    return table


deaths = st.dictionaries(st.integers(1, 6), st.sampled_from(["before", "after"]), max_size=3)


@modest(80)
@given(FAILURES, deaths)
def test_a_mail_leaves_at_most_once(failures: list[str], dying: dict[int, str]) -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)), actions=FlakyTable(dying))
    layer.wire.failures = list(failures)

    said, at = layer.deliver(mailed())
    again, _ = layer.deliver(mailed(), at)

    assert len(layer.wire.mails) <= 1
    assert (said.status is DeliveryStatus.SENT) <= (len(layer.wire.mails) == 1)
    assert len(layer.wire.mails) == 1 or said.status is DeliveryStatus.UNKNOWN
    assert said.model_dump_json() == again.model_dump_json()


@modest(50)
@given(FAILURES, deaths)
def test_a_provider_that_dedups_gets_it_exactly_once(
    failures: list[str], dying: dict[int, str]
) -> None:
    layer = Delivering(kept(person(Purpose.PHONE_SALES)), actions=FlakyTable(dying))
    layer.wire.failures = list(failures)

    said, _ = layer.deliver(mailed(action="bdr_call", channel="hubspot_task"))

    keys = {body["inputs"][0]["id"] for _, _, body in layer.wire.posts}
    assert len(keys) == 1
    assert said.status is DeliveryStatus.SENT


@modest(50)
@given(
    st.sets(st.sampled_from(list(Purpose))),
    st.lists(st.sampled_from(["email", "all"]), max_size=2).map(tuple),
)
def test_nothing_is_sent_without_a_grant(purposes: set[Purpose], stops: tuple[str, ...]) -> None:
    layer = Delivering(kept(person(*purposes, stops=stops)))

    said, _ = layer.deliver(mailed())

    may = Purpose.EMAIL_MARKETING in purposes and not stops
    assert len(layer.wire.mails) == may
    assert said.status is (DeliveryStatus.SENT if may else DeliveryStatus.REFUSED)


answers = st.one_of(
    st.none(), st.text(max_size=30), st.dictionaries(st.sampled_from(["subject", "body", "allow",
    "eligible", "action", "to"]), st.one_of(st.booleans(), st.text(max_size=30)), max_size=4),
)  # fmt: skip


@modest(30)
@given(answers)
def test_no_draft_makes_an_ineligible_action_eligible(answer: object) -> None:
    layer = Delivering(kept(person()), asker=FakeAsker({"draft_email": answer}))

    said, _ = layer.deliver(mailed())

    assert said.status is DeliveryStatus.REFUSED
    assert layer.wire.mails == []


@modest(30)
@given(answers)
def test_whatever_the_model_drafts_the_mail_carries_its_link(answer: object) -> None:
    asker = FakeAsker({"draft_email": answer})
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)), asker=asker)

    layer.deliver(mailed())

    [mail] = layer.wire.mails
    assert mail["to"] == "jane@acme.example"
    assert f"go?a={mail['tags']['action_id']}" in str(mail["body"])


@modest(20)
@given(st.integers(1, 20))
def test_a_merged_person_is_still_found(hops: int) -> None:
    table = kept(person(Purpose.EMAIL_MARKETING))
    for i in range(1, hops):
        last = "per_1" if i == hops - 1 else f"old_{i + 1}"
        table.save(Record(f"PERSON#old_{i}", "PROFILE", tags={"redirect": last}))

    found = People(table, FakeTable()).find("old_1" if hops > 1 else "per_1")

    assert found is not None
    assert found.profile_id == "per_1"
