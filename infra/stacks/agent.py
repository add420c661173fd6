"""Where agents come in: the MCP server."""

from aws_cdk import ArnFormat, Environment, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledged import acknowledge_many
from infra.assemble.bundle import Bundle
from infra.constructs.api import Api
from infra.constructs.function import Function
from infra.constructs.next_best_action import NAME
from infra.names import named
from infra.outputs import tell
from infra.settings import Settings
from infra.stacks.memory import Memory
from infra.stacks.spine import Spine
from infra.stacks.wiring import wire, wire_queue
from mos.path import OFF_PATH, Door

_ANSWER = next(hop for hop in OFF_PATH if hop.door is Door.HTTP)


class Agent(Stack):
    """The agent function. It reads; what it writes enters as a signal or as an answer to a wait."""

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
        super().__init__(scope, named(settings, "agent"), env=where)
        self.function = Function(self, _ANSWER, settings, bundle)
        wire(self.function, memory, settings)
        wire_queue(self.function, spine.queues["words"], memory)
        self._see_runs(spine, settings)
        self._answer_approvals(spine)
        self.api = Api(self, "mcp", settings, self.function)
        self._open(settings)
        url = settings.mcp_url or self.api.url("/mcp")
        tell(
            self,
            McpUrl=url,
            McpApiId=self.api.api.api_id,
            FunctionAgent=self.function.function.function_name,
        )

    def _see_runs(self, spine: Spine, settings: Settings) -> None:
        machine = spine.workflow.machine
        self.function.tell(MOS_STATE_MACHINE=machine.state_machine_arn)
        executions = self.format_arn(
            service="states", resource="execution",
            resource_name=f"{named(settings, NAME)}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )  # fmt: skip
        acknowledge_many(self.function, executions, "runs are many; they are of this workflow")
        self.function.allow(
            iam.PolicyStatement(
                actions=["states:ListExecutions"], resources=[machine.state_machine_arn]
            ),
            iam.PolicyStatement(
                actions=["states:DescribeExecution", "states:GetExecutionHistory"],
                resources=[executions],
            ),
        )

    def _answer_approvals(self, spine: Spine) -> None:
        approvals = spine.queues["approvals"].queue
        self.function.tell(MOS_QUEUE_APPROVALS=approvals.queue_url)
        self.function.allow(
            iam.PolicyStatement(
                actions=["states:SendTaskFailure", "states:SendTaskSuccess"],
                resources=[spine.workflow.waits.state_machine_arn],
            ),
            iam.PolicyStatement(
                actions=["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"],
                resources=[approvals.queue_arn],
            ),
        )

    def _open(self, settings: Settings) -> None:
        authorizer = None
        if settings.jwt_issuer:
            authorizer = authorizers.HttpJwtAuthorizer(
                "Jwt", settings.jwt_issuer, jwt_audience=list(settings.jwt_audience)
            )
            self.function.tell(MOS_JWT_ISSUER=settings.jwt_issuer)
        if settings.mcp_url:
            self.function.tell(MOS_MCP_URL=settings.mcp_url)
        self.api.route("/mcp", [http.HttpMethod.GET, http.HttpMethod.POST], authorizer)
        # A client learns from it where to get a token, so it cannot need one.
        self.api.route("/.well-known/{document+}", [http.HttpMethod.GET])
