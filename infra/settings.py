"""Every choice of a deployment, typed and checked: `infra/environments/<stage>.toml` and `-c`."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from mos.path import HOPS

ENVIRONMENTS = Path(__file__).parent / "environments"

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$")]
OwnUrl = Annotated[str, StringConstraints(pattern=r"^(https|smtps?)://[^\s/@]+$")]
ProviderName = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/,]+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]

ModelId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[A-Za-z0-9.:-]+$")]
ProfileId = Annotated[
    str,
    StringConstraints(
        pattern=r"^(us|us-gov|eu|apac|au|jp|ca|global)\.[a-z0-9-]+\.[A-Za-z0-9.:-]+$"
    ),
]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]

BusName = Annotated[str, StringConstraints(pattern=r"^[/.\-_A-Za-z0-9]{1,256}$")]


TagName = Annotated[str, StringConstraints(pattern=r"^[\w .:/=+@-]{1,128}$")]
PolicyArn = Annotated[str, StringConstraints(pattern=r"^arn:[\w-]+:iam::(\d{12}|aws):policy/\S+$")]

CertificateArn = Annotated[
    str, StringConstraints(pattern=r"^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate/\S+$")
]

_UNRESERVED = 100
FEWEST = 2
"""Batches of one queue that Lambda runs at once at least, where they are bounded."""
LANES = MappingProxyType({"data": 2, "webhook": 1, "lookup": 1, "operator": 1})
"""How many queues a layer reads."""


class SettingsError(Exception):
    """A setting is missing, unknown or wrong: names it and what was expected."""


class Settings(BaseModel):
    """What a deployment can be told. Each field is a key of the TOML file and of `-c key=value`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,15}$")]
    region: Region | None = None
    target: Literal["lambda", "local"] = "lambda"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    workflow: Literal["standard", "express"] = "standard"

    coalesce_seconds: Annotated[int, Field(ge=0, le=86_400)] = 45
    batch_seconds: Annotated[int, Field(ge=0, le=300)] = 5
    approval_hours: Annotated[float, Field(gt=0, le=8_760)] = 72

    keep_data: bool = True
    log_days: Literal[1, 3, 7, 14, 30, 60, 90, 180, 365] = 30
    raw_days: Annotated[int, Field(ge=1, le=3_650)] = 395
    archive_days: Annotated[int, Field(ge=1, le=3_650)] = 90
    # At most 90: after that, Step Functions lets an execution have an earlier one's name.
    rehearsal_days: Annotated[int, Field(ge=1, le=90)] = 14
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    requests_per_second: Annotated[int, Field(ge=1, le=10_000)] = 200
    reserved_concurrency: dict[str, Annotated[int, Field(ge=0, le=10_000)]] = Field(
        default_factory=dict
    )
    # Of the account in this region: AWS keeps 100 for functions that reserve nothing.
    account_concurrency: Annotated[int, Field(ge=100, le=1_000_000)] = 1_000
    # A new version gets a tenth of the calls for so long, and none if it fails; 0: all at once.
    shift_minutes: Literal[0, 5, 10, 15, 30] = 5
    alarm_email: Email | None = None
    monthly_budget_usd: Annotated[float, Field(gt=0)] | None = None

    tags: dict[TagName, Annotated[str, StringConstraints(max_length=256)]] = Field(
        default_factory=dict, max_length=40
    )
    permissions_boundary: PolicyArn | None = None

    # With it nothing new leaves for any provider: it is rendered, checked and recorded.
    dry_run: bool = False

    mail_from: Email | None = None
    mail_identity: str | None = None
    # Of SES: without one the stack makes its own.
    mail_configuration_set: str | None = None
    mail_tracking: bool = True
    # Each inference profile with the regions to which it may send: `eu.x` = ["eu-west-1", …].
    bedrock_models: tuple[ModelId, ...] = ()
    bedrock_profiles: dict[ProfileId, tuple[Region, ...]] = Field(default_factory=dict)

    event_buses: tuple[BusName, ...] = ()
    # Buckets into which SES puts mails that come in: the lookup function may read them.
    reply_buckets: tuple[
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")], ...
    ] = ()

    # With a certificate of ACM (in this region) the stack makes the domain of the address.
    public_url: Url | None = None
    public_certificate: CertificateArn | None = None
    pages_url: Url | None = None
    mcp_url: Url | None = None
    mcp_certificate: CertificateArn | None = None
    mcp_origins: tuple[Origin, ...] = ()
    jwt_issuer: Url | None = None
    jwt_audience: tuple[str, ...] = ()
    jwt_keys_url: Url | None = None

    # Providers that each company has of its own: where its webhooks are taken, its mail server.
    own_urls: dict[ProviderName, OwnUrl] = Field(default_factory=dict)
    # Which provider carries a channel's messages, where that is not its usual one.
    carriers: dict[Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")], ProviderName] = Field(
        default_factory=dict
    )
    # What texts may be sent from and by: `phone-number/…`, `pool/…`, `protect-configuration/…`.
    sms_resources: tuple[
        Annotated[str, StringConstraints(pattern=r"^[a-z-]+/[A-Za-z0-9_/-]+$")], ...
    ] = ()
    provider_urls: dict[ProviderName, Url] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        reserved = sum(self.reserved_concurrency.values())
        if reserved > self.account_concurrency - _UNRESERVED:
            raise ValueError(
                f"reserved_concurrency adds up to {reserved}: AWS keeps {_UNRESERVED} of the "
                f"account's {self.account_concurrency} (account_concurrency) unreserved"
            )
        known = {hop.layer for hop in HOPS}
        for layer, count in self.reserved_concurrency.items():
            if layer not in known:
                raise ValueError(f"reserved_concurrency.{layer}: no such layer: {sorted(known)}")
            lanes = LANES.get(layer, 0)
            if 0 < count < FEWEST * lanes:
                raise ValueError(
                    f"reserved_concurrency.{layer}: {FEWEST * lanes} at least: it reads {lanes} "
                    f"queues, and Lambda takes {FEWEST} batches of each at once"
                )
        if self.monthly_budget_usd and not self.alarm_email:
            raise ValueError("monthly_budget_usd needs alarm_email: whom shall AWS write to?")
        return self

    @model_validator(mode="after")
    def _certify(self) -> Self:
        for name, url, certificate in (
            ("public", self.public_url, self.public_certificate),
            ("mcp", self.mcp_url, self.mcp_certificate),
        ):
            if certificate and not (url and url.startswith("https://")):
                raise ValueError(f"{name}_certificate needs {name}_url: of which domain is it?")
        return self

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.jwt_audience or self.jwt_keys_url) and not self.jwt_issuer:
            raise ValueError("jwt_issuer is needed where jwt_audience or jwt_keys_url is given")
        for url in (self.jwt_issuer, self.jwt_keys_url):
            if url and self.target == "lambda" and not url.startswith("https://"):
                raise ValueError("jwt_issuer and jwt_keys_url begin with https://")
        if self.pages_url and self.target == "lambda" and not self.pages_url.startswith("https://"):
            raise ValueError("pages_url begins with https://: mailbox providers call no other")
        if self.target == "lambda" and self.provider_urls:
            raise ValueError("provider_urls are for target 'local' only")
        if self.workflow == "express" and self.coalesce_seconds > 240:  # noqa: PLR2004  of 300 s
            raise ValueError("an express workflow lives 5 minutes: coalesce_seconds is 240 at most")
        return self


def load(context: Callable[[str], object], folder: Path = ENVIRONMENTS) -> Settings:
    """Return the settings of the stage that the context names, `dev` if it names none.

    A key of the context wins over the stage's file, and the file over the default.

    Raises:
        SettingsError: one line that names the key and what was expected of it.
    """
    stage = str(context("stage") or "dev")
    given = {"stage": stage} | _stored(stage, folder)
    for key in Settings.model_fields:
        value = context(key)
        if value is not None:
            given[key] = _read(key, value)
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "settings"
        raise SettingsError(f"{place}: {first['msg']} (stage {stage})") from None


def _stored(stage: str, folder: Path) -> dict[str, Any]:
    file = folder / f"{stage}.toml"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.toml")))
        raise SettingsError(f"stage: there is no {file} (stages: {known})")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file.name}: {error}") from None


def _read(key: str, value: object) -> object:
    """Return a context value as its field's type: lists and tables are written as TOML."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        try:
            return tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{key}: {error}") from None
    return value
