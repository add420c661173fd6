"""Whether SES may send, whether SPF, DKIM and DMARC align, and whether its events come back. Pure.

All is asked of SES itself (GetAccount, GetEmailIdentity, GetConfigurationSetEventDestinations of
the SES API v2), which looks at DNS for us. It does not tell the DMARC record: that stays unknown.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from functions.action.preflight import Preflight, UnsaidError
from functions.action.setup import Part, PartFound, PartState
from mos.model.call import Call, CallReply, SignedAuthority

_ACCOUNT, _EVENTS, _IDENTITY = "account", "events", "identity "
_NEEDED = ("SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE")
_DNS = "whoever runs its DNS"


def make_preflight(provider: str) -> Preflight:
    """Return what to ask of SES, and how to read it."""

    def plan(place: Mapping[str, str]) -> Mapping[str, Call]:
        sender = place.get("mail_from", "")
        if not sender:
            raise UnsaidError("whoever deploys this stage must set mail_from in its settings first")
        authority = SignedAuthority(provider, place.get("region", "us-east-1"))
        paths = {_ACCOUNT: "account"}
        paths |= {
            f"{_IDENTITY}{one}": f"identities/{quote(one, safe='')}" for one in _names(sender)
        }
        if named := place.get("configuration_set"):
            path = f"configuration-sets/{quote(named, safe='')}/event-destinations"
            paths[_EVENTS] = path
        return {
            name: Call(provider, "GET", f"/v2/email/{path}", authority=authority)
            for name, path in paths.items()
        }

    return Preflight(plan, _read)


def _names(sender: str) -> list[str]:
    """Return by which identities SES may let a sender send: address, domain, and those above it.

    >>> _names("jo@mail.ours.example")
    ['jo@mail.ours.example', 'mail.ours.example', 'ours.example']
    """
    labels = sender.rpartition("@")[2].lower().split(".")
    return [sender, *(".".join(labels[at:]) for at in range(len(labels) - 1))]


def _read(place: Mapping[str, str], found: Mapping[str, CallReply]) -> tuple[PartFound, ...]:
    sender = place["mail_from"]
    domain = sender.rpartition("@")[2].lower()
    known = {
        name.removeprefix(_IDENTITY): _body(reply)
        for name, reply in found.items()
        if name.startswith(_IDENTITY)
    }
    # What is told of a domain counts: an address alone is signed by no key of ours.
    identity, said = next(((n, known[n]) for n in _names(sender)[1:] if n in known), ("", {}))
    own = known.get(sender, {})
    dkim, spf = _read_dkim(domain, identity, said), _read_spf(domain, said)
    return (
        *_read_account(_body(found[_ACCOUNT]) if _ACCOUNT in found else {}),
        _read_identity(sender, said, own),
        dkim,
        spf,
        _read_dmarc(domain, dkim, spf),
        _found(
            Part(
                "DMARC record", "Mailbox providers want one of whoever sends much.", is_needed=False
            ),
            PartState.UNKNOWN,
            f"SES does not tell: {_DNS} looks at the TXT record _dmarc.{domain}; with adkim=s or "
            "aspf=s in it, a domain above this one does not align",
        ),
        _read_events(place.get("configuration_set", ""), found.get(_EVENTS)),
    )


def _read_account(said: Mapping[str, Any]) -> tuple[PartFound, ...]:
    status, quota = str(said.get("EnforcementStatus", "")), said.get("SendQuota") or {}
    is_on = said.get("SendingEnabled") is True and status != "SHUTDOWN"
    most = float(quota.get("Max24HourSend", 0))
    limit = "any number" if most < 0 else f"{most:g}"
    state = {
        "PROBATION": "under review: who runs AWS answers the case that AWS has opened",
        "SHUTDOWN": "shut down: who runs AWS opens a case",
    }
    return (
        _check(
            Part("sending", "Whether SES lets the account send."),
            is_on,
            state.get(status) or "sending is off: who runs AWS mends why, and switches it on",
            state.get(status, ""),
        ),
        _check(
            Part("production access", "In the sandbox SES sends to verified mailboxes alone."),
            said.get("ProductionAccessEnabled") is True,
            "the account is in the sandbox: who runs AWS asks for production access in SES",
        ),
        _found(
            Part("quota", "What SES takes in a day and a second.", is_needed=False),
            PartState.THERE,
            f"{limit} a day, {float(quota.get('MaxSendRate', 0)):g} a second, "
            f"{float(quota.get('SentLast24Hours', 0)):g} sent of them",
        ),
    )


def _read_identity(sender: str, said: Mapping[str, Any], own: Mapping[str, Any]) -> PartFound:
    part = Part("identity", f"SES sends only from what is verified: {sender} or its domain.")
    if not said and not own:
        why = "SES knows neither the address nor its domain: who runs AWS makes the domain an "
        return _found(part, PartState.MISSING, f"{why}identity, {_DNS} adds the records")
    verified = any(one.get("VerifiedForSendingStatus") is True for one in (own, said))
    return _check(part, verified, f"not verified yet: {_DNS} adds the records that SES shows")


def _read_dkim(domain: str, identity: str, said: Mapping[str, Any]) -> PartFound:
    part = Part("DKIM", f"Signed by a domain that aligns with {domain}.")
    if not said:
        why = "no domain is an identity, and an address alone is signed by amazonses.com: who runs "
        return _found(
            part, PartState.MISSING, f"{why}AWS makes {domain} an identity with Easy DKIM"
        )
    attributes = said.get("DkimAttributes") or {}
    status = str(attributes.get("Status", "NOT_STARTED"))
    if attributes.get("SigningEnabled") is not True:
        why = f"signing is off for {identity}: who runs AWS switches it on"
        return _found(part, PartState.WRONG, why)
    tokens = ", ".join(f"{one}._domainkey.{identity}" for one in attributes.get("Tokens") or ())
    add = f"{status.lower()}: {_DNS} adds the CNAME records {tokens or 'that SES shows'}"
    return _check(part, status == "SUCCESS", add, f"signed by {identity}")


def _read_spf(domain: str, said: Mapping[str, Any]) -> PartFound:
    part = Part(
        "SPF", f"A MAIL FROM domain of ours, so that it aligns with {domain}.", is_needed=False
    )
    attributes = said.get("MailFromAttributes") or {}
    named, status = attributes.get("MailFromDomain"), attributes.get("MailFromDomainStatus")
    if not named:
        why = "mails come from amazonses.com: SPF passes and does not align; who runs AWS sets a "
        return _found(part, PartState.MISSING, f"{why}custom MAIL FROM domain below {domain}")
    add = f"{str(status).lower()}: {_DNS} adds the MX and the TXT record that SES shows for {named}"
    return _check(part, status == "SUCCESS", add, f"by {named}")


def _read_dmarc(domain: str, dkim: PartFound, spf: PartFound) -> PartFound:
    part = Part("DMARC alignment", f"One of DKIM and SPF aligns with {domain}.")
    aligned = [one.part.name for one in (dkim, spf) if one.state is PartState.THERE]
    return _check(
        part, bool(aligned), "neither aligns: mend DKIM first", f"by {', '.join(aligned)}"
    )


def _read_events(name: str, reply: CallReply | None) -> PartFound:
    part = Part("events", "Bounces and complaints come back by the configuration set.")
    if not name:
        why = "this stage names no configuration set: whoever deploys it sets mail_from, or "
        return _found(part, PartState.MISSING, f"{why}mail_configuration_set, and deploys again")
    if reply is None:
        why = f"SES has no configuration set {name}: whoever runs this stage deploys it again"
        return _found(part, PartState.MISSING, why)
    told = set[str]()
    for one in _body(reply).get("EventDestinations") or ():
        if one.get("Enabled") is True and one.get("EventBridgeDestination"):
            told |= {str(kind) for kind in one.get("MatchingEventTypes") or ()}
    lacking = [kind for kind in _NEEDED if kind not in told]
    why = f"{name} sends {', '.join(lacking)} to no event bus: who runs AWS adds an EventBridge "
    return _check(part, not lacking, f"{why}destination on the default bus", f"by {name}")


def _check(part: Part, holds: bool, otherwise: str, says: str = "") -> PartFound:  # noqa: FBT001  a predicate's own answer
    return (
        _found(part, PartState.THERE, says) if holds else _found(part, PartState.WRONG, otherwise)
    )


def _found(part: Part, state: PartState, says: str) -> PartFound:
    return PartFound(part, state, says)


def _body(reply: CallReply) -> Mapping[str, Any]:
    said = reply.read_json("ses")
    return said if isinstance(said, dict) else {}
