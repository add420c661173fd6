"""Secrets of the local system: made once, kept in `.local`, stored where the functions look."""

import base64
import json
import secrets
from pathlib import Path

from functions.action import channels
from functions.action.channel import Channel
from lab.fakes import providers
from lab.fakes.provider import Provider
from lab.world.sign import keys_of, sources
from mos import plugins
from mos.model.call import OAuthAuthority, WebhookAuthority
from mos.policy.bundle.bundle import read_folder

_PAGES = "action/pages"
"""What the links of mails are made with."""
_POLICIES = Path(__file__).parents[2] / "policies"


def load(folder: Path) -> dict[str, str]:
    """Return the secret of every source, provider and agent; what is missing is made and kept.

    Keys are `webhook/<source>`, `action/<provider>`, `lookup/<system>`, `llm/<provider>`,
    `agent/<agent>`, `action/pages`, and `sign/<source>` for a sender that signs with a key of its
    own.
    """
    path = folder / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = kept | _missing(kept)
    if found != kept:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return found


def _missing(kept: dict[str, str]) -> dict[str, str]:
    made: dict[str, str] = {}
    for source in sources():
        if f"webhook/{source}" not in kept:
            made |= keys_of(source, secrets.token_bytes(32))
    for name in _others():
        if name not in kept:
            made[name] = secrets.token_urlsafe(24)
    made |= {name: form for name, form in _make_forms().items() if name in made}
    for name, fake in plugins.discover(providers, "PROVIDER", Provider).items():
        if fake.lends and f"lookup/{name}" not in kept:
            made[f"lookup/{name}"] = _make_key(fake.lends)
    return made


def _make_forms() -> dict[str, str]:
    """Return what opens those providers that take no plain token, by the names of their secrets."""
    found = [channel.plan(channel.sample).authority for channel in _channels()]
    return {
        one.secret: _make_form(one)
        for one in found
        if isinstance(one, OAuthAuthority | WebhookAuthority)
    }


def _make_form(authority: OAuthAuthority | WebhookAuthority) -> str:
    """Return what opens a provider that takes no plain token: a grant, or a signing secret."""
    if isinstance(authority, OAuthAuthority):
        return _make_key("oauth")
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _make_key(kind: str) -> str:
    """Return what opens a fake's records: a token, or what a token is fetched with."""
    token = secrets.token_urlsafe(24)
    grant = {"client_id": "fake", "client_secret": token, "refresh_token": token}
    return json.dumps(grant) if kind == "oauth" else token


def _others() -> list[str]:
    """Return where the secrets stand of those whom we call, and of the agents who call us."""
    fakes = plugins.discover(providers, "PROVIDER", Provider)
    called = {name for name, fake in fakes.items() if not fake.mails}
    reached = {c.provider.name for c in _channels()} & called
    models = {n for n in called if not fakes[n].lends} - reached
    agents = read_folder(_POLICIES).names("agents")
    return [
        *(f"action/{name}" for name in sorted(reached)),
        _PAGES,
        *(f"llm/{name}" for name in sorted(models)),
        *(f"agent/{name}" for name in agents),
    ]


def _channels() -> list[Channel]:
    return list(plugins.discover(channels, "CHANNEL", Channel).values())
