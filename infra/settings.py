"""Every choice of a deployment, typed and checked: `infra/environments/<stage>.toml` and `-c`."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

ENVIRONMENTS = Path(__file__).parent / "environments"

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/,]+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]

BusName = Annotated[str, StringConstraints(pattern=r"^[/.\-_A-Za-z0-9]{1,256}$")]


class SettingsError(Exception):
    """A setting is missing, unknown or wrong: names it and what was expected."""


class Settings(BaseModel):
    """What a deployment can be told. Each field is a key of the TOML file and of `-c key=value`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,15}$")]
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] | None = None
    target: Literal["lambda", "local"] = "lambda"
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
    alarm_email: Email | None = None

    # With it nothing new leaves for any provider: it is rendered, checked and recorded.
    dry_run: bool = False

    mail_from: Email | None = None
    mail_identity: str | None = None
    # Of SES: without one the stack makes its own.
    mail_configuration_set: str | None = None
    mail_tracking: bool = True
    bedrock_models: tuple[str, ...] = ()

    event_buses: tuple[BusName, ...] = ()
    # Buckets into which SES puts mails that come in: the lookup function may read them.
    reply_buckets: tuple[
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")], ...
    ] = ()

    public_url: Url | None = None
    pages_url: Url | None = None
    mcp_url: Url | None = None
    mcp_origins: tuple[Origin, ...] = ()
    jwt_issuer: Url | None = None
    jwt_audience: tuple[str, ...] = ()
    jwt_keys_url: Url | None = None

    provider_urls: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]+$")], Url] = Field(
        default_factory=dict
    )

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
