"""Where the world comes in: webhooks, our own calls, and bounces of our own mail."""

from aws_cdk import Duration, Environment, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_events as events
from constructs import Construct

from infra.assemble.bundle import Bundle
from infra.constructs.api import Api
from infra.constructs.bus import to_function
from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.names import named
from infra.outputs import tell
from infra.settings import Settings
from infra.stacks.memory import Memory
from infra.stacks.spine import Spine
from infra.stacks.wiring import wire, wire_queue, wire_signals
from mos.path import PATH, Door

_RECEIVE = next(hop for hop in PATH if hop.door is Door.HTTP)
ROUTES = {
    "/hooks/{source}": (http.HttpMethod.GET, http.HttpMethod.POST),
    "/v1/{call}": (http.HttpMethod.POST,),
}
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
    """The webhook function and its two doors: an HTTP API, and what SES says on the default bus."""

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
        if settings.public_url:
            self.function.tell(MOS_PUBLIC_URL=settings.public_url)
        self.api = Api(self, "hooks", settings, self.function, pages=_PAGES)
        for path, methods in ROUTES.items():
            self.api.route(path, methods)
        self.mail = events.Rule(
            self, "Mail",
            description="what became of our mail → webhook",
            event_pattern=events.EventPattern(source=["aws.ses"]),
            targets=[to_function(self.function, self.undelivered)],
        )  # fmt: skip
        tell(
            self,
            WebhookUrl=settings.public_url or self.api.url(),
            WebhookApiId=self.api.api.api_id,
            FunctionWebhook=self.function.function.function_name,
        )
