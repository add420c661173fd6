"""Standard Webhooks (Svix, Clerk, Resend, and our own systems): the documented door for anyone."""

import base64
import binascii
import contextlib
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

from functions.webhook.clock import moment, stamp
from functions.webhook.draft import Delivery
from functions.webhook.errors import UnusableSecretError
from functions.webhook.fields import Element, Json, element
from functions.webhook.message_event import draft_of
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_any, require_fresh
from functions.webhook.source import Source, Translation, only
from mos.model.signal import SignalKind, Trust

_PUBLIC, _PREFIX = "whpk_", "whsec_"
_NAMED = re.compile(r"(?:export )?[A-Za-z_]+\s?[=:]\s?(?=[\"'`]?(?:v1a?,)?wh(?:sec|pk)_)")
_FOR_ADDRESSES = str.maketrans("-_", "+/")


def _verify(request: Request, secrets: Secrets, now: datetime) -> Trust:
    message_id = request.header("webhook-id", "svix-id")
    sent = request.header("webhook-timestamp", "svix-timestamp")
    proofs = request.header("webhook-signature", "svix-signature").split()
    signed = b".".join((message_id.encode("utf-8", "surrogatepass"), sent.encode(), request.body))
    if not _is_signed_by_public_key(proofs, signed, secrets):
        symmetric = [proof[3:] for proof in proofs if proof.startswith("v1,")]
        wanted = [base64.b64encode(mac(key, signed)) for key in _all_keys(secrets)]
        require_any(symmetric, wanted)
    require_fresh(stamp(sent), now)
    return Trust.SIGNED


def _all_keys(secrets: Secrets) -> list[bytes]:
    """Return the keys of all stored secrets.

    Raises:
        UnusableSecretError: not one of them can be a key: no sender could ever be right.
    """
    keys = [key for secret in secrets for key in _keys(secret)]
    if not keys and not any(_plain(secret).startswith(_PUBLIC) for secret in secrets):
        raise UnusableSecretError("standard-webhooks", "whsec_… or whpk_… as the sender shows it")
    return keys


def _plain(secret: str) -> str:
    """Return a secret as it was made: some pages show it with the signature's `v1,` in front.

    What a copy brings along (its name, quotes, marks that nobody sees, a broken line) goes.
    """
    seen = "".join(c for c in secret if unicodedata.category(c) not in {"Cf", "Cc"})
    bare = _NAMED.sub("", seen.strip()).strip("\"'`")
    return bare.removeprefix("v1,").removeprefix("v1a,").strip()


def _keys(secret: str) -> list[bytes]:
    """Return the keys that a secret can mean: base64 as the specification says, or plain text.

    Base64 may lack its padding, or be the kind for addresses; where senders use the text itself,
    some do so with its prefix.
    """
    shown = _plain(secret)
    if shown.startswith((_PUBLIC, "whsk_")):
        return []
    rest = shown.removeprefix(_PREFIX)
    keys = [shown.encode(), rest.encode()] if rest else []
    padded = rest.translate(_FOR_ADDRESSES).rstrip("=")
    padded += "=" * (-len(padded) % 4)
    with contextlib.suppress(binascii.Error, ValueError):
        keys.append(base64.b64decode(padded, validate=True))
    return [key for key in keys if key]


def _is_signed_by_public_key(proofs: list[str], signed: bytes, secrets: Secrets) -> bool:
    asymmetric = [proof[4:] for proof in proofs if proof.startswith("v1a,")]
    shown = [_plain(secret) for secret in secrets]
    public = [secret.removeprefix(_PUBLIC) for secret in shown if secret.startswith(_PUBLIC)]
    return any(_is_ed25519(proof, signed, key) for proof in asymmetric[:20] for key in public)


def _is_ed25519(proof: str, signed: bytes, key: str) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  paid by v1a only
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  paid by v1a only
        Ed25519PublicKey,
    )

    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(proof, validate=True), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _translate(request: Request, body: Json, delivery: Delivery) -> Translation:
    # A body of nothing is signed like any other: it says nothing, and its sender is right.
    said: Element = {} if body is None else element(body, "the body")
    at = moment(said.get("timestamp"), "timestamp")
    sent = at or stamp(request.header("webhook-timestamp", "svix-timestamp"))
    draft = draft_of(said, _replay_key(request, body), sent)
    return only(replace(draft, is_dated=at is not None), delivery)


def _replay_key(request: Request, _body: Json) -> str:
    return request.header("webhook-id", "svix-id")


SOURCE = Source(
    _verify,
    _translate,
    _replay_key,
    advice="Its secrets start with whsec_ (or whpk_ for v1a).",
)

_AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
SAMPLES = (
    Sample(
        secret="whsec_bW9zLXRlc3Qtc2VjcmV0",  # noqa: S106  the published test secret
        at=_AT,
        url="https://hooks.example.com/hooks/standard-webhooks",
        headers={
            "webhook-id": "msg_1",
            "webhook-timestamp": "1700000000",
            "webhook-signature": "v1,b3RoZXI= v1,Mc3r5w7hTPAOZakl7QZsge59rnvDhwov7wkjyVAdi4I=",
        },
        body=(
            b'{"type":"lead.submitted","timestamp":"2023-11-14T22:13:19Z","data":{'
            b'"email":"Ada@Example.com","first_name":"Ada","title":"VP Engineering",'
            b'"company":{"name":"Acme","domain":"acme.com","employees":51},'
            b'"consent":{"email_marketing":true,"analytics":false},"jurisdiction":"DE",'
            b'"properties":{"form":"pricing"},"action_id":"act_1"}}'
        ),
        proof="webhook-signature",
        timed=True,
        kinds=(SignalKind.LEAD_SUBMITTED,),
    ),
    Sample(
        secret="whpk_LHW2S8gF9E/XXe/F6knNxTzSliUNLg1uvCeZhnA4+q8=",  # noqa: S106  a public key
        at=_AT,
        url="https://hooks.example.com/hooks/standard-webhooks",
        headers={
            "webhook-id": "msg_2",
            "webhook-timestamp": "1700000000",
            "webhook-signature": "v1a,ALZWqu3O8JBbDe2eApyxDqLbB9/LlqSgs4r0GdA3a8egcjhCJZaBAB3KynJX07TDHZYCdLJ1sJJoULC5PfgLBQ==",  # noqa: E501  a signature has no seams
        },
        body=b'{"type":"invoice.paid","data":{"amount":12.5,"is_test":true}}',
        proof="webhook-signature",
        timed=True,
        kinds=(SignalKind.UNMAPPED,),
        is_test=True,
    ),
)
