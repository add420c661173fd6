"""Where the world comes in: webhooks, our own calls, and bounces of our own mail."""

from aws_cdk import Duration, Environment, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_events as events
from constructs import Construct

from infra.assemble.bundle import Bundle
from infra.constructs.api import Api, OwnDomain
from infra.constructs.bus import to_function
from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.names import named
from infra.outputs import tell
from infra.providers import find_pages_url
from infra.settings import Settings
from infra.stacks.lookup import take_answers
from infra.stacks.memory import Memory
from infra.stacks.spine import Spine
from infra.stacks.wiring import wire, wire_queue, wire_signals
from mos.model.page import CLICK, FORM
from mos.path import PATH, Door

_RECEIVE = next(hop for hop in PATH if hop.door is Door.HTTP)
ROUTES = {
    "/hooks/{source}": (http.HttpMethod.GET, http.HttpMethod.POST),
    "/v1/{call}": (http.HttpMethod.POST,),
    # A mail's own pages: what they do with which method is theirs to say.
    f"/{CLICK}/{{token}}": (http.HttpMethod.ANY,),
    f"/{FORM}/{{token}}": (http.HttpMethod.ANY,),
    f"/{FORM}/{{token}}/{{page}}": (http.HttpMethod.ANY,),
}
PARTNERS = "aws.partner/"
"""How the source of every event begins that a partner of EventBridge sends."""
_DESCRIPTION = 512
# Pages call `/v1` from other origins: one that may not read an answer sends everything again.
# Nothing depends on cookies, so any origin may. It holds for all routes; the others want a proof.
_PAGES = http.CorsPreflightOptions(
    allow_origins=["*"],
    allow_methods=[http.CorsHttpMethod.POST],
    allow_headers=["authorization", "content-type", "x-retry-count"],
    expose_headers=["retry-after"],
    max_age=Duration.days(1),
)


class Edge(Stack):
    """The webhook function and its doors: an HTTP API, SES on the default bus, partners' buses."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        memory: Memory,
        spine: Spine,
        bundle: Bundle,
        *,
        where: Environment,
    ) -> None:
        super().__init__(scope, named(settings, "edge"), env=where)
        self.undelivered = Queue(self, "undelivered-mail", settings, memory.data_key.key)
        self.function = Function(self, _RECEIVE, settings, bundle)
        wire(self.function, memory, settings)
        wire_signals(self.function, memory)
        wire_queue(self.function, spine.queues["signals"], memory)
        wire_queue(self.function, spine.queues["parked"], memory)
        self.function.after_failure(self.undelivered)
        take_answers(self.function, spine.queues["answers"], settings)
        if settings.public_url:
            self.function.tell(MOS_PUBLIC_URL=settings.public_url)
        domain = OwnDomain.of(settings.public_url, settings.public_certificate)
        self.api = Api(self, "hooks", settings, self.function, pages=_PAGES, domain=domain)
        for path, methods in ROUTES.items():
            self.api.route(path, methods)
        self.mail = events.Rule(
            self, "Mail",
            description="what became of our mail and texts → webhook",
            event_pattern=events.EventPattern(source=["aws.ses", "aws.sms-voice"]),
            targets=[to_function(self.function, self.undelivered)],
        )  # fmt: skip
        for place, bus in enumerate(settings.event_buses):
            self._listen(f"Partner{place}", bus)
        tell(
            self,
            WebhookUrl=settings.public_url or self.api.url(),
            PagesUrl=find_pages_url(settings) or "none: mails offer no one click; set pages_url",
            WebhookApiId=self.api.api.api_id,
            FunctionWebhook=self.function.function.function_name,
        )

    def _listen(self, name: str, bus: str) -> events.Rule:
        """Return the rule that brings what a partner puts on its bus to the webhook function.

        A partner's events keep their source, also where a rule has forwarded them to a bus of ours:
        nobody else can put any there whose source begins so.
        """
        return events.Rule(
            self, name,
            description=f"events of partners on {bus}"[:_DESCRIPTION],
            event_bus=events.EventBus.from_event_bus_name(self, f"{name}Bus", bus),
            event_pattern=events.EventPattern(source=events.Match.prefix(PARTNERS)),
            targets=[to_function(self.function, self.undelivered)],
        )  # fmt: skip
