"""Everybody else: readers, form fillers, free mailboxes, machines, repeats and late arrivals."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from lab.world import forms, segment
from lab.world.beat import Beat
from lab.world.people import EU, ZONES, Company, Person, companies, list_where_it_is_day, person

_PATHS = (
    "/", "/", "/blog/attribution", "/blog/revops", "/docs/api", "/integrations", "/analytics",
    "/customers", "/pricing", "/security", "/demo", "/plans",
)  # fmt: skip
_KNOWN = 0.3
_AGREE, _AGREE_IN_EU, _CALLS = 0.97, 0.9, 0.8
_BY_FORM = 0.45
_A_DAY = 20 * 3600
_SCANNER = "Mozilla/5.0 (compatible; Barracuda Sentinel)"


@dataclass
class Crowd:
    """The world outside the named stories, between `start` and `end`."""

    rng: Random
    start: datetime
    end: datetime
    browsing: list[segment.Message] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    known: list[Person] = field(default_factory=list)

    def live(self, accounts: int, signals: int) -> list[Beat]:
        """Return every request of the crowd: about `signals` signals from `accounts` companies."""
        where = list_where_it_is_day(self.end.hour)
        for company in companies(self.rng, accounts, where):
            self._visit(company)
        for _ in range(accounts // 16):
            self._meet(person(self.rng, None), None)
        self._odd_ones()
        sent = sum(beat.signals for beat in self.beats)
        visitors = [person(self.rng, None) for _ in range(max(1, accounts * 2))]
        while sent + len(self.browsing) < signals:
            self._read(self.rng.choice(visitors), self._moment())
        late = self._late()
        return [
            *self.beats,
            *segment.batches(self.browsing, "people read, most of them without a name"),
            segment.batch(late, self.end, "views that a phone sends two days late"),
        ]

    def _visit(self, company: Company) -> None:
        """Let one or two people of a company read; some of them say who they are."""
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            somebody = person(self.rng, company)
            at = self._moment()
            for i in range(self.rng.randrange(1, 7)):
                self._read(somebody, at + timedelta(minutes=3 * i))
            if self.rng.random() < _KNOWN:
                self._meet(somebody, company)

    def _meet(self, somebody: Person, company: Company | None) -> None:
        at = self._today()
        self.known.append(somebody)
        # Fewer agree where they must click for it.
        agrees = self.rng.random() < (_AGREE_IN_EU if somebody.country in EU else _AGREE)
        calls = self.rng.random() < _CALLS
        consent = {"Email Marketing": True, "Phone Sales": calls} if agrees else None
        way = self.rng.random()
        if consent and company and way < _BY_FORM:
            said = self._says(somebody, at - timedelta(minutes=1), consent)
            self.beats.append(segment.batch([said], at, "somebody agrees to hear from us"))
        if company and way < 0.15:
            self.beats.append(forms.google_lead(somebody, at, "somebody fills in a lead form"))
        elif company and way < 0.35:
            self.beats.append(self._lead(somebody, company, at))
        elif company and way < _BY_FORM:
            self.beats.append(forms.contact_changes(somebody, at))
        else:
            note = "somebody signs in"
            self.beats.append(segment.batch([self._says(somebody, at, consent)], at, note))
        if company and self.rng.random() < 0.2:
            self.beats.append(forms.company_changes(company, at))

    def _says(
        self, somebody: Person, at: datetime, consent: Mapping[str, bool] | None
    ) -> segment.Message:
        """Return what a browser says of somebody, and of where they are."""
        said = segment.identify(somebody, at, consent)
        said["context"]["timezone"] = ZONES.get(somebody.country)
        return said

    def _lead(self, somebody: Person, company: Company, at: datetime) -> Beat:
        data = {
            "email": somebody.email,
            "first_name": somebody.first_name,
            "last_name": somebody.last_name,
            "title": somebody.title,
            "country": somebody.country,
            "company": company.traits,
            "properties": {"form": "contact"},
        }
        return forms.message("lead.submitted", data, at, "somebody asks to be called")

    def _odd_ones(self) -> None:
        """Add what every real stream holds: machines, repeats, shared mailboxes, thin notices."""
        first, second = self.known[0], self.known[1]
        info = replace(second, email=f"info@{second.email.partition('@')[2]}")
        at = self.end - timedelta(hours=5)
        scan = {"useragent": _SCANNER, "url": "https://www.mos.example/pricing"}
        self.beats += [
            forms.mail_events(
                [(p, "delivered", {}) for p in self.known[:20]]
                + [(p, "open", {"sg_machine_open": True}) for p in self.known[:10]],
                at,
                "last month's newsletter arrives; half of its opens are Apple's",
            ),
            forms.mail_events([(first, "click", scan)], at, "a scanner clicks every link"),
            segment.batch([segment.identify(info, at)], at, "a shared mailbox names nobody"),
            forms.meeting(self.known[2], at, "somebody books a meeting"),
            forms.google_lead(second, at, "a test lead, never acted on", is_test=True),
            *(forms.meta_lead(at + timedelta(minutes=i), str(i)) for i in range(4)),
            *(forms.linkedin_lead(at + timedelta(minutes=i), str(i)) for i in range(4)),
        ]
        again = [beat for beat in self.beats if beat.source != "segment"][:6]
        self.beats += [
            replace(b, at=b.at + timedelta(seconds=40), note="the same again: a sender's retry")
            for b in again
        ]

    def _late(self) -> list[segment.Message]:
        somebody = self.known[0]
        at = self.end - timedelta(days=2)
        return [segment.page(somebody, at + timedelta(minutes=i), "/docs/api") for i in range(5)]

    def _read(self, somebody: Person, at: datetime) -> None:
        self.browsing.append(segment.page(somebody, at, self.rng.choice(_PATHS)))

    def _moment(self) -> datetime:
        span = (self.end - self.start).total_seconds() - 3600
        return self.start + timedelta(seconds=round(self.rng.random() * span))

    def _today(self) -> datetime:
        """Return a moment of the last day: what comes later than that only puts the past right."""
        return self.end - timedelta(seconds=round(1800 + self.rng.random() * _A_DAY))
