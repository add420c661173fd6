"""Secrets of the local system: made once, kept in `.local`, stored where the functions look."""

import base64
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

SOURCES = (
    "hubspot", "meta", "linkedin", "google-ads", "segment", "standard-webhooks", "calendly",
    "sendgrid", "ses", "lists",
)  # fmt: skip
OTHERS = (
    "action/hubspot", "action/meta", "llm/openai", "agent/assistant", "agent/operator",
)  # fmt: skip


def load(folder: Path) -> dict[str, str]:
    """Return the secret of every source and provider, making them the first time.

    Keys are `webhook/<source>`, `action/<provider>`, `llm/<provider>`, `agent/<agent>`, and
    `sign/sendgrid`: SendGrid signs with a private key whose public half is the door's secret.
    """
    path = folder / "secrets.json"
    if path.exists():
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        if missing := {f"webhook/{source}" for source in SOURCES} - set(found):
            found |= {name: secrets.token_urlsafe(24) for name in sorted(missing)}
            path.write_text(json.dumps(found, indent=1), encoding="utf-8")
        return found
    made = {f"webhook/{source}": secrets.token_urlsafe(24) for source in SOURCES}
    made |= {name: secrets.token_urlsafe(24) for name in OTHERS}
    standard = base64.b64encode(secrets.token_bytes(24)).decode()
    made["webhook/standard-webhooks"] = f"whsec_{standard}"
    made["sign/sendgrid"], made["webhook/sendgrid"] = _key_pair()
    folder.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(made, indent=1), encoding="utf-8")
    return made


def _key_pair() -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()
