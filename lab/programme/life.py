"""What people do by themselves: read, say who they are, raise a hand, change their mind."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from lab.programme.market import PAGES, House, Member
from lab.world import forms, segment
from lab.world.beat import Beat

_LATE, _TWICE = 0.01, 0.03
_HAND = 0.12


@dataclass
class Life:
    """Draws a day of a house as requests. What comes of it is the system's business."""

    rng: Random
    agreed: set[str] = field(default_factory=set)

    def day(self, house: House, starts: datetime, day: float) -> list[Beat]:
        """Return what the people of a house send on the day that starts then."""
        beats: list[Beat] = []
        for member in house.members:
            if member.is_out:
                continue
            if self.rng.random() < 0.0004 and member.is_known:
                beats.append(self._withdraws(member, self._moment(starts)))
                continue
            for _ in range(self._visits(member, house, starts, day)):
                beats += self._visit(member, house, self._moment(starts), house.intent(day))
        return beats

    def disturbed(self, beats: list[Beat]) -> list[Beat]:
        """Return the requests as they arrive: some twice, some a day and a half late."""
        arriving = []
        for beat in beats:
            late = timedelta(hours=36) if self.rng.random() < _LATE else timedelta()
            arriving.append(_moved(beat, late))
            if self.rng.random() < _TWICE:
                arriving.append(_moved(beat, late + timedelta(seconds=40)))
        return arriving

    def _visits(self, member: Member, house: House, starts: datetime, day: float) -> int:
        rate = member.active * (0.04 + 1.1 * house.intent(day))
        if member.retargeted_until and member.retargeted_until > starts:
            rate += 0.08
        count, limit = 0, math.exp(-rate)
        point = self.rng.random()
        while point > limit:
            count, point = count + 1, point * self.rng.random()
        return min(count, 4)

    def _visit(self, member: Member, house: House, at: datetime, intent: float) -> list[Beat]:
        read = [
            segment.page(member.person, at + timedelta(minutes=3 * i), self._path(member, intent))
            for i in range(1 + int(self.rng.random() * (2 + 3 * intent)))
        ]
        sent = at + timedelta(minutes=3 * len(read))
        beats = [segment.batch(read, sent)]
        if not member.is_known and self.rng.random() < 0.08 + 0.5 * intent:
            member.is_known = True
            beats += self._says_who(member, sent + timedelta(minutes=1))
        elif member.is_known and intent > 0.4 and self.rng.random() < _HAND * intent:
            beats.append(self._raises_hand(member, house, sent + timedelta(minutes=2)))
        return beats

    def _path(self, member: Member, intent: float) -> str:
        if self.rng.random() < 0.25 + 0.6 * intent:
            return self.rng.choice(PAGES[member.role])
        return self.rng.choice(("/", "/blog/attribution", "/blog/revops", "/customers"))

    def _says_who(self, member: Member, at: datetime) -> list[Beat]:
        consent = {"Email Marketing": True, "Phone Sales": True} if member.agrees else None
        said = [segment.identify(member.person, at, consent)]
        if member.person.company:
            said.append(segment.group(member.person, at + timedelta(seconds=1)))
        return [segment.batch(said, at + timedelta(seconds=2))]

    def _raises_hand(self, member: Member, house: House, at: datetime) -> Beat:
        if self.rng.random() < 0.4:
            return forms.google_lead(member.person, at, "a lead form at Google")
        who = member.person
        data = {
            "email": who.email,
            "first_name": who.first_name,
            "last_name": who.last_name,
            "title": who.title,
            "country": who.country,
            "company": house.company.traits,
            "properties": {"form": "contact"},
        }
        return forms.message("lead.submitted", data, at, "somebody asks to be called")

    def _withdraws(self, member: Member, at: datetime) -> Beat:
        member.is_out = True
        said = segment.consent_change(member.person, at, {"Email Marketing": False})
        return segment.batch([said], at, "somebody changes their mind")

    def _moment(self, starts: datetime) -> datetime:
        """Return a moment of the day: most of them in working hours."""
        hour = min(23.5, max(0.0, self.rng.gauss(13, 3.5)))
        return starts + timedelta(seconds=round(hour * 3600))


def _moved(beat: Beat, span: timedelta) -> Beat:
    return Beat(beat.at + span, beat.source, beat.body, beat.signals, beat.note, beat.who)
