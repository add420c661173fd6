"""Amazon SES v2: takes a mail, answers a message id, keeps the mail."""

import hashlib
import json

from lab.fakes.provider import Provider, ProviderRequest, Receipt


def answer(call: ProviderRequest) -> Receipt:
    """Answer SendEmail in its simple form."""
    if not call.path.endswith("/v2/email/outbound-emails"):
        return Receipt(404, {"message": f"no {call.path} here"})
    if "authorization" not in call.headers:
        return Receipt(403, {"message": "Missing Authentication Token"})
    simple = call.body["Content"]["Simple"]
    kept = [
        {
            "channel": "email",
            "to": ", ".join(call.body["Destination"]["ToAddresses"]),
            "subject": simple["Subject"]["Data"],
            "body": simple["Body"]["Text"]["Data"],
            "headers": {h["Name"]: h["Value"] for h in simple.get("Headers", ())},
            "tags": {tag["Name"]: tag["Value"] for tag in call.body.get("EmailTags", ())},
        }
    ]
    digest = hashlib.sha256(json.dumps(call.body, sort_keys=True).encode()).hexdigest()
    return Receipt(200, {"MessageId": digest[:32]}, kept)


PROVIDER = Provider(answer, mails=True)
