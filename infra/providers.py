"""What the functions that talk to providers may do and know."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from infra.constructs.function import Function
from infra.constructs.mail import find_configuration_set
from infra.settings import Settings


def wire_action(action: Function, settings: Settings) -> None:
    """Let the action layer send mail, from the one identity that the settings name."""
    if settings.mail_from:
        stack = Stack.of(action)
        identity = settings.mail_identity or settings.mail_from
        resources = [stack.format_arn(service="ses", resource="identity", resource_name=identity)]
        if (name := find_configuration_set(stack, settings)) is not None:
            action.tell(MOS_MAIL_CONFIGURATION_SET=name)
            resources.append(
                stack.format_arn(service="ses", resource="configuration-set", resource_name=name)
            )
        action.tell(MOS_MAIL_FROM=settings.mail_from)
        if base := find_pages_url(settings):
            action.tell(MOS_PAGES_URL=base)
        action.allow(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                resources=resources,
                conditions={"StringEquals": {"ses:FromAddress": settings.mail_from}},
            )
        )
    if settings.dry_run:
        action.tell(MOS_DRY_RUN=f"dry_run of the settings of {settings.stage}")
    _point(action, settings)


def find_pages_url(settings: Settings) -> str | None:
    """Return where mails' own pages are reached: an address that no deployment can guess.

    The webhook's public address serves them too, where it begins with https; locally any does.
    """
    base = settings.pages_url or settings.public_url
    is_ours = settings.target == "local" or (base or "").startswith("https://")
    return base if is_ours else None


def wire_llm(llm: Function, settings: Settings) -> None:
    """Let the llm function call the Bedrock models that the settings name: none by default."""
    if settings.bedrock_models:
        llm.allow(
            iam.PolicyStatement(
                actions=["bedrock:InvokeModel"],
                resources=[
                    Stack.of(llm).format_arn(
                        service="bedrock",
                        account="",
                        resource="foundation-model",
                        resource_name=model,
                    )
                    for model in settings.bedrock_models
                ],
            )
        )
    llm.tell(LITELLM_LOCAL_MODEL_COST_MAP="True")
    _point(llm, settings)


def wire_systems(lookup: Function, settings: Settings) -> None:
    """Let the lookup function find the systems whose records it reads."""
    _point(lookup, settings)


def _point(function: Function, settings: Settings) -> None:
    """Tell a function where the fakes of the local stage are."""
    for name, url in settings.provider_urls.items():
        function.tell(**{f"MOS_PROVIDER_{name.upper()}": url})
