"""The two doors to the tools: agents from the internet, and operators under IAM."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aws_cdk import Environment, Stack
from aws_cdk import aws_apigatewayv2 as http
from constructs import Construct

from infra.assemble.bundle import Bundle
from infra.constructs.api import Api, OwnDomain
from infra.constructs.function import Function
from infra.names import named
from infra.outputs import tell
from infra.settings import Settings
from infra.stacks.desk import wire_desk
from infra.stacks.memory import Memory
from infra.stacks.simulation import Simulation
from infra.stacks.spine import Spine
from infra.stacks.wiring import wire, wire_queue, wire_simulation
from mos.path import OFF_PATH, Door

_ANSWER = next(hop for hop in OFF_PATH if hop.door is Door.HTTP)
_OPERATE = next(hop for hop in OFF_PATH if hop.door is Door.IAM)
_WELL_KNOWN = "/.well-known/oauth-protected-resource"


class Agent(Stack):
    """One room of tools, two functions with a role each: what the internet reaches holds less.

    Both read; what they write enters as a signal. Only the operators' also answers approvals,
    redrives what is parked and reads tables from end to end.
    """

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        memory: Memory,
        spine: Spine,
        simulation: Simulation,
        bundles: Mapping[str, Bundle],
        *,
        where: Environment,
    ) -> None:
        super().__init__(scope, named(settings, "agent"), env=where)
        self.functions = [
            Function(self, hop, settings, bundles[hop.layer]) for hop in (_ANSWER, _OPERATE)
        ]
        for function in self.functions:
            wire(function, memory, settings)
            wire_queue(function, spine.queues["words"], memory)
            wire_simulation(function, simulation.function)
        answer, operate = self.functions
        wire_desk(operate, spine, memory, settings)
        domain = OwnDomain.of(settings.mcp_url, settings.mcp_certificate)
        self.api = Api(self, "mcp", settings, answer, domain=domain)
        url = settings.mcp_url or self.api.url("/mcp")
        self._open(answer, settings, url)
        tell(
            self,
            McpUrl=url,
            McpApiId=self.api.api.api_id,
            FunctionAgent=answer.function.function_name,
            FunctionOperator=operate.function.function_name,
        )

    def _open(self, answer: Function, settings: Settings, url: str) -> None:
        """Open the routes, and tell the function by which names and whom it may be called.

        A JWT is checked by the function: an authorizer's own 401 can't say where to get a token.
        """
        answer.tell(
            MOS_MCP_URL=url,
            MOS_MCP_HOSTS=",".join(self._hosts(settings)),
            MOS_MCP_ORIGINS=",".join(settings.mcp_origins),
        )
        if settings.jwt_issuer:
            answer.tell(
                MOS_JWT_ISSUER=settings.jwt_issuer,
                MOS_JWT_AUDIENCE=",".join(settings.jwt_audience or (url,)),
            )
        if settings.jwt_keys_url:
            answer.tell(MOS_JWT_KEYS_URL=settings.jwt_keys_url)
        # Every method: the function says 405 with what it takes, the gateway would say 404.
        self.api.route("/mcp", [http.HttpMethod.ANY])
        # A client learns from it where to get a token, so it cannot need one.
        for path in (_WELL_KNOWN, f"{_WELL_KNOWN}/{{path+}}"):
            self.api.route(path, [http.HttpMethod.GET, http.HttpMethod.OPTIONS])

    def _hosts(self, settings: Settings) -> list[str]:
        """Return the names under which requests arrive: ours, and the gateway's behind it."""
        own = [urlsplit(settings.mcp_url).hostname or ""] if settings.mcp_url else []
        if settings.target == "local":
            return [*own, f"{self.api.api.api_id}.execute-api.localhost"]
        # Behind a domain that the stack has made, the gateway's own name is closed.
        return own if settings.mcp_certificate else [*own, self.api.host()]
