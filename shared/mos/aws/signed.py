"""Texts with their signatures: made by who may sign, checked by whoever reads."""

import base64

from mos.aws.signer import Signer
from mos.model.admission import SignedText
from mos.ports import Bucket


def sign_text(text: str, signer: Signer | None) -> SignedText:
    """Return a text with its signature; without one where nothing is signed."""
    if signer is None:
        return SignedText(text=text)
    return SignedText(text=text, signature=base64.b64encode(signer.sign(text)).decode())


def is_genuine(signed: SignedText, signer: Signer | None) -> bool:
    """Say whether a text is ours; where nothing is signed, every one is."""
    if signer is None:
        return True
    try:
        raw = base64.b64decode(signed.signature, validate=True)
        return bool(raw) and signer.is_genuine(signed.text, raw)
    except ValueError:
        return False


def read_signed(bucket: Bucket, key: str) -> SignedText | None:
    """Return what lies under a key; None where nothing does, or nothing that can be read."""
    body = bucket.get(key)
    if body is None:
        return None
    try:
        return SignedText.parse(body)
    except ValueError:
        return None
