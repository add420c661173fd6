"""An HTTP API in front of one function."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.function import Function
from infra.constructs.log import Log
from infra.names import named
from infra.outputs import tell
from infra.settings import Settings

# No query string and no address: those can hold personal data.
_LOGGED = {
    "request": "$context.requestId",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "error": "$context.integrationErrorMessage",
}


@dataclass(frozen=True)
class OwnDomain:
    """A domain of the company's own, and the certificate of ACM that proves it."""

    name: str
    certificate: str

    @classmethod
    def of(cls, url: str | None, certificate: str | None) -> "OwnDomain | None":
        """Return the domain of an address, where there is a certificate for it."""
        name = urlsplit(url or "").hostname
        return cls(name, certificate) if name and certificate else None


class Api(Construct):
    """A throttled API with an access log. At a domain of its own it has no other address."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        function: Function,
        *,
        pages: http.CorsPreflightOptions | None = None,
        domain: OwnDomain | None = None,
    ) -> None:
        super().__init__(scope, "Api")
        self.name = name
        self._integration = integrations.HttpLambdaIntegration("Function", function.called)
        self.api = http.HttpApi(
            self, "Api",
            api_name=named(settings, name),
            create_default_stage=False,
            cors_preflight=pages,
            disable_execute_api_endpoint=domain is not None,
        )  # fmt: skip
        self.stage = http.HttpStage(
            self, "Stage",
            http_api=self.api,
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=http.ThrottleSettings(
                rate_limit=settings.requests_per_second,
                burst_limit=2 * settings.requests_per_second,
            ),
        )  # fmt: skip
        if domain:
            self._stand_at(domain)
        self._log(Log(self, name, settings, vendor="/aws/vendedlogs/http").group)

    def _stand_at(self, domain: OwnDomain) -> None:
        """Make the domain, bring it to the stage, and say where its name must lead."""
        held = acm.Certificate.from_certificate_arn(self, "Certificate", domain.certificate)
        made = http.DomainName(self, "Domain", domain_name=domain.name, certificate=held)
        http.ApiMapping(self, "Mapping", api=self.api, domain_name=made, stage=self.stage)
        tell(Stack.of(self), **{f"{self.name.capitalize()}Cname": made.regional_domain_name})

    def route(self, path: str, methods: Sequence[http.HttpMethod]) -> None:
        """Bring requests for the path to the function."""
        self.api.add_routes(path=path, methods=list(methods), integration=self._integration)

    def _log(self, group: logs.LogGroup) -> None:
        stage = self.stage.node.default_child
        assert isinstance(stage, http.CfnStage)  # noqa: S101  for the type checker
        stage.access_log_settings = http.CfnStage.AccessLogSettingsProperty(
            destination_arn=Stack.of(self).format_arn(
                service="logs", resource="log-group", resource_name=group.log_group_name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            ),
            format=json.dumps(_LOGGED),
        )  # fmt: skip

    def host(self) -> str:
        """Return the name that the gateway gives the API."""
        stack = Stack.of(self)
        return f"{self.api.api_id}.execute-api.{stack.region}.{stack.url_suffix}"

    def url(self, path: str = "") -> str:
        """Return the address of a path."""
        return f"https://{self.host()}{path}"
