"""Amazon SES v2: one mail to one person."""

from collections.abc import Mapping

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

from mos.aws.clients import client
from mos.errors import RejectedError, UnavailableError, UncertainError

_BUSY = {"TooManyRequestsException", "LimitExceededException", "Throttling"}


class SesMail:
    """Sends mail; tags carry our ids, so that SES's own events lead back to the decision."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def send(
        self, to: str, subject: str, body: str, tags: Mapping[str, str], headers: Mapping[str, str]
    ) -> str:
        """Return SES's message id.

        Raises:
            UnavailableError: SES refused for now and has not taken the mail.
            UncertainError: the answer was lost on the way.
            RejectedError: SES will not take this mail.
        """
        simple = {
            "Subject": {"Data": subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": body, "Charset": "UTF-8"}},
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
        }
        try:
            reply = client("sesv2").send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={"Simple": simple},
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
            )
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            if code in _BUSY or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:  # noqa: PLR2004  server errors
                raise UnavailableError("ses", code) from error
            raise RejectedError(f"ses answered {code}") from error
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise UnavailableError("ses", type(error).__name__) from error
        except BotoCoreError as error:
            raise UncertainError("ses", type(error).__name__) from error
        return str(reply["MessageId"])
