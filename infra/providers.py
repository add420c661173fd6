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
    if settings.sms_resources:
        action.allow(
            iam.PolicyStatement(
                actions=["sms-voice:SendTextMessage"],
                resources=[_text_by(Stack.of(action), one) for one in settings.sms_resources],
            )
        )
    for channel, provider in settings.carriers.items():
        action.tell(**{f"MOS_CARRIER_{channel.upper()}": provider})
    for name, url in settings.own_urls.items():
        action.tell(**{f"MOS_PROVIDER_{name.upper()}": url})
    if settings.dry_run:
        action.tell(MOS_DRY_RUN=f"dry_run of the settings of {settings.stage}")
    _point(action, settings)


def _text_by(stack: Stack, resource: str) -> str:
    kind, _, name = resource.partition("/")
    return stack.format_arn(service="sms-voice", resource=kind, resource_name=name)


def find_pages_url(settings: Settings) -> str | None:
    """Return where mails' own pages are reached: an address that no deployment can guess.

    The webhook's public address serves them too, where it begins with https; locally any does.
    """
    base = settings.pages_url or settings.public_url
    is_ours = settings.target == "local" or (base or "").startswith("https://")
    return base if is_ours else None


def wire_llm(llm: Function, settings: Settings) -> None:
    """Let the llm function find the providers, and call the Bedrock models that settings name."""
    for statement in list_bedrock_rights(Stack.of(llm), settings):
        llm.allow(statement)
    llm.tell(LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS="True")
    _point(llm, settings)


def list_bedrock_rights(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Return the rights to call models: exactly those that the settings name, none by default.

    An inference profile is called by its own name in our region; the model behind it runs in one
    of the regions that are named for it, and may be called there through that profile alone.
    """
    rights = []
    if settings.bedrock_models:
        rights.append(_invoking([_model_of(stack, one) for one in settings.bedrock_models]))
    for profile, regions in settings.bedrock_profiles.items():
        name = stack.format_arn(
            service="bedrock", resource="inference-profile", resource_name=profile
        )
        model = profile.partition(".")[2]
        # The model of a global profile has an address without a region as well.
        places = (*regions, "") if profile.startswith("global.") else regions
        behind = _invoking([_model_of(stack, model, region) for region in places])
        behind.add_conditions({"StringEquals": {"bedrock:InferenceProfileArn": name}})
        rights += [_invoking([name]), behind]
    return rights


def _invoking(resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=resources)


def _model_of(stack: Stack, model: str, region: str | None = None) -> str:
    return stack.format_arn(
        service="bedrock",
        region=region,
        account="",
        resource="foundation-model",
        resource_name=model,
    )


def wire_systems(lookup: Function, settings: Settings) -> None:
    """Let the lookup function find the systems whose records it reads."""
    _point(lookup, settings)


def _point(function: Function, settings: Settings) -> None:
    """Tell a function where the fakes of the local stage are."""
    for name, url in settings.provider_urls.items():
        function.tell(**{f"MOS_PROVIDER_{name.upper()}": url})
