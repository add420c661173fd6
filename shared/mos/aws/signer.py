"""Sign bundles with an asymmetric KMS key: whoever may sign need not be able to activate."""

from typing import Any, Protocol

from botocore.exceptions import ClientError

from mos.aws.clients import client

ALGORITHM = "ECDSA_SHA_256"
_WRONG = {"KMSInvalidSignatureException"}


class Signer(Protocol):
    """Signs and verifies short texts."""

    def sign(self, text: str) -> bytes: ...
    def is_genuine(self, text: str, signature: bytes) -> bool: ...


class KmsSigner:
    """The `Signer` on KMS. Without a client of its own it uses the function's."""

    def __init__(self, key: str, kms: Any = None) -> None:  # noqa: ANN401  boto3 clients have no static type
        self._key = key
        self._given = kms

    @property
    def _kms(self) -> Any:  # noqa: ANN401  boto3 clients have no static type
        return self._given or client("kms")

    def sign(self, text: str) -> bytes:
        reply = self._kms.sign(
            KeyId=self._key,
            Message=text.encode(),
            MessageType="RAW",
            SigningAlgorithm=ALGORITHM,
        )
        signature: bytes = reply["Signature"]
        return signature

    def is_genuine(self, text: str, signature: bytes) -> bool:
        try:
            reply = self._kms.verify(
                KeyId=self._key,
                Message=text.encode(),
                MessageType="RAW",
                Signature=signature,
                SigningAlgorithm=ALGORITHM,
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _WRONG:
                return False
            raise
        return bool(reply["SignatureValid"])
