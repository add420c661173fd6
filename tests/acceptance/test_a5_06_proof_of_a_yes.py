"""Row A.5.6: where a yes by mail takes a confirmation, a signed door is no proof of one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.data.unify import add
from functions.webhook.consent import grants as read_grants
from mos.identity.fold import fold_all
from mos.identity.lists.body import build_body
from mos.identity.lists.record import ListReading, read_record
from mos.identity.lists.sheet import open_sheet
from mos.model.consent import Basis, ConsentGrant, ConsentState, Purpose
from mos.model.profile import Edge, Profile
from mos.model.signal import Actor, Provenance, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from tests.acceptance.test_a5_06_double_opt_in import asked, path_of
from tests.builders import NOON, grants, signal, without_holdout
from tests.property.worlds import modest, policy
from tests.system_in_process import System
from tests.visiting import BOX, Visitor

MAIL = Purpose.EMAIL_MARKETING


def form(country: str | None = "DE", minute: float = 0, **fields: Any) -> Signal:
    """A form of a website that signs what it sends."""
    said = {"consent": grants(MAIL), "kind": SignalKind.LEAD_SUBMITTED} | fields
    traits = {"country": country} if country else {}
    return signal(said.pop("kind"), minute=minute, ids=(f"email:{BOX}",), traits=traits, **said)


def state(system: System) -> ConsentState:
    [found] = system.profile(BOX).consents
    return found


def played(*signals: Signal) -> System:
    system = System()
    system.play(*signals)
    return system


def test_a5_06_a_signed_form_from_there_waits_and_its_mailbox_is_asked_once() -> None:
    system = played(form(), form(minute=5))

    assert (state(system).granted, state(system).pending) == (False, True)
    assert [mail["to"] for mail in asked(system)] == [BOX]
    assert system.profile(BOX).consents[0].address == BOX


def test_a5_06_the_button_makes_a_signed_yes_consent_and_another_form_takes_nothing_back() -> None:
    system = played(form())
    visitor = Visitor(system)
    visitor.knock(path_of(asked(system)[0]), {})
    visitor.settle()

    confirmed = state(system)
    system.play(form(minute=600))

    assert (confirmed.granted, confirmed.pending, confirmed.unproven) == (True, False, False)
    assert state(system) == confirmed
    assert len(asked(system)) == 1


@pytest.mark.parametrize("where", ["US", "Vereinigte Staaten", None])
def test_a5_06_elsewhere_and_nobody_knows_where_a_signed_yes_counts(where: str | None) -> None:
    system = played(form(where))

    assert state(system).granted
    assert asked(system) == []


@pytest.mark.parametrize("where", ["DE", "Deutschland", "AUT", "Schweiz"])
def test_a5_06_there_is_there_however_it_is_written(where: str) -> None:
    assert state(played(form(where))).pending


def test_a5_06_who_turns_out_to_be_there_is_asked_then() -> None:
    system = played(form(None))
    before = state(system).granted
    system.play(form("DE", minute=90, kind=SignalKind.IDENTIFY, consent=()))

    assert before
    assert state(system).pending
    assert len(asked(system)) == 1


def test_a5_06_where_the_form_says_it_was_given_counts_while_they_say_nothing_themselves() -> None:
    yes = (ConsentGrant(purpose=MAIL, granted=True, jurisdiction="DE"),)

    assert state(played(form(None, consent=yes))).pending
    assert state(played(form(None, company={"country": "Germany"}))).pending
    assert state(played(form("US", consent=yes))).granted


@pytest.mark.parametrize("basis", [Basis.CONTRACT, Basis.LEGITIMATE_INTEREST])
def test_a5_06_what_is_no_yes_takes_no_confirmation(basis: Basis) -> None:
    said = (ConsentGrant(purpose=MAIL, granted=True, basis=basis),)

    assert not state(played(form(consent=said))).pending


def test_a5_06_a_no_and_other_purposes_do_not_wait() -> None:
    words = (*grants(MAIL, granted=False), *grants(Purpose.PHONE_SALES))

    found = {s.purpose: s for s in played(form(consent=words)).profile(BOX).consents}

    assert found[MAIL].is_withdrawn
    assert found[Purpose.PHONE_SALES].granted


def test_a5_06_who_vouches_for_a_change_of_consent_is_believed_and_a_stranger_is_not() -> None:
    vouched = form(kind=SignalKind.CONSENT_CHANGED)
    stranger = form(kind=SignalKind.CONSENT_CHANGED, trust=Trust.UNSIGNED)

    assert state(played(vouched)).granted
    assert state(played(stranger)).pending


def test_a5_06_the_bundle_says_where() -> None:
    page = "parameters/privacy.csv"
    text = policy().text(page)
    line = next(one for one in text.splitlines() if one.startswith("double_opt_in"))
    moved = text.replace(line, line.replace('""DE"", ""AT"", ""CH""', '""@eea""'))

    def pends(country: str) -> bool:
        system = System(Bundle(without_holdout().files | {page: moved.encode()}))
        system.play(form(country))
        return state(system).pending

    assert [pends(country) for country in ("FR", "DE", "CH", "US")] == [True, True, False, False]


def row(**grant: Any) -> Signal:
    yes = (ConsentGrant(purpose=MAIL, granted=True, **grant),)
    return form(kind=SignalKind.LIST_ROW, consent=yes, actor=Actor.MACHINE,
                actor_reason="list_upload")  # fmt: skip


def test_a5_06_an_import_counts_where_it_states_a_confirmation_and_asks_nobody() -> None:
    bare, proven = played(row()), played(row(confirmed_at=NOON - timedelta(days=90)))

    assert state(bare).pending
    assert state(proven).granted
    assert asked(bare) == asked(proven) == []


@pytest.mark.parametrize(
    ("cell", "proof"),
    [
        ("yes", True), ("2025-03-04", True), ("no", False), ("", False), ("pending", False),
        ("perhaps", False),
    ],
)  # fmt: skip
def test_a5_06_a_lists_column_of_confirmations_is_the_proof(
    cell: str,
    proof: bool,  # noqa: FBT001  of a parametrised test
) -> None:
    text = f"Email,Country,Newsletter,Confirmed\n{BOX},DE,yes,{cell}\n"
    mapped = {"Newsletter": "consent:email_marketing", "Confirmed": "confirmed:email_marketing"}
    sheet = open_sheet(text.encode(), "list.csv", mapped, NOON)

    record = read_record(sheet.rows[0], ListReading(sheet.columns, Provenance.FIRST_PARTY, None))
    body = build_body(record, NOON)

    assert body["consent"] == {"email_marketing": True}
    assert ("confirmed_at" in body) is proof
    if cell.startswith("2025"):
        assert body["confirmed_at"] == datetime(2025, 3, 4, tzinfo=UTC).isoformat()


def test_a5_06_a_no_is_never_confirmed() -> None:
    [said] = read_grants({"email": False}, confirmed_at=NOON)

    assert said.confirmed_at is None


_STEPS = st.lists(
    st.tuples(
        st.sampled_from([None, "DE", "US", "CH", "Atlantis"]),
        st.sampled_from(["form", "no", "anybody", "proven", "vouched", "nothing"]),
    ),
    min_size=1,
    max_size=6,
)


def _step(number: int, country: str | None, what: str) -> Signal:
    words: dict[str, Any] = {
        "form": {}, "no": {"consent": grants(MAIL, granted=False)},
        "anybody": {"trust": Trust.UNSIGNED}, "nothing": {"consent": ()},
        "vouched": {"kind": SignalKind.CONSENT_CHANGED},
        "proven": {"consent": (ConsentGrant(purpose=MAIL, granted=True, confirmed_at=NOON),)},
    }[what]  # fmt: skip
    return form(country, minute=number, key=f"{number}", **words)


@modest(200)
@given(_STEPS, st.randoms(use_true_random=False), st.integers(0, 6))
def test_a5_06_however_it_comes_in_the_same_yes_waits(
    steps: list[tuple[str | None, str]], random: Any, cut: int
) -> None:
    signals = [_step(n, country, what) for n, (country, what) in enumerate(steps)]
    start = Profile(profile_id="per_1", identifiers=(Edge(type="email", value=BOX),))
    shuffled = random.sample(signals, len(signals))

    whole = fold_all(start, shuffled, policy())
    parts = add(fold_all(start, signals[:cut], policy()), signals[cut:], policy())

    assert whole.consents == parts.consents
    for one in whole.consents:
        country = whole.trait("country")
        if one.granted and country in {"DE", "CH"}:
            assert not one.unproven
