"""One signal through all seven steps, and the loop closed."""

from mos.events import ActionDecided, ActionDelivered
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.signal import Signal, SignalKind
from tests.builders import grants, signal
from tests.system_in_process import System

FINTECH = {"name": "Acme Pay", "domain": "acmepay.example", "employees": 900,
           "industry": "fintech", "country": "US"}  # fmt: skip


def browsing(
    count: int, ids: tuple[str, ...] = ("anonymous_id:a1",), path: str = "/pricing"
) -> list[Signal]:
    return [
        signal(
            SignalKind.PAGE,
            minute=i / 10,
            ids=ids,
            properties={"path": path},
            key=f"{ids}{path}{i}",
        )
        for i in range(count)
    ]


def jane(minute: float = 5) -> Signal:
    return signal(
        SignalKind.LEAD_SUBMITTED,
        minute=minute,
        ids=("email:jane@acmepay.example", "anonymous_id:a1"),
        traits={"first_name": "Jane", "last_name": "Doe", "title": "VP Finance", "country": "US"},
        company=FINTECH,
        consent=grants(Purpose.EMAIL_MARKETING, Purpose.ADVERTISING),
    )


def test_a_form_of_a_fitting_buyer_goes_to_an_account_executive() -> None:
    system = System()
    system.play(*browsing(4))

    system.play(jane())

    decided, delivered = system.history[-1][3], system.history[-1][4]
    assert isinstance(decided, ActionDecided)
    assert isinstance(delivered, ActionDelivered)
    assert decided.action.name == "ae_handoff"
    assert delivered.status is DeliveryStatus.SENT
    assert [provider for provider, _, _ in system.wire.posts] == ["hubspot"]


def test_what_she_read_before_she_had_a_name_counts() -> None:
    system = System()
    system.play(*browsing(4))

    system.play(jane())

    text = system.ask("profile", subject="jane@acmepay.example").text
    assert "Jane Doe, likely economic_buyer (80%), at Acme Pay" in text
    assert "pricing" in text


def test_why_cites_a_row_for_every_clause() -> None:
    system = System()
    system.play(*browsing(4), jane())

    text = system.ask("why", subject="jane@acmepay.example").text

    assert "Group is prioritized" in text
    assert "[lifecycle/group#prioritized:" in text
    assert "[routing/route#economic_buyer_present]" in text
    assert "Not bdr_call: Routing does not send this group to a BDR." in text
    assert "[gates/applicability#bdr_not_routed" in text


def test_a_trace_shows_all_seven_steps() -> None:
    system = System()
    form = jane()
    system.play(*browsing(4), form)

    steps = system.ask("trace", id=form.signal_id).data["steps"]

    assert [s["step"] for s in steps] == [
        "receive", "unify", "place", "permit", "decide", "deliver", "learn",
    ]  # fmt: skip


def test_without_consent_no_mail_leaves() -> None:
    system = System()
    silent = jane().model_copy(update={"consent": (), "company": {}})

    system.play(*browsing(4), silent)

    assert system.wire.mails == []
    assert "There is no recorded basis" in system.ask("why", subject="jane@acmepay.example").text


def reader(minute: float, kind: SignalKind = SignalKind.IDENTIFY, **fields: object) -> Signal:
    return signal(
        kind,
        minute=minute,
        ids=("email:ravi@freight.example", "anonymous_id:r1"),
        traits={"first_name": "Ravi", "title": "Security engineer", "country": "US"},
        company={"name": "Freight", "domain": "freight.example", "employees": 120,
                 "industry": "logistics", "country": "US"},
        consent=grants(Purpose.EMAIL_MARKETING),
        **fields,
    )  # fmt: skip


def test_a_click_changes_the_next_decision() -> None:
    system = System()
    system.play(*browsing(3, ("anonymous_id:r1",), "/security/sso"), reader(2))
    first = system.history[-1][3]
    assert isinstance(first, ActionDecided)
    assert first.action.name == "email_security"
    mail = system.wire.mails[0]
    clicked = reader(
        60,
        SignalKind.EMAIL_CLICKED,
        properties={"action_id": mail["tags"]["action_id"]},  # type: ignore[index]
    )

    system.later(days=1, minutes=5)
    system.play(clicked.model_copy(update={"received_at": system.now, "occurred_at": system.now}))

    arm = system.tables["lessons"].get("ARM#moderate", f"email_security#{first.treatment}")
    second = system.history[-1][3]
    assert arm is not None
    assert arm.numbers == {"trials": 1, "successes": 1}
    assert isinstance(second, ActionDecided)
    assert second.action.name == "email_case_study"
