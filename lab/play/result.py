"""What a story has come to, as `mos play --json` prints it: sorted, the same bytes every time."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from lab.play.books import StorySystem
from lab.play.people import describe_account, describe_person
from lab.play.query import (
    list_accounts,
    list_decisions,
    list_deliveries,
    list_merged,
    list_people,
)
from mos.model.base import canonical
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.profile import Profile

Json = dict[str, Any]
_T = TypeVar("_T")
_OWN = {"deliveries": ("action", "account", "person", "undone"), "decisions": ("waits",)}
"""What a story may expect, and `--json` leaves out."""
_HUMAN = "human"
"""Actions of this group are done by a rep: the message goes to them."""


def describe(
    system: StorySystem,
    refused: list[Json],
    delivered_at: Mapping[str, datetime],
    waiting: set[str],
    now: datetime,
) -> Json:
    """Return everything that can be seen of a system at a moment."""
    people, accounts = list_people(system), list_accounts(system)
    sources = {s.signal_id: s.source for s in system.logged()}
    domains = {
        key: accounts.get(account.joined_to or key, account).domain
        for key, account in accounts.items()
    }
    names = name_people(people, list_merged(system))
    decisions = list_decisions(system)
    return {
        "people": _sort([describe_person(p, system, domains, sources, now) for p in people]),
        "accounts": _sort(
            [
                describe_account(account, people, system)
                for account in accounts.values()
                if account.domain and account.joined_to is None
            ]
        ),
        "decisions": [
            _describe_decision(d, domains, names) | {"waits": d.decision_id in waiting}
            for d in decisions
        ],
        "deliveries": _describe_deliveries(system, decisions, people, domains, delivered_at, names),
        "signals": len({s.signal_id for s in system.logged() if system.books.is_of_sender(s)}),
        "repeats": system.books.repeats,
        "refused": refused,
        "parked": _describe_parked(system),
        "dropped": dict(system.books.dropped),
    }


def publish(result: Mapping[str, Any]) -> str:
    """Return a result as its one JSON text."""
    whole = dict(result)
    for part, names in _OWN.items():
        whole[part] = [{k: v for k, v in one.items() if k not in names} for one in result[part]]
    return json.dumps(whole, indent=2, sort_keys=True)


def name_people(people: list[Profile], merged: Mapping[str, str]) -> dict[str, str]:
    """Return what to call everybody, by every id that leads to them."""
    return _with_merged({p.profile_id: name_person(p) for p in people}, merged)


def _with_merged(of: Mapping[str, _T], merged: Mapping[str, str]) -> dict[str, _T]:
    """Return what is known of people also by the ids that became theirs."""
    return {one: of[then] for one, then in merged.items() if then in of} | dict(of)


def name_person(profile: Profile) -> str:
    """Return what to call somebody: their mailbox, or else the first of their identifiers."""
    mailbox = profile.mailbox() or profile.value_of("email")
    return f"email:{mailbox}" if mailbox else min(i.key for i in profile.identifiers)


def _describe_decision(
    decision: Decision, domains: Mapping[str, str | None], names: Mapping[str, str]
) -> Json:
    person = decision.person_id
    return {
        "at": _format_moment(decision.decided_at),
        "account": domains.get(decision.account_id),
        "person": names.get(person, "(erased)") if person else None,
        "action": decision.action,
        "treatment": decision.treatment,
        "route": decision.route.to,
        "owner": decision.owner or decision.route.owner,
        "reason": decision.reason,
    }


def _describe_deliveries(
    system: StorySystem,
    decisions: list[Decision],
    people: list[Profile],
    domains: Mapping[str, str | None],
    delivered_at: Mapping[str, datetime],
    names: Mapping[str, str],
) -> list[Json]:
    made = {d.decision_id: d for d in decisions}
    mailboxes = _with_merged({p.profile_id: p.mailbox() for p in people}, list_merged(system))
    mailed = {mail["tags"]["action_id"]: mail["to"] for mail in system.wire.mails}

    def to(delivery: Delivery) -> str | None:
        decision = made.get(delivery.decision_id)
        if decision and system.bundle.actions[decision.action].group == _HUMAN:
            return decision.owner or decision.route.owner
        return mailed.get(delivery.action_id) or mailboxes.get(delivery.person_id or "")

    return _sort(
        [
            {
                "at": _format_moment(delivered_at.get(d.action_id, d.at)),
                "channel": d.channel,
                "to": to(d),
                "status": d.status.value,
                "reason": d.reason,
                "action": d.action,
                "account": domains.get(made[d.decision_id].account_id)
                if d.decision_id in made
                else None,
                "person": names.get(d.person_id or ""),
                "undone": d.undone is not None and d.undone.done,
            }
            for d in list_deliveries(system)
        ]
    )


def _describe_parked(system: StorySystem) -> list[Json]:
    found = []
    for body, reason in zip(system.parking.bodies, system.parking.reasons, strict=True):
        said = json.loads(body)
        source = said.get("source")
        if "body" in said:
            source = json.loads(said["body"])["signal"]["source"]
        detail = said.get("cause", "")
        found.append({"reason": reason or "", "source": source, "detail": detail})
    return _sort(found)


def _format_moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _sort(found: list[Json]) -> list[Json]:
    return sorted(found, key=lambda one: (str(one.get("at", "")), canonical(one)))
