"""A signer without KMS."""

import hashlib


class FakeSigner:
    """The `Signer` with a secret of its own."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def sign(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._secret}:{text}".encode()).digest()

    def is_genuine(self, text: str, signature: bytes) -> bool:
        return signature == self.sign(text)
