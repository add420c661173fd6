"""The key that signs policy bundles, and who may sign and who may activate: never the same role."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.bucket import Bucket
from infra.constructs.key import Key
from infra.names import named
from infra.settings import Settings

_SIGN, _VERIFY = "kms:Sign", "kms:Verify"
_SHIFT = Duration.hours(1)
_MOVED = ("pointers/*", "canaries/running.json")


class Signing(Construct):
    """An asymmetric key: the publisher signs with it, everybody who reads bundles verifies.

    People and pipelines of this account take on a role by `sts:AssumeRole`; which of them may is
    for the account's own permission sets to say.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "signing")
        self._keeps = settings.keep_data
        self.key = kms.Key(
            self, "Key",
            alias=f"alias/{named(settings, 'bundles')}",
            description=f"{named(settings, 'bundles')}: signs policy bundles",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=RemovalPolicy.RETAIN if settings.keep_data else RemovalPolicy.DESTROY,
        )  # fmt: skip
        self.publisher = self._role("Publisher", settings)
        self.activator = self._role("Activator", settings)
        self.publisher.add_to_principal_policy(self._may(_SIGN))
        self.activator.add_to_principal_policy(self._may(_VERIFY))

    def may_store(self, bundles: Bucket, data_key: Key) -> None:
        """Let the publisher store bundles, and the activator move the pointer: no other way round.

        Whoever else may write to the bucket, the pointer moves by the activator's hand alone.
        """
        bundles.allow(self.publisher, ["s3:GetObject", "s3:PutObject"], ["bundles/", "reports/"])
        # Whether a bundle is the first of its stage, the publisher says, and so must see.
        bundles.allow(self.publisher, ["s3:GetObject"], ["pointers/"])
        bundles.allow(self.activator, ["s3:GetObject"], ["bundles/", "reports/"])
        bundles.allow(self.activator, ["s3:GetObject", "s3:PutObject"], ["pointers/", "canaries/"])
        for role in (self.publisher, self.activator):
            role.add_to_principal_policy(data_key.use("s3"))
        others = {"ArnNotEquals": {"aws:PrincipalArn": self.activator.role_arn}}
        self._deny(bundles, ["s3:PutObject"], others)
        if self._keeps:
            # What is thrown away with its stage is emptied first.
            self._deny(bundles, ["s3:DeleteObject"], others)
            # An older version would come to light again: the pointer would move back.
            self._deny(bundles, ["s3:DeleteObjectVersion"], {})

    def _deny(self, bundles: Bucket, actions: list[str], where: Mapping[str, object]) -> None:
        bundles.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=actions,
                resources=[bundles.bucket.arn_for_objects(key) for key in _MOVED],
                conditions=dict(where),
            )
        )

    def verifying(self) -> iam.PolicyStatement:
        """Return the right to verify a signature."""
        return self._may(_VERIFY)

    def _may(self, action: str) -> iam.PolicyStatement:
        return iam.PolicyStatement(actions=[action], resources=[self.key.key_arn])

    def _role(self, name: str, settings: Settings) -> iam.Role:
        return iam.Role(
            self, name,
            # IAM's names are the account's: the same stage may stand in two regions.
            role_name=f"{named(settings, f'policy-{name.lower()}')}-{Stack.of(self).region}",
            description=f"{name} of policy bundles",
            assumed_by=iam.AccountPrincipal(Stack.of(self).account),
            max_session_duration=_SHIFT,
        )  # fmt: skip
