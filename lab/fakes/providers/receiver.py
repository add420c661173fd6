"""A receiver of Standard Webhooks: it takes a message once by its id, and forgets what is recalled.

It refuses what a receiver must: no id, a time that is none, a signature of another form. Whether
the signature is right only who has the secret can say: `tests/contract/exchange` does.
"""

import re

from lab.fakes.provider import Provider, ProviderRequest, Receipt

_PROOF = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_RECALLED = ".recalled"


def answer(call: ProviderRequest) -> Receipt:
    """Answer a message: 204 once it is kept, or was before."""
    headers = call.headers
    proofs = headers.get("webhook-signature", "").split()
    if not proofs or not all(_PROOF.fullmatch(one) for one in proofs):
        return Receipt(401, {"error": "no signature of the form v1"})
    if not _ID.fullmatch(headers.get("webhook-id", "")):
        return Receipt(400, {"error": "no webhook-id"})
    if not headers.get("webhook-timestamp", "").isdigit():
        return Receipt(400, {"error": "no webhook-timestamp"})
    if "receiver" in call.lacks:
        return Receipt(410, {"error": "gone"})
    if call.method != "POST" or not {"type", "timestamp", "data"} <= set(call.body):
        return Receipt(400, {"error": "expected type, timestamp and data"})
    return _keep(call)


def _keep(call: ProviderRequest) -> Receipt:
    known: set[str] = call.memory.setdefault("messages", set())
    said, kind = call.body["data"], str(call.body["type"])
    action = str(said["action_id"])
    kept = {"channel": "outbound_webhook", "id": action, "to": str(said.get("user") or ""),
            "subject": said.get("subject", kind), "body": said.get("body", ""),
            "tags": {"action_id": action, "decision_id": said["decision_id"]}}  # fmt: skip
    if kind.endswith(_RECALLED):
        known.discard(action)
        return Receipt(204, b"", [kept | {"what": "undone"}])
    if call.headers["webhook-id"] in known:
        return Receipt(204, b"")
    known.add(call.headers["webhook-id"])
    return Receipt(204, b"", [kept])


PROVIDER = Provider(answer)
