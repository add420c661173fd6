"""At most one touch, whatever fails and however often it is tried; and never without consent."""

from hypothesis import given
from hypothesis import strategies as st

from functions.action.handler import step
from functions.action.repository import Deliveries, People
from mos.errors import ConflictError, UnavailableError
from mos.events import ActionDecided, ActionDelivered
from mos.memory.asker import FakeAsker
from mos.memory.table import FakeTable
from mos.memory.tools import FakeTools
from mos.model.consent import Basis, ConsentState, Purpose, Suppression
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Profile
from mos.ports import Moment, Record
from tests.builders import NOON, edge
from tests.property.steps import mailed, store
from tests.property.worlds import modest

FAILURES = st.lists(st.sampled_from(["unavailable", "uncertain"]), max_size=3)


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


def tried(
    event: ActionDecided, table: FakeTable, people: FakeTable, tools: FakeTools, times: int
) -> list[ActionDelivered]:
    """Deliver as the workflow does: again after every error."""
    said = []
    for _ in range(times):
        try:
            said.append(
                step(event, Moment(NOON), Deliveries(table), People(people, FakeTable()), store(),
                     FakeAsker(), tools)
            )  # fmt: skip
        except (UnavailableError, ConflictError):
            continue
    return said


deaths = st.dictionaries(st.integers(1, 5), st.sampled_from(["before", "after"]), max_size=3)


@modest(80)
@given(FAILURES, deaths)
def test_a_mail_leaves_at_most_once(failures: list[str], dying: dict[int, str]) -> None:
    tools, table = FakeTools(), FlakyTable(dying)
    tools.failures = list(failures)

    said = tried(mailed(), table, kept(person(Purpose.EMAIL_MARKETING)), tools, 12)

    assert len(tools.mails) <= 1
    assert said
    assert (said[-1].status is DeliveryStatus.SENT) <= (len(tools.mails) == 1)
    assert len(tools.mails) == 1 or said[-1].status is DeliveryStatus.UNKNOWN
    assert len({event.model_dump_json() for event in said}) == 1


@modest(50)
@given(FAILURES, deaths)
def test_a_provider_that_dedups_gets_it_exactly_once(
    failures: list[str], dying: dict[int, str]
) -> None:
    tools, table = FakeTools(), FlakyTable(dying)
    tools.failures = list(failures)
    event = mailed(action="bdr_call", channel="hubspot_task")

    said = tried(event, table, kept(person(Purpose.PHONE_SALES)), tools, 12)

    keys = {body["inputs"][0]["id"] for _, _, body in tools.posts}  # type: ignore[index]
    assert len(keys) == 1
    assert said[-1].status is DeliveryStatus.SENT


@modest(50)
@given(
    st.sets(st.sampled_from(list(Purpose))),
    st.lists(st.sampled_from(["email", "all"]), max_size=2).map(tuple),
)
def test_nothing_is_sent_without_a_grant(purposes: set[Purpose], stops: tuple[str, ...]) -> None:
    tools = FakeTools()

    said = tried(mailed(), FakeTable(), kept(person(*purposes, stops=stops)), tools, 2)

    may = Purpose.EMAIL_MARKETING in purposes and not stops
    assert len(tools.mails) == may
    assert said[0].status is (DeliveryStatus.SENT if may else DeliveryStatus.REFUSED)


answers = st.one_of(
    st.none(), st.text(max_size=30), st.dictionaries(st.sampled_from(["subject", "body", "allow",
    "eligible", "action", "to"]), st.one_of(st.booleans(), st.text(max_size=30)), max_size=4),
)  # fmt: skip


@modest(30)
@given(answers)
def test_no_draft_makes_an_ineligible_action_eligible(answer: object) -> None:
    asker, tools = FakeAsker({"draft_email": answer}), FakeTools()

    people = People(kept(person()), FakeTable())
    said = step(mailed(), Moment(NOON), Deliveries(FakeTable()), people, store(), asker, tools)

    assert said.status is DeliveryStatus.REFUSED
    assert tools.mails == []


@modest(30)
@given(answers)
def test_whatever_the_model_drafts_the_mail_carries_its_link(answer: object) -> None:
    asker, tools = FakeAsker({"draft_email": answer}), FakeTools()
    people = kept(person(Purpose.EMAIL_MARKETING))

    step(
        mailed(),
        Moment(NOON),
        Deliveries(FakeTable()),
        People(people, FakeTable()),
        store(),
        asker,
        tools,
    )

    [mail] = tools.mails
    assert mail["to"] == "jane@acme.example"
    assert f"go?a={mail['tags']['action_id']}" in str(mail["body"])  # type: ignore[index]


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
