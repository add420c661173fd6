"""The configuration set of our mail: by it SES tells what became of each."""

from aws_cdk import aws_events as events
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.names import named
from infra.settings import Settings

_ALWAYS = (
    ses.EmailSendingEvent.SEND,
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.DELIVERY_DELAY,
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.REJECT,
    ses.EmailSendingEvent.RENDERING_FAILURE,
    ses.EmailSendingEvent.SUBSCRIPTION,
)
_TRACKED = (ses.EmailSendingEvent.OPEN, ses.EmailSendingEvent.CLICK)


class MailEvents(Construct):
    """A configuration set whose events go to the default bus, from where a rule takes them.

    SES may put events on that bus by itself: no role is needed, and none is made.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Mail")
        made = ses.ConfigurationSet(
            self, "Set",
            configuration_set_name=named(settings, "mail"),
            reputation_metrics=True,
        )  # fmt: skip
        made.add_event_destination(
            "Events",
            configuration_set_event_destination_name="default-bus",
            destination=ses.EventDestination.event_bus(
                events.EventBus.from_event_bus_name(self, "DefaultBus", "default")
            ),
            events=[*_ALWAYS, *(_TRACKED if settings.mail_tracking else ())],
        )
        self.name = made.configuration_set_name


def find_configuration_set(scope: Construct, settings: Settings) -> str | None:
    """Return the name of the set that the settings name; else of one that is made here.

    None where no mail is sent, and on the local engine: its SES tells nothing of what it took.
    """
    if settings.mail_from is None or settings.mail_configuration_set:
        return settings.mail_configuration_set
    return MailEvents(scope, settings).name if settings.target == "lambda" else None
