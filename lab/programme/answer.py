"""What comes of a delivery: mail events, replies, calls, meetings, deals. Drawn from the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Self

from lab.programme.market import House, Member, odds_of
from lab.programme.sales import Floor
from lab.world import forms
from lab.world.beat import Beat
from mos.events import ActionDecided

_SCANNER = "Mozilla/5.0 (compatible; Barracuda Sentinel)"
_SITE = "https://www.mos.example"
_LINKS = (f"{_SITE}/pricing", f"{_SITE}/customers", f"{_SITE}/unsubscribe")


@dataclass(frozen=True)
class Answered:
    """Whether a touch brought what its action is for, and with which true chance."""

    decision_id: str
    company: str
    action: str
    chance: float
    success: bool


@dataclass(frozen=True)
class Touch:
    """Somebody was reached, at a moment on a day of the programme. `tags` lead home."""

    house: House
    member: Member
    action: str
    channel: str
    owner: str
    tags: Mapping[str, str]
    at: datetime
    day: float

    @classmethod
    def of(
        cls,
        event: ActionDecided,
        action_id: str,
        whom: tuple[House, Member],
        at: datetime,
        day: float,
    ) -> Self:
        """Return the touch of a decision that was delivered to somebody."""
        return cls(
            house=whom[0],
            member=whom[1],
            action=event.action.name,
            channel=event.channel,
            owner=event.owner or "nobody",
            tags={"action_id": action_id, "decision_id": event.decision_id},
            at=at,
            day=day,
        )


@dataclass
class Answers:
    """Draws what follows a touch; `given` is the ground truth of each."""

    rng: Random
    floor: Floor
    given: list[Answered]

    def to(self, touch: Touch) -> list[Beat]:
        """Return the requests that follow, each at its moment."""
        member = touch.member
        chance = odds_of(member, touch.house, touch.action, touch.at, touch.day)
        success = self.rng.random() < chance and not member.is_out
        made, company = touch.tags["decision_id"], touch.house.company.domain
        self.given.append(Answered(made, company, touch.action, chance, success))
        member.touches.append(touch.at)
        if touch.channel == "email":
            return self._machines(touch) + self._reader(touch, success=success)
        if touch.channel == "hubspot_task":
            return self._task(touch, success=success)
        member.retargeted_until = touch.at + timedelta(days=14)
        return []

    def _machines(self, touch: Touch) -> list[Beat]:
        """Return what servers do with a mail before anybody reads it."""
        who, soon = touch.member.person, touch.at + timedelta(minutes=1)
        beats = [forms.mail_events([(who, "delivered", touch.tags)], soon, "a mail arrives")]
        if touch.house.scans_mail:
            seen = soon + timedelta(seconds=2)
            agent = {"useragent": _SCANNER} if self.rng.random() < 0.5 else {}
            clicks = [(who, "click", {**touch.tags, **agent, "url": link}) for link in _LINKS]
            beats.append(forms.mail_events(clicks, seen, "a scanner clicks every link"))
        elif not touch.member.blocks_pixels:
            seen = soon + timedelta(minutes=5)
            opened = [(who, "open", {**touch.tags, "sg_machine_open": True})]
            beats.append(forms.mail_events(opened, seen, "a proxy opens it"))
        return beats

    def _reader(self, touch: Touch, *, success: bool) -> list[Beat]:
        who = touch.member.person
        at = touch.at + timedelta(hours=self.rng.expovariate(1 / 5) + 0.05)
        tired = max(0, touch.member.tired(touch.at) - 2)
        if success:
            link = {**touch.tags, "url": _LINKS[0]}
            beats = [forms.mail_events([(who, "click", link)], at, "somebody clicks")]
            if self.rng.random() < 0.2:
                data = {"email": who.email, **touch.tags}
                later = at + timedelta(minutes=20)
                beats.append(forms.message("email.replied", data, later, "somebody answers"))
            return beats
        if self.rng.random() < 0.003 + 0.02 * tired:
            touch.member.is_out = True
            event = "spamreport" if self.rng.random() < 0.1 else "unsubscribe"
            return [forms.mail_events([(who, event, touch.tags)], at, "enough")]
        return []

    def _task(self, touch: Touch, *, success: bool) -> list[Beat]:
        house, who = touch.house, touch.member.person
        called = self.floor.rep(touch.owner).takes_at(touch.at, self.rng)
        data = {"email": who.email, "owner": touch.owner, **touch.tags}
        if not house.fits and self.rng.random() < 0.5:
            return [forms.message("task.rejected", data, called, "the rep sends it back")]
        beats = [forms.message("task.accepted", data, called, "the rep takes it")]
        if not success:
            return beats
        later = called + timedelta(minutes=15)
        beats.append(forms.meeting(who, later, "they meet"))
        if not house.has_deal and self.rng.random() < 0.15 + 0.6 * house.intent(touch.day):
            beats += self._deal(touch, later)
        return beats

    def _deal(self, touch: Touch, at: datetime) -> list[Beat]:
        house = touch.house
        house.has_deal = True
        lasts = self.rng.uniform(10, 35)
        signs = any(m.role == "economic_buyer" and m.is_known for m in house.members)
        hope = 0.1 + 0.4 * house.intent(touch.day + lasts / 2) + 0.2 * signs
        opened = at + timedelta(days=self.rng.uniform(1, 6))
        stage = "closedwon" if self.rng.random() < hope else "closedlost"
        return [
            _deal(touch, opened, "appointmentscheduled"),
            _deal(touch, opened + timedelta(days=lasts), stage),
        ]


def _deal(touch: Touch, at: datetime, stage: str) -> Beat:
    company = touch.house.company
    data = {
        "email": touch.member.person.email,
        "company": {"domain": company.domain, "name": company.name},
        "deal_id": f"deal-{company.domain}",
        "deal_stage": stage,
        "solution": "platform",
    }
    return forms.message("deal.updated", data, at, f"a deal is {stage}")
