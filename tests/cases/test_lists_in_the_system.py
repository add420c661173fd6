"""What a list says, in the whole system: stops hold, and a dead mailbox is nobody's word."""

from datetime import timedelta

from mos.model.consent import Purpose
from mos.model.signal import SignalKind
from tests.builders import NOON, signal
from tests.cases.lists import signals
from tests.cases.test_exports import raw
from tests.system_in_process import System

CLEANED, GOOGLE, CALENDLY = "14-mailchimp-cleaned", "17-google-contacts", "48-calendly-events"


def agreed(mailbox: str) -> System:
    """Return a system in which somebody has said yes to mail, before the list was saved."""
    system = System()
    grant = {"purpose": Purpose.EMAIL_MARKETING, "granted": True}
    said = signal(SignalKind.CONSENT_CHANGED, ids=(f"email:{mailbox}",), consent=(grant,))
    system.play(said.model_copy(update={"occurred_at": NOON - timedelta(days=1)}))
    return system


def may_mail(system: System, mailbox: str) -> bool:
    return system.profile(mailbox).allows(Purpose.EMAIL_MARKETING) is not None


def test_a_cleaned_mailbox_takes_no_mail_and_has_said_nothing() -> None:
    system = agreed("jose.nunez@talleres-norte.example")

    system.play(*signals(raw(CLEANED)))

    jose = system.profile("jose.nunez@talleres-norte.example")
    assert [(s.channel, s.reason) for s in jose.suppressions] == [("email", "bounced")]
    assert all(state.granted for state in jose.consents)


def test_a_stop_in_a_note_is_never_mailed_over_by_any_of_her_mailboxes() -> None:
    system = agreed("azbinden@grossbank-test.example")

    system.play(*signals(raw(GOOGLE)))

    assert not may_mail(system, "azbinden@grossbank-test.example")
    assert not may_mail(system, "adele.zbinden@seeblick.example")


def test_an_opt_out_of_one_export_meets_the_contact_that_the_lead_became() -> None:
    system = System()
    contact = "salesforce_id:003dN00000EXMP9QAP"
    system.play(signal(SignalKind.IDENTIFY, ids=(contact, "email:h.marchand@m.example"),
                       traits={"first_name": "Hélène", "last_name": "Marchand"}))  # fmt: skip

    system.play(*signals(raw("08-salesforce-dataexport-lead")))

    helene = system.profile("h.marchand@m.example")
    assert {i.value for i in helene.identifiers} >= {"helene@maison-marchand.example"}
    assert [state.granted for state in helene.consents] == [False]


def test_no_export_mails_a_guest_a_host_or_own_staff() -> None:
    system = System()

    system.play(*signals(raw(CALENDLY)))

    mailboxes = {i.value for p in system.people().values() for i in p.identifiers}
    assert mailboxes & {"boss@praha-test.example", "rep@own-company.example"} == set()
    assert not may_mail(system, "zuzana@praha-test.example")
