"""Who is it: what a marketer expects of identity, consent and companies."""

from mos.model.base import derive_id
from mos.model.consent import Purpose
from mos.model.profile import Profile
from mos.model.signal import Actor, Signal, SignalKind
from tests.builders import grants, signal
from tests.property.worlds import Unifier

JANE, RAVI = "email:jane@acme.example", "email:ravi@freight.example"
DEVICE = "anonymous_id:a1"


def unified(*signals: Signal) -> Unifier:
    return Unifier().take([[s] for s in signals])


def only(layer: Unifier) -> Profile:
    [profile] = layer.people().values()
    return profile


def test_what_a_device_did_becomes_the_known_persons() -> None:
    layer = unified(signal(ids=(DEVICE,)), signal(minute=1, ids=(JANE, DEVICE)))

    assert only(layer).counts == {"page": 2}
    assert only(layer).is_known


def test_a_shared_mailbox_identifies_nobody() -> None:
    layer = unified(signal(ids=("email:info@acme.example",)))

    assert layer.people() == {}


def test_a_placeholder_never_merges_strangers() -> None:
    layer = unified(
        signal(ids=(JANE, "user_id:null")), signal(minute=1, ids=(RAVI, "user_id:null"))
    )

    assert len(layer.people()) == 2


def test_two_known_people_on_one_device_stay_two() -> None:
    layer = unified(signal(ids=(JANE, DEVICE)), signal(minute=1, ids=(RAVI, DEVICE)))

    assert layer.partition() == {frozenset({JANE, DEVICE}), frozenset({RAVI})}


def test_a_new_name_on_two_known_peoples_devices_is_a_third_person() -> None:
    layer = unified(
        signal(ids=(JANE, DEVICE)),
        signal(minute=1, ids=(RAVI, "anonymous_id:a2")),
        signal(minute=2, ids=("email:mo@third.example", DEVICE, "anonymous_id:a2")),
    )

    assert frozenset({"email:mo@third.example"}) in layer.partition()


def test_a_second_device_without_a_name_joins_the_known_one() -> None:
    layer = unified(
        signal(ids=(JANE, DEVICE)),
        signal(minute=1, ids=("anonymous_id:a2",)),
        signal(minute=2, ids=(DEVICE, "anonymous_id:a2")),
    )

    assert only(layer).counts == {"page": 3}


def test_two_names_of_one_person_are_merged_by_the_signal_that_says_so() -> None:
    layer = unified(
        signal(ids=(JANE,)), signal(minute=1, ids=("user_id:u1",)),
        signal(minute=2, ids=(JANE, "user_id:u1")),
    )  # fmt: skip

    assert {i.key for i in only(layer).identifiers} == {JANE, "user_id:u1"}


def test_a_free_mail_domain_makes_no_company() -> None:
    layer = unified(signal(ids=("email:jane@gmail.com",)))

    person = only(layer)
    assert person.account_id == derive_id("acc", "solo", person.profile_id)


def test_a_stated_company_is_not_forgotten_at_the_next_page_view() -> None:
    stated = signal(SignalKind.IDENTIFY, ids=(JANE,), company={"domain": "www.Other.example"})

    layer = unified(stated, signal(minute=1, ids=(JANE,)))

    assert only(layer).account_id == derive_id("acc", "domain", "other.example")


def test_the_company_stated_last_holds_in_whatever_order_it_came() -> None:
    old = signal(ids=(JANE,), company={"domain": "old.example"})
    new = signal(minute=1, ids=(JANE,), company={"domain": "new.example"})

    assert only(unified(new, old)).account_id == derive_id("acc", "domain", "new.example")


def test_the_most_restrictive_consent_wins_a_merge() -> None:
    no = signal(ids=("user_id:u1",), consent=grants(Purpose.EMAIL_MARKETING, granted=False))
    yes = signal(minute=1, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))

    layer = unified(no, yes, signal(minute=2, ids=(JANE, "user_id:u1")))

    assert only(layer).allows(Purpose.EMAIL_MARKETING) is None


def test_she_may_change_her_mind_after_a_merge() -> None:
    no = signal(ids=("user_id:u1",), consent=grants(Purpose.EMAIL_MARKETING, granted=False))
    merged = signal(minute=2, ids=(JANE, "user_id:u1"))
    yes = signal(minute=3, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))

    layer = unified(no, signal(minute=1, ids=(JANE,)), merged, yes)

    assert only(layer).allows(Purpose.EMAIL_MARKETING) is not None


def test_a_bounce_that_a_machine_reports_stops_the_mail() -> None:
    bounced = signal(SignalKind.EMAIL_BOUNCED, ids=(JANE,), actor=Actor.MACHINE)

    assert [s.channel for s in only(unified(bounced)).suppressions] == ["email"]


def test_a_machines_click_counts_for_nothing() -> None:
    clicked = signal(SignalKind.EMAIL_CLICKED, ids=(JANE,), actor=Actor.MACHINE)

    assert only(unified(clicked)).engagement == 0
